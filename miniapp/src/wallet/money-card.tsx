import type { ReactNode } from 'react'
import { formatTon } from '../../../protocol/src/money.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { Amount } from '../ui/amount.tsx'
import { TapAmount } from '../ui/tap-amount.tsx'
import { useWords } from '../words/define-words.ts'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { nanoWords } from './history/amount-words.ts'
import { momentWords } from './history/day-words.ts'
import type { WalletFacts } from './money.ts'
import { WALLET_WORDS } from './words/words.ts'

/** What is there, what is on its way, and the two ways: in and out. */
export function MoneyCard({ facts }: { readonly facts: WalletFacts }): ReactNode {
  const words = useWords(WALLET_WORDS)
  const { money, wallet, terms } = facts
  const earns = money.payable > 0n || money.accruing > 0n
  return (
    <article className="card">
      <h2 className="hint">{words.available}</h2>
      <p className="number">
        <TapAmount short={formatTon(money.available)} exact={nanoWords(money.available)} testId="available" />
      </p>
      {money.held > 0n && (
        <p className="hint">
          <Sentence text={words.held} amount={<Amount of={money.held} />} />
        </p>
      )}
      {money.accruing > 0n && <Accruing facts={facts} />}
      {earns && (
        <p data-testid="payable">
          <Sentence
            text={words.payable}
            amount={
              <span className={money.payable > 0n ? 'silk' : undefined}>
                <Amount of={money.payable} />
              </span>
            }
          />
        </p>
      )}
      {earns && (
        <p className="hint">
          <Sentence
            text={wallet ? words['payable-auto'] : words['payable-auto-no-wallet']}
            amount={<Amount of={terms.automaticFrom} />}
          />
        </p>
      )}
      <div className="two-buttons">
        <PlaceLink to="/wallet/top-up" className="button as-link" testId="open-top-up">
          {words['top-up']}
        </PlaceLink>
        <PlaceLink to="/wallet/withdraw" className="button quiet as-link" testId="open-withdraw">
          {words.withdraw}
        </PlaceLink>
      </div>
    </article>
  )
}

/** Earnings that are not old enough, and by when all of them are. */
function Accruing({ facts: { money, accruedByMs } }: { readonly facts: WalletFacts }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(WALLET_WORDS)
  return (
    <p className="hint" data-testid="accruing">
      <Sentence
        text={accruedByMs === undefined ? words.accruing : words['accruing-by']}
        amount={<Amount of={money.accruing} />}
        time={<bdi>{accruedByMs !== undefined && momentWords(language, accruedByMs, Date.now())}</bdi>}
      />
    </p>
  )
}
