import type { ReactNode } from 'react'
import { Amount } from '../ui/amount.tsx'
import { Sentence } from '../words/words-context.tsx'
import type { WalletFacts } from './money.ts'
import { useWalletWords } from './use-wallet-words.ts'

/** What is there for chats, and what was earned: apart, for they are not the same coins. */
export function MoneyCards({ facts }: { readonly facts: WalletFacts }): ReactNode {
  const { words } = useWalletWords()
  const { money, wallet, terms } = facts
  const earnsNothing = money.payable === 0n && money.accruing === 0n
  return (
    <div className="totals">
      <article className="card">
        <h4>{words.balance}</h4>
        <p className="number" data-testid="available">
          <Amount of={money.available} />
        </p>
        <p className="hint">
          <Sentence text={words['balance-out']} amount={<Amount of={money.withdrawable} />} />
        </p>
        {money.held > 0n && (
          <p className="hint">
            <Sentence text={words['balance-held']} amount={<Amount of={money.held} />} />
          </p>
        )}
      </article>
      <article className="card">
        <h4>{words.earnings}</h4>
        <p className={money.payable > 0n ? 'number silk' : 'number'} data-testid="payable">
          <Amount of={money.payable} />
        </p>
        {money.accruing > 0n && (
          <p className="hint" data-testid="accruing">
            <Sentence text={words['earnings-accruing']} amount={<Amount of={money.accruing} />} />
          </p>
        )}
        <p className="hint">
          {earnsNothing ? (
            words['earnings-none']
          ) : (
            <Sentence
              text={wallet ? words['earnings-auto'] : words['earnings-auto-no-wallet']}
              amount={<Amount of={terms.automaticFrom} />}
            />
          )}
        </p>
      </article>
    </div>
  )
}
