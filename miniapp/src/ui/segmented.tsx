import { type ReactNode, useId } from 'react'
import './segmented.css'
import { useTelegram } from '../telegram/telegram-context.tsx'

type Props<T extends string> = {
  /** What is chosen between, for whoever does not see it. */
  readonly label: string
  readonly options: readonly { readonly value: T; readonly text: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
  readonly testId?: string
}

/** One of a few, side by side: radio buttons, so that arrow keys and screen readers know it. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
  testId,
}: Props<T>): ReactNode {
  const telegram = useTelegram()
  const name = useId()
  const choose = (one: T) => {
    telegram.haptic('select')
    onChange(one)
  }
  return (
    <fieldset className="segmented" data-testid={testId}>
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => choose(option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  )
}
