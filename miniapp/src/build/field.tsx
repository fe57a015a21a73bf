import { type ReactNode, useId } from 'react'

type Props = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** What is wrong with it. */
  readonly fault?: string | undefined
  readonly placeholder?: string
  /** `text`: several lines. `number`: digits, from left to right. */
  readonly kind?: 'line' | 'text' | 'number'
  readonly maxLength?: number
  readonly testId?: string
}

/** Something to be typed, with its name above it and what is wrong below. */
export function Field(props: Props): ReactNode {
  const { label, value, onChange, fault, placeholder, kind = 'line', maxLength, testId } = props
  const id = useId()
  // An empty field is written from where the page is; `auto` would have its placeholder begin on the left.
  const direction = value === '' ? undefined : 'auto'
  const common = {
    id,
    value,
    placeholder,
    maxLength,
    'data-testid': testId,
    'aria-invalid': fault !== undefined,
    'aria-describedby': fault === undefined ? undefined : `${id}-fault`,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => onChange(target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {kind === 'text' && <textarea {...common} dir={direction} rows={3} />}
      {kind === 'line' && <input {...common} dir={direction} autoComplete="off" />}
      {kind === 'number' && <input {...common} inputMode="decimal" autoComplete="off" />}
      {fault !== undefined && (
        <p className="bad" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
    </div>
  )
}
