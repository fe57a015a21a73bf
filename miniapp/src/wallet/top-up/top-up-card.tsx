import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { formatTon } from '../../../../protocol/src/money.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Amount } from '../../ui/amount.tsx'
import { readTonAmount, writeTonAmount } from '../../ui/ton-amount.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { AmountField } from '../amount-field.tsx'
import type { DepositWay, WalletFacts } from '../money.ts'
import type { TopUp, WalletDesk } from '../wallet-desk.ts'
import { WALLET_WORDS, type WalletWords } from '../words/words.ts'
import { ByHand } from './by-hand.tsx'
import { StarsCard } from './stars-card.tsx'
import { TopUpProgress } from './top-up-progress.tsx'

type Props = { readonly facts: WalletFacts; readonly topUp: TopUp; readonly desk: WalletDesk }

/** Coins from the person's wallet to the chat balance, or credit for Stars. */
export function TopUpCard({ facts, topUp, desk }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const { deposit } = facts
  const telegram = useTelegram()
  useEffect(() => {
    if (topUp.state === 'credited') telegram.haptic('success')
  }, [telegram, topUp.state])
  useEffect(() => desk.clear, [desk])
  return (
    <>
      <article className="card" aria-labelledby="top-up">
        <h2 id="top-up" className="detail-title">
          {words['top-up']}
        </h2>
        {deposit ? (
          <>
            {(topUp.state === 'idle' || topUp.state === 'failed') && (
              <TopUpForm deposit={deposit} topUp={topUp} desk={desk} />
            )}
            <TopUpProgress topUp={topUp} desk={desk} />
            {topUp.state !== 'running' && <ByHand deposit={deposit} />}
          </>
        ) : (
          <p className="hint">{words['top-up-none']}</p>
        )}
      </article>
      <StarsCard />
    </>
  )
}

const USUAL = ['1', '5', '20']

type FormProps = { readonly deposit: DepositWay; readonly topUp: TopUp; readonly desk: WalletDesk }

function TopUpForm({ deposit, topUp, desk }: FormProps): ReactNode {
  const words = useWords(WALLET_WORDS)
  const telegram = useTelegram()
  // What did not work is still there to be tried again.
  const [typed, setTyped] = useState(topUp.state === 'failed' ? writeTonAmount(topUp.amount) : '1')
  const [fault, setFault] = useState<string>()
  const change = (value: string) => {
    setTyped(value)
    setFault(undefined)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readAmount(words, typed, deposit)
    if (!read.ok) return setFault(read.fault)
    telegram.haptic('tap')
    void desk.topUp(read.amount)
  }
  return (
    <form className="order" onSubmit={submit}>
      <AmountField
        value={typed}
        onChange={change}
        testId="top-up-amount"
        fault={fault}
        hint={<Sentence text={words['top-up-terms']} minimum={<Amount of={deposit.minimum} />} />}
      >
        {USUAL.map((amount) => (
          <button key={amount} type="button" className="chip" onClick={() => change(amount)}>
            {amount}
          </button>
        ))}
      </AmountField>
      <button type="submit" className="button" data-testid="top-up">
        {words['top-up']}
      </button>
      <p className="hint">{words['top-up-after']}</p>
    </form>
  )
}

function readAmount(words: WalletWords, typed: string, { minimum }: DepositWay) {
  const read = readTonAmount(typed)
  if (!read.ok) return { ok: false, fault: words[`amount-${read.reason}`] } as const
  if (read.amount >= minimum) return read
  const fault = fillText(words['amount-too-small'], { amount: formatTon(minimum) })
  return { ok: false, fault } as const
}
