import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { formatTon, type Nano, nano } from '../../../protocol/src/money.ts'
import { Amount } from '../ui/amount.tsx'
import { fillText } from '../words/words.ts'
import { Sentence } from '../words/words-context.tsx'
import type { WalletFacts } from './money.ts'
import { readTonAmount, writeTonAmount } from './ton-amount.ts'
import { useWalletWords } from './use-wallet-words.ts'
import type { Outcome, WalletActions } from './wallet-actions.ts'

type Props = { readonly facts: WalletFacts; readonly actions: WalletActions }
type Source = 'earnings' | 'balance'

/** Coins back to the person's wallet. The fee is shown before the tap. */
export function TakeOutCard({ facts, actions }: Props): ReactNode {
  const { words } = useWalletWords()
  const { money, terms, wallet, frozen } = facts
  const [chosen, setChosen] = useState<Source>()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>()
  const field = useId()
  // Until somebody chooses, from where there is more.
  const source = chosen ?? (money.payable > money.withdrawable ? 'earnings' : 'balance')
  const there: Record<Source, Nano> = { earnings: money.payable, balance: money.withdrawable }
  const most = there[source] > terms.fee ? nano(there[source] - terms.fee) : nano(0n)
  const read = readTonAmount(typed)
  const fault = faultOf()

  function faultOf(): string | undefined {
    if (typed === '') return undefined
    if (!read.ok) return words[`amount-${read.reason}`]
    if (read.amount < terms.minimum)
      return fillText(words['take-out-min'], { amount: formatTon(terms.minimum) })
    return read.amount > most ? words['amount-too-large'] : undefined
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!read.ok || fault) return
    setBusy(true)
    setOutcome(undefined)
    const done = await actions.takeOut({ source, amount: read.amount })
    setOutcome(done)
    if (done.ok) setTyped('')
    setBusy(false)
  }
  const isNothing = money.payable < terms.minimum && money.withdrawable < terms.minimum
  return (
    <article className="card">
      <h3>{words['take-out']}</h3>
      {frozen && <p role="alert">{words['take-out-frozen']}</p>}
      {!wallet && <p className="hint">{words['your-wallet-none']}</p>}
      {wallet && isNothing && <p className="hint">{words['take-out-nothing']}</p>}
      {wallet && !isNothing && !frozen && (
        <form className="order" onSubmit={(event) => void submit(event)}>
          <fieldset className="choice">
            <legend>{words['take-out-from']}</legend>
            {(['earnings', 'balance'] as const).map((one) => (
              <label key={one}>
                <input type="radio" name="source" checked={source === one} onChange={() => setChosen(one)} />
                <span>
                  {words[`take-out-${one}`]} <Amount of={there[one]} />
                </span>
              </label>
            ))}
          </fieldset>
          <label htmlFor={field}>{words['top-up-how']}</label>
          <div className="order-row">
            <input
              id={field}
              dir="ltr"
              inputMode="decimal"
              autoComplete="off"
              value={typed}
              data-testid="take-out-amount"
              aria-invalid={fault !== undefined}
              aria-describedby={`${field}-fault`}
              onChange={(event) => setTyped(event.target.value)}
            />
            <button type="button" className="chip" onClick={() => setTyped(writeTonAmount(most))}>
              <Sentence text={words['take-out-max']} amount={<Amount of={most} />} />
            </button>
          </div>
          <p className={fault ? 'bad' : 'hint'} id={`${field}-fault`} role="status">
            {fault ??
              (read.ok && (
                <Sentence
                  text={words['take-out-fee']}
                  amount={<Amount of={read.amount} />}
                  fee={<Amount of={terms.fee} />}
                />
              ))}
          </p>
          <button
            type="submit"
            className="button"
            data-testid="take-out"
            disabled={busy || !read.ok || !!fault}
          >
            {words['take-out']}
          </button>
        </form>
      )}
      <p role="status" data-testid="take-out-outcome" className={outcome && !outcome.ok ? 'bad' : undefined}>
        {outcome && (outcome.ok ? words['take-out-ordered'] : outcome.sentence)}
      </p>
    </article>
  )
}
