import { type ReactNode, useId } from 'react'
import type { ReadDecimal } from '../../ui/read-decimal.ts'
import { useWords } from '../../words/define-words.ts'
import { readHours, readPrice, readWatts } from './forecast-math.ts'
import type { KeptElectricity } from './kept-electricity.ts'
import { FORECAST_WORDS } from './words/words.ts'

const CURRENCY_MAX_CHARS = 8
const FIELDS = [
  { name: 'watts', read: readWatts },
  { name: 'hours', read: readHours },
  { name: 'price', read: readPrice },
] as const

type Props = { readonly text: KeptElectricity; readonly onChange: (text: KeptElectricity) => void }

/** What a computer takes and what the person pays for it, in the person's own currency. */
export function ElectricityFields({ text, onChange }: Props): ReactNode {
  const words = useWords(FORECAST_WORDS)
  const currency = useId()
  return (
    <fieldset className="electricity">
      <legend>{words.electricity}</legend>
      {FIELDS.map(({ name, read }) => (
        <NumberField
          key={name}
          name={name}
          value={text[name]}
          read={read}
          onChange={(value) => onChange({ ...text, [name]: value })}
        />
      ))}
      <label className="labelled" htmlFor={currency}>
        <span className="hint">{words.currency}</span>
        <input
          id={currency}
          className="field"
          autoComplete="off"
          maxLength={CURRENCY_MAX_CHARS}
          placeholder={words['currency-eg']}
          value={text.currency}
          data-testid="forecast-currency"
          onChange={(event) => onChange({ ...text, currency: event.target.value })}
        />
      </label>
    </fieldset>
  )
}

type FieldProps = {
  readonly name: (typeof FIELDS)[number]['name']
  readonly value: string
  readonly read: (typed: string) => ReadDecimal
  readonly onChange: (value: string) => void
}

function NumberField({ name, value, read, onChange }: FieldProps): ReactNode {
  const words = useWords(FORECAST_WORDS)
  const field = useId()
  const done = read(value)
  const isWrong = !done.ok && done.reason !== 'empty'
  return (
    <label className="labelled" htmlFor={field}>
      <span className="hint">{words[name]}</span>
      <input
        id={field}
        className="field"
        dir="ltr"
        inputMode="decimal"
        autoComplete="off"
        value={value}
        aria-invalid={isWrong}
        data-testid={`forecast-${name}`}
        onChange={(event) => onChange(event.target.value)}
      />
      {isWrong && (
        <span className="bad" role="status">
          {words[`wrong-${name}`]}
        </span>
      )}
    </label>
  )
}
