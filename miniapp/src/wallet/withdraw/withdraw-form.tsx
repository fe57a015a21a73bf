import { type FormEvent, type ReactNode, useState } from 'react'
import { formatTon, type Nano, nano } from '../../../../protocol/src/money.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Amount } from '../../ui/amount.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { readTonAmount, writeTonAmount } from '../../ui/ton-amount.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { AmountField } from '../amount-field.tsx'
import type { Source, WalletFacts } from '../money.ts'
import type { Order, WalletDesk } from '../wallet-desk.ts'
import { WALLET_WORDS } from '../words/words.ts'

type Props = { readonly facts: WalletFacts; readonly order: Order; readonly desk: WalletDesk }

/** How much, and from where. */
export function WithdrawForm({ facts: { money, terms }, order, desk }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const telegram = useTelegram()
  const [chosen, setChosen] = useState<Source>()
  const [typed, setTyped] = useState('')
  const there: Record<Source, Nano> = { earnings: money.payable, balance: money.withdrawable }
  // Until somebody chooses, from where there is more.
  const source = chosen ?? (there.earnings > there.balance ? 'earnings' : 'balance')
  const most = there[source] > terms.fee ? nano(there[source] - terms.fee) : nano(0n)
  const read = readTonAmount(typed)
  const fault = faultOf()

  function faultOf(): string | undefined {
    if (typed === '') return undefined
    if (!read.ok) return words[`amount-${read.reason}`]
    if (read.amount > most) return words['amount-too-large']
    if (read.amount >= terms.minimum) return undefined
    return fillText(words['withdraw-min'], { amount: formatTon(terms.minimum) })
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!read.ok || fault) return
    telegram.haptic('tap')
    await desk.takeOut({ source, amount: read.amount })
    if (desk.state().order.state === 'done') setTyped('')
  }
  const costs = read.ok && {
    amount: <Amount of={read.amount} />,
    fee: <Amount of={terms.fee} />,
    // To the last nano: a rounded sum would seem to leave the fee out.
    total: <bdi dir="ltr">{writeTonAmount(nano(read.amount + terms.fee))} TON</bdi>,
  }
  return (
    <form className="order" onSubmit={(event) => void submit(event)}>
      <Segmented
        label={words.from}
        value={source}
        onChange={setChosen}
        testId="withdraw-source"
        options={(['balance', 'earnings'] as const).map((value) => ({
          value,
          text: `${words[value]}\n\u2066${formatTon(there[value])}\u2069`,
        }))}
      />
      <AmountField
        value={typed}
        onChange={setTyped}
        testId="take-out-amount"
        fault={fault}
        hint={
          costs ? (
            <Sentence text={words['withdraw-costs']} {...costs} />
          ) : (
            <Sentence
              text={words['withdraw-terms']}
              minimum={<Amount of={terms.minimum} />}
              fee={<Amount of={terms.fee} />}
            />
          )
        }
      >
        <button type="button" className="chip" onClick={() => setTyped(writeTonAmount(most))}>
          <Sentence text={words['withdraw-all']} amount={<Amount of={most} />} />
        </button>
      </AmountField>
      <button
        type="submit"
        className="button"
        data-testid="take-out"
        disabled={order.state === 'running' || !read.ok || fault !== undefined}
      >
        {words.withdraw}
      </button>
    </form>
  )
}
