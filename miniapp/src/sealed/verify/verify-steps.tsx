import { type ReactNode, useId } from 'react'
import type { ReceiptStep } from '../../../../protocol/src/receipts/receipt-steps.ts'
import { isReceiptRefused } from '../../../../protocol/src/receipts/verify-receipt.ts'
import { useLive } from '../../data/use-live.ts'
import type { Session } from '../../session/session.ts'
import { OutsideLink } from '../../ui/outside-link.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { momentWords } from '../page/moment-words.ts'
import '../page/seal-page.css'
import { StepMark } from '../page/step-mark.tsx'
import { type CheckedReceipt, checkReceiptHere, type ReceiptHere } from './check-receipt-here.ts'
import { stepWord, titleWord } from './verify-words.ts'
import { VERIFY_WORDS } from './words/words.ts'

type Props = { readonly session: Session; readonly here: ReceiptHere }

/** Checks a receipt on this device, and shows every step of it. */
export function VerifySteps({ session, here }: Props): ReactNode {
  const words = useWords(VERIFY_WORDS)
  const id = useId()
  const { live } = useLive({
    key: ['seal', 'verify', here.jobId, id],
    ask: async () => ({ ok: true, value: await checkReceiptHere(session, here) }),
    freshMs: Number.POSITIVE_INFINITY,
  })
  if (!('value' in live)) {
    return (
      <p className="hint" role="status">
        {words.checking}
      </p>
    )
  }
  const { value } = live
  return (
    <div className="verified" data-testid="verified" data-refused={isReceiptRefused(value)}>
      <p role="status">
        <b>{words[isReceiptRefused(value) ? 'wrong' : 'fine']}</b>
      </p>
      <ol className="seal-steps">
        {value.steps.map((step) => (
          <VerifyStep key={step.step} step={step} checked={value} />
        ))}
      </ol>
    </div>
  )
}

function VerifyStep({
  step,
  checked,
}: {
  readonly step: ReceiptStep
  readonly checked: CheckedReceipt
}): ReactNode {
  const words = useWords(VERIFY_WORDS)
  const { language } = useSpeech()
  const { verdict, reason } = step
  const time = checked.readyAtMs === undefined ? '' : momentWords(language, checked.readyAtMs)
  const sentence = fillText(words[stepWord(step)], { time })
  const isOpen = verdict === 'pending' || verdict === 'unknown'
  const { chainLink } = checked
  return (
    <li data-testid="verify-step" data-step={step.step} data-verdict={verdict}>
      <StepMark verdict={verdict} />
      <div>
        <p>{isOpen ? words[titleWord(step.step)] : sentence}</p>
        {isOpen && <p className="hint">{sentence}</p>}
        {reason !== undefined && verdict === 'refused' && (
          <p className="hint">
            <Sentence
              text={words['code-of']}
              code={
                <bdi dir="ltr">
                  <code>{reason}</code>
                </bdi>
              }
            />
          </p>
        )}
        {step.step === 'chain' && chainLink !== undefined && (
          <OutsideLink href={chainLink}>{words['on-chain']}</OutsideLink>
        )}
      </div>
    </li>
  )
}
