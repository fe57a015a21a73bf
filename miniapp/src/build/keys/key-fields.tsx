import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { Field } from '../field.tsx'
import { EMPTY_DRAFT, type KeyDraft, type KeyFields, NAME_CHARS_MAX, readKeyDraft } from './key-form.ts'
import { KEY_WORDS } from './words/words.ts'

type Props = {
  readonly initial?: KeyDraft
  readonly submit: string
  readonly submitTestId: string
  readonly isBusy: boolean
  readonly trouble: string | undefined
  /** Gives whether it was done. */
  readonly onSubmit: (fields: KeyFields) => Promise<boolean>
  readonly onCancel?: () => void
}

/** A key's name and limits, to be typed. What is wrong is said at its field, once somebody has tried. */
export function KeyFieldsForm(props: Props): ReactNode {
  const { initial = EMPTY_DRAFT, submit, submitTestId, isBusy, trouble, onSubmit, onCancel } = props
  const general = useSpeech().words
  const words = useWords(KEY_WORDS)
  const [draft, setDraft] = useState(initial)
  const [wasTried, setTried] = useState(false)
  const read = readKeyDraft(draft)
  const faultAt = (field: keyof KeyDraft) =>
    wasTried && !read.ok && read.field === field ? words[`fault-${read.reason}`] : undefined
  const change = (field: keyof KeyDraft) => (value: string) => setDraft({ ...draft, [field]: value })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!read.ok || !(await onSubmit(read.fields))) return
    setTried(false)
    setDraft(initial)
  }
  return (
    <form className="column" onSubmit={(event) => void send(event)} noValidate>
      <Field
        label={words.name}
        value={draft.name}
        onChange={change('name')}
        fault={faultAt('name')}
        placeholder={words['name-example']}
        maxLength={NAME_CHARS_MAX}
        testId="key-name"
      />
      <div className="field-pair">
        <Field
          label={words['limit-day']}
          kind="number"
          value={draft.limitDay}
          onChange={change('limitDay')}
          fault={faultAt('limitDay')}
          placeholder={words['limit-none']}
          testId="key-limit-day"
        />
        <Field
          label={words['limit-month']}
          kind="number"
          value={draft.limitMonth}
          onChange={change('limitMonth')}
          fault={faultAt('limitMonth')}
          placeholder={words['limit-none']}
          testId="key-limit-month"
        />
      </div>
      {trouble !== undefined && (
        <p className="bad" role="alert">
          {trouble}
        </p>
      )}
      <div className="actions">
        <button type="submit" className="button" disabled={isBusy} data-testid={submitTestId}>
          {submit}
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
