import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useSpeech } from '../words/words-context.tsx'

const NAME_MAX_CHARS = 64

type Props = {
  readonly label: string
  readonly save: string
  readonly name: string
  readonly isBusy: boolean
  readonly testId: string
  readonly onSave: (name: string) => void
  /** Absent where there is nothing to go back to. */
  readonly onCancel?: () => void
}

/** A name for something, up to 64 characters. */
export function NameForm({ label, save, name, isBusy, testId, onSave, onCancel }: Props): ReactNode {
  const general = useSpeech().words
  const field = useId()
  const [typed, setTyped] = useState(name)
  const trimmed = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (trimmed !== '') onSave(trimmed)
  }
  return (
    <form className="name-form" onSubmit={submit}>
      <label className="labelled" htmlFor={field}>
        <span className="hint">{label}</span>
        <input
          id={field}
          className="field"
          autoComplete="off"
          maxLength={NAME_MAX_CHARS}
          value={typed}
          data-testid={`${testId}-input`}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div className="actions">
        <button
          type="submit"
          className="button"
          disabled={isBusy || trimmed === ''}
          data-testid={`${testId}-save`}
        >
          {save}
        </button>
        {onCancel && (
          <button type="button" className="button quiet" onClick={onCancel}>
            {general.cancel}
          </button>
        )}
      </div>
    </form>
  )
}
