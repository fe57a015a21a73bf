import type { ReactNode } from 'react'
import { Amount } from '../../ui/amount.tsx'
import { OutsideLink } from '../../ui/outside-link.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import type { WalletFacts } from '../money.ts'
import { Steps } from '../steps.tsx'
import { useWalletFailure } from '../use-wallet-failure.ts'
import type { Order } from '../wallet-desk.ts'
import { WALLET_WORDS } from '../words/words.ts'

type Props = { readonly facts: WalletFacts; readonly order: Order }

/** How many of the steps are behind a payout in each of its states. */
const DONE: Readonly<Record<string, number>> = { queued: 1, planned: 2, paid: 3 }

/** A payout that was ordered here, from the order to the chain, as the coordinator knows it. */
export function PayoutProgress({ facts, order }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const failure = useWalletFailure()
  const payout = order.state === 'done' ? facts.movements.find(({ id }) => id === order.payoutId) : undefined
  const state = payout && payout.state in STATES ? (payout.state as keyof typeof STATES) : 'queued'
  const explorer = facts.deposit?.explorer
  const steps = [words['payout-queued'], words['payout-planned'], words['payout-paid']]
  return (
    <>
      {order.state === 'done' && state !== 'failed' && (
        <Steps label={words.steps} steps={steps} done={DONE[state] ?? 1} />
      )}
      <p
        role={order.state === 'failed' ? 'alert' : 'status'}
        data-testid="take-out-outcome"
        className={order.state === 'failed' ? 'bad' : undefined}
      >
        {order.state === 'failed' && failure(order.reason)}
        {order.state === 'done' && (
          <Sentence text={words[STATES[state]]} amount={payout ? <Amount of={payout.amount} /> : null} />
        )}
      </p>
      {explorer && payout?.transactionId && (
        <OutsideLink href={`${explorer}/tx/${payout.transactionId}`} className="link">
          {words['on-chain']}
        </OutsideLink>
      )}
    </>
  )
}

const STATES = {
  queued: 'payout-now-queued',
  planned: 'payout-now-planned',
  paid: 'payout-now-paid',
  failed: 'payout-now-failed',
} as const
