import type { ReactNode } from 'react'
import { type Nano, parseNano } from '../../../../protocol/src/money.ts'
import { type Live, useLive } from '../../data/use-live.ts'
import { formatCount } from '../../network/price-words.ts'
import { SimulatedNote } from '../../sealed/simulated-note.tsx'
import { Amount } from '../../ui/amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import { useTierWords } from '../choice/tier-words.tsx'
import type { Answer, AnswerJob } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { CopyFact, Fact } from './fact.tsx'
import { askJob, firstWordsMs, type JobRecord } from './read-job.ts'
import { SealedParts } from './sealed-parts.tsx'
import { Verify } from './verify.tsx'

type Props = { readonly job: AnswerJob; readonly answer: Answer }

/** One receipt: what this device knows at once, and what the coordinator has on record. */
export function JobReceipt({ job, answer }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  const { session } = useChat()
  const tierWords = useTierWords()
  const id = job.id ?? ''
  const { live } = useLive({ key: ['chat', 'job', id], ask: () => askJob(session, id), isEnabled: id !== '' })
  const record = 'value' in live ? live.value : undefined
  const tier = record?.tier ?? answer.tier
  const cost = parseNano(record?.charge_nano ?? job.costNano)
  const tokens = (count: number | undefined) =>
    count !== undefined &&
    fillText(pluralOf(language, words.tokens, count), { count: formatCount(language, count) })
  const isSimulated = job.sealed?.some((part) => part.isSimulated) ?? false
  return (
    <>
      {isSimulated && <SimulatedNote />}
      <dl className="receipt-facts">
        {cost !== undefined && (
          <Fact name={words['receipt-cost']}>
            <Cost of={cost} />
          </Fact>
        )}
        <Fact name={words['receipt-model']}>
          <bdi>{record?.model ?? answer.model}</bdi>
        </Fact>
        <Fact name={words['receipt-tier']} look="sentence">
          {tierWords(tier, answer.isSealed ?? false).reads}
        </Fact>
        <Fact name={words['receipt-read']}>{tokens(record?.prompt_tokens ?? job.promptTokens)}</Fact>
        <Fact name={words['receipt-written']}>
          {tokens(record?.completion_tokens ?? job.completionTokens)}
        </Fact>
        {id !== '' && <CopyFact name={words['receipt-job']} text={id} />}
        <OnRecord live={live} isSealed={job.sealed !== undefined} />
      </dl>
      <SealedParts job={job} />
      <Verify job={job} record={record} />
    </>
  )
}

/** What only the coordinator knows: how fast it was, who answered, and what that GPU signed. */
function OnRecord({
  live,
  isSealed,
}: {
  readonly live: Live<JobRecord>
  /** This device knows by itself who answered. */
  readonly isSealed: boolean
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  if (live.state === 'failed') {
    return (
      <Fact name={words['receipt-away']} look="sentence">
        {null}
      </Fact>
    )
  }
  if (live.state === 'loading') return null
  const waitedMs = firstWordsMs(live.value)
  const seconds = new Intl.NumberFormat(`${language}-u-nu-latn`, { maximumSignificantDigits: 2 })
  return (
    <>
      {waitedMs !== undefined && (
        <Fact name={words['receipt-first']}>
          {fillText(words['receipt-seconds'], { seconds: seconds.format(waitedMs / 1000) })}
        </Fact>
      )}
      {!isSealed &&
        live.value.receipts.map(({ runnerId, attempt, signature }) => (
          <RunnerFacts key={attempt} runnerId={runnerId} signature={signature} />
        ))}
    </>
  )
}

function RunnerFacts({
  runnerId,
  signature,
}: {
  readonly runnerId: string
  readonly signature: string
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  return (
    <>
      <CopyFact name={words['receipt-runner']} text={runnerId} />
      <CopyFact name={words['receipt-signature']} text={signature} />
    </>
  )
}

/** The amount as people read it, and to the last nano. */
function Cost({ of }: { readonly of: Nano }): ReactNode {
  return (
    <>
      <Amount of={of} />
      <bdi dir="ltr" className="hint">
        {formatCount('en', of)} nano
      </bdi>
    </>
  )
}
