import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Amount } from '../ui/amount.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Sentence } from '../words/words-context.tsx'
import type { DepositWay } from './money.ts'
import { readTonAmount } from './ton-amount.ts'
import { useWalletWords } from './use-wallet-words.ts'
import type { TopUpOutcome, WalletActions } from './wallet-actions.ts'

type Props = { readonly deposit: DepositWay | undefined; readonly actions: WalletActions }
type Step = 'sign' | 'sent' | undefined

const USUAL = ['1', '5', '20']

/** Coins from the person's wallet to the chat balance, step by step. */
export function TopUpCard({ deposit, actions }: Props): ReactNode {
  const { words } = useWalletWords()
  const [typed, setTyped] = useState('1')
  const [step, setStep] = useState<Step>()
  const [outcome, setOutcome] = useState<TopUpOutcome>()
  const [fault, setFault] = useState<string>()
  const field = useId()
  if (!deposit) {
    return (
      <article className="card">
        <h3>{words['top-up']}</h3>
        <p className="hint">{words['top-up-none']}</p>
      </article>
    )
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = readTonAmount(typed)
    setOutcome(undefined)
    setFault(read.ok ? undefined : words[`amount-${read.reason}`])
    if (!read.ok) return
    setStep('sign')
    setOutcome(await actions.topUp(read.amount, () => setStep('sent')))
    setStep(undefined)
  }
  return (
    <article className="card">
      <h3>{words['top-up']}</h3>
      <form className="order" onSubmit={(event) => void submit(event)}>
        <label htmlFor={field}>{words['top-up-how']}</label>
        <div className="order-row">
          <input
            id={field}
            dir="ltr"
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            aria-invalid={fault !== undefined}
            aria-describedby={`${field}-fault`}
            onChange={(event) => setTyped(event.target.value)}
          />
          {USUAL.map((amount) => (
            <button key={amount} type="button" className="chip" onClick={() => setTyped(amount)}>
              {amount}
            </button>
          ))}
        </div>
        <p className="bad" id={`${field}-fault`} role="alert">
          {fault}
        </p>
        <button type="submit" className="button" data-testid="top-up" disabled={step !== undefined}>
          {step ? words[`step-${step}`] : words['top-up']}
        </button>
      </form>
      <p role="status" data-testid="top-up-outcome" className={outcome && !outcome.ok ? 'bad' : undefined}>
        <TopUpResult step={step} outcome={outcome} />
      </p>
      <details className="exact">
        <summary>{words['top-up-hand']}</summary>
        <CodeBlock label={words['top-up-address']} text={deposit.address} />
        <CodeBlock label={words['top-up-comment']} text={deposit.comment} />
      </details>
    </article>
  )
}

function TopUpResult({ step, outcome }: { step: Step; outcome: TopUpOutcome | undefined }): ReactNode {
  const { words } = useWalletWords()
  if (step) return <span className="thread">{words[`step-${step}`]}</span>
  if (!outcome) return null
  if (!outcome.ok) return outcome.sentence
  if (outcome.credited === 'late') return words['step-late']
  return <Sentence text={words['step-credited']} amount={<Amount of={outcome.credited} />} />
}
