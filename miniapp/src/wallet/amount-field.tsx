import { type ReactNode, useId } from 'react'
import { useWords } from '../words/define-words.ts'
import { WALLET_WORDS } from './words/words.ts'

type Props = {
  readonly value: string
  readonly onChange: (typed: string) => void
  readonly testId: string
  /** What is wrong with it. */
  readonly fault: string | undefined
  /** What it comes to, or what it takes. */
  readonly hint: ReactNode
  /** Usual amounts, beside the field. */
  readonly children: ReactNode
}

/** Where an amount of TON is typed; what is wrong with it, or what it means, stands below. */
export function AmountField({ value, onChange, testId, fault, hint, children }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const field = useId()
  return (
    <>
      <label htmlFor={field}>{words['how-many']}</label>
      <div className="order-row">
        <input
          id={field}
          dir="ltr"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          data-testid={testId}
          aria-invalid={fault !== undefined}
          aria-describedby={`${field}-note`}
          onChange={(event) => onChange(event.target.value)}
        />
        {children}
      </div>
      <p className={fault ? 'bad' : 'hint'} id={`${field}-note`} role={fault ? 'alert' : undefined}>
        {fault ?? hint}
      </p>
    </>
  )
}
