import { type ReactNode, useEffect } from 'react'
import { Amount } from '../../ui/amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { Address, BoundWalletCard } from '../bound-wallet-card.tsx'
import { momentWords } from '../history/day-words.ts'
import type { WalletFacts } from '../money.ts'
import type { DeskState, WalletDesk } from '../wallet-desk.ts'
import { WALLET_WORDS } from '../words/words.ts'
import { PayoutProgress } from './payout-progress.tsx'
import { WithdrawForm } from './withdraw-form.tsx'

type Props = { readonly facts: WalletFacts; readonly state: DeskState; readonly desk: WalletDesk }

/** Coins back to the person's wallet: why not, or how much; the fee is said before the tap. */
export function WithdrawCard({ facts, state, desk }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const { money, terms, wallet } = facts
  const isLess = money.withdrawable < money.available
  useEffect(() => desk.clear, [desk])
  if (!wallet) return <BoundWalletCard wallet={wallet} binding={state.binding} desk={desk} isMain />
  return (
    <article className="card" aria-labelledby="withdraw">
      <h2 id="withdraw" className="detail-title">
        {words.withdraw}
      </h2>
      <p className="hint">
        <Sentence text={words['your-wallet-bound']} address={<Address of={wallet.address} />} />
      </p>
      <Hindrance facts={facts} />
      {!hindranceOf(facts) && <WithdrawForm facts={facts} order={state.order} desk={desk} />}
      <PayoutProgress facts={facts} order={state.order} />
      {isLess && (
        <p className="hint" data-testid="withdraw-less">
          <Sentence
            text={words['withdraw-less']}
            available={<Amount of={money.available} />}
            amount={<Amount of={money.withdrawable} />}
          />
        </p>
      )}
      <p className="hint">
        <Sentence text={words['withdraw-free']} amount={<Amount of={terms.automaticFrom} />} />
      </p>
    </article>
  )
}

type Hindrance = 'frozen' | 'changing' | 'nothing'

function hindranceOf({ frozen, wallet, money, terms }: WalletFacts): Hindrance | undefined {
  if (frozen) return 'frozen'
  if (wallet?.next) return 'changing'
  const least = terms.minimum + terms.fee
  return money.payable < least && money.withdrawable < least ? 'nothing' : undefined
}

/** Why nothing can be withdrawn now. */
function Hindrance({ facts }: { readonly facts: WalletFacts }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(WALLET_WORDS)
  const hindrance = hindranceOf(facts)
  if (!hindrance) return null
  const fromMs = facts.wallet?.next?.fromMs ?? 0
  return (
    <p role={hindrance === 'frozen' ? 'alert' : undefined} data-testid="withdraw-hindrance">
      <Sentence
        text={words[`withdraw-${hindrance}`]}
        date={<bdi>{momentWords(language, fromMs, Date.now())}</bdi>}
      />
    </p>
  )
}
