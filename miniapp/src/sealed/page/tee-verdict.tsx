import type { ReactNode } from 'react'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import type { SealReport } from '../check-place.ts'
import { SimulatedNote } from '../simulated-note.tsx'
import { momentWords } from './moment-words.ts'
import { isOver, reasonWord } from './reason-words.ts'
import { SEAL_PAGE_WORDS } from './words/words.ts'

/** What the check came to, in one sentence, and until when it holds. A simulation says so above everything else. */
export function TeeVerdict({ report }: { readonly report: Extract<SealReport, { kind: 'tee' }> }): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  const { language } = useSpeech()
  const { document, before } = report
  const { verdict, reason, isSimulated, untilMs, verifiedAtMs } = document
  const when = (ms: number) => momentWords(language, ms)
  const isFine = verdict === 'accepted'
  const isPast = !isFine && isOver(reason)
  const past = isPast && before?.verifiedAtMs ? before.verifiedAtMs : undefined
  return (
    <>
      {isSimulated && <SimulatedNote />}
      <article
        className="card seal-verdict"
        data-testid="seal-verdict"
        data-simulated={isSimulated}
        data-verdict={isPast ? 'over' : verdict}
      >
        <p className="verdict-head">
          <TierGlyph tier="confidential" />
          <b>{words[isFine ? (isSimulated ? 'passed-simulated' : 'passed') : isPast ? 'over' : 'refused']}</b>
        </p>
        {past !== undefined && <p>{fillText(words['over-passed'], { time: when(past) })}</p>}
        {reason && !isPast && (
          <p>
            {words[reasonWord(reason)]}{' '}
            <span className="hint">
              <Sentence
                text={words['code-of']}
                code={
                  <bdi dir="ltr">
                    <code>{reason}</code>
                  </bdi>
                }
              />
            </span>
          </p>
        )}
        {untilMs !== null && <p>{fillText(words.until, { time: when(untilMs) })}</p>}
        {verifiedAtMs !== null && (
          <p className="hint">{fillText(words['checked-at'], { time: when(verifiedAtMs) })}</p>
        )}
      </article>
    </>
  )
}
