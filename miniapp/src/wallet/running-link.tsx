import type { ReactNode } from 'react'
import { PlaceLink } from '../shell/place-link.tsx'
import { Amount } from '../ui/amount.tsx'
import { Chevron } from '../ui/chevron.tsx'
import { useWords } from '../words/define-words.ts'
import { Sentence } from '../words/words-context.tsx'
import { useWalletFailure } from './use-wallet-failure.ts'
import type { TopUp } from './wallet-desk.ts'
import { WALLET_WORDS } from './words/words.ts'

type Props = { readonly topUp: Exclude<TopUp, { state: 'idle' }> }

/** A top-up that goes on, or ended, while its card is closed, and the way back to it. */
export function RunningLink({ topUp }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  return (
    <PlaceLink to="/wallet/top-up" className="card way" testId="running-top-up">
      <span>
        <b>{words['top-up']}</b>
        <span className="hint" role="status">
          <TopUpWords topUp={topUp} />
        </span>
        {topUp.state === 'running' && <i className="thread" aria-hidden="true" />}
      </span>
      <Chevron />
    </PlaceLink>
  )
}

/** How a top-up stands, in one sentence. */
export function TopUpWords({ topUp }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const failure = useWalletFailure()
  switch (topUp.state) {
    case 'running':
      return words[`now-${topUp.step}`]
    case 'credited':
      return <Sentence text={words.credited} amount={<Amount of={topUp.amount} />} />
    case 'late':
      return words.late
    case 'failed':
      return failure(topUp.reason)
    default:
      return topUp satisfies never
  }
}
