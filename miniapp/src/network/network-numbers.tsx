import type { ReactNode } from 'react'
import { BigAmount } from '../ui/big-amount.tsx'
import { RollingNumber } from '../ui/rolling-number.tsx'
import { useWords } from '../words/define-words.ts'
import { fillText, pluralOf } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { jobRate } from './job-rate.ts'
import type { Network } from './network.ts'
import { formatCount } from './price-words.ts'
import { NETWORK_WORDS } from './words/words.ts'

/** What owners earned since midnight: the number that the page is about. */
export function OwnersToday({ network }: { readonly network: Network }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const { ownersToday, jobsToday } = network
  const jobs = pluralOf(language, words['owners-jobs'], jobsToday)
  return (
    <section className="card network-owners" data-testid="owners-today">
      <h2 className="hint">{words['owners-today']}</h2>
      <BigAmount kind="earned" of={ownersToday} />
      <p className="hint">{fillText(jobs, { count: formatCount(language, jobsToday) })}</p>
    </section>
  )
}

/** How much is going on. */
export function NetworkFacts({ network }: { readonly network: Network }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const { runners, running, slots, freeSlots, waiting, jobsLastMinute } = network
  const rate = jobRate(jobsLastMinute)
  return (
    <section className="card">
      <h2 className="unseen">{words.now}</h2>
      <dl className="network-facts">
        <Fact name={words.runners} testId="runners-total">
          <RollingNumber value={runners} />
        </Fact>
        <Fact name={words.running}>
          <RollingNumber value={running} />
        </Fact>
        <Fact name={words.places}>
          <RollingNumber value={freeSlots} />{' '}
          <small>{fillText(words['places-of'], { slots: formatCount(language, slots) })}</small>
        </Fact>
        <Fact name={words[`jobs-${rate.per}`]}>
          <RollingNumber value={rate.value} />
        </Fact>
      </dl>
      {waiting > 0 && (
        <p className="hint network-queue">
          {fillText(pluralOf(language, words.waiting, waiting), { count: formatCount(language, waiting) })}
        </p>
      )}
    </section>
  )
}

export function Fact({
  name,
  testId,
  children,
}: {
  readonly name: string
  readonly testId?: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div>
      <dt className="hint">{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  )
}
