import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { formatTon, type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'
import { useWords } from '../../words/define-words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { useEarnApi } from '../earn-context.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { askText, type ReadAsk, readAsk } from './ask-prices.ts'
import type { PricedModel } from './priced-models.ts'
import { RUNNER_WORDS } from './words/words.ts'

const SIDES = ['output', 'input'] as const
type Side = (typeof SIDES)[number]

type Props = { readonly runnerId: string; readonly model: PricedModel; readonly onDone: () => void }

/** The owner's own price for a model: typed per 1,000 words, shown per 1,000,000 tokens beside it. */
export function AskForm({ runnerId, model, onDone }: Props): ReactNode {
  const general = useSpeech().words
  const words = useWords(RUNNER_WORDS)
  const api = useEarnApi()
  const { isBusy, reason, act } = useAct()
  const [now] = useState(() => ({ input: priceOf(model.ask.input), output: priceOf(model.ask.output) }))
  const [typed, setTyped] = useState(() => ({ input: askText(now.input), output: askText(now.output) }))
  const read = { input: readAsk(typed.input, now.input), output: readAsk(typed.output, now.output) }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (!read.input.ok || !read.output.ok) return
    const price = { input: String(read.input.perMillion), output: String(read.output.perMillion) }
    if (await act(() => api.setAsk(runnerId, model.id, price))) onDone()
  }
  const reset = async () => {
    if (await act(() => api.resetAsk(runnerId, model.id))) onDone()
  }
  return (
    <form className="ask-form" onSubmit={(event) => void save(event)}>
      {SIDES.map((side) => (
        <AskField
          key={side}
          side={side}
          typed={typed[side]}
          read={read[side]}
          onType={(text) => setTyped({ ...typed, [side]: text })}
        />
      ))}
      <p className="hint">{words['ask-cheap']}</p>
      <Refusal reason={reason} />
      <div className="actions">
        <button
          type="submit"
          className="button"
          disabled={isBusy || !read.input.ok || !read.output.ok}
          data-testid="ask-save"
        >
          {words.save}
        </button>
        <button type="button" className="button quiet" onClick={onDone}>
          {general.cancel}
        </button>
        {model.isByOwner && (
          <button
            type="button"
            className="button quiet"
            disabled={isBusy}
            onClick={() => void reset()}
            data-testid="ask-reset"
          >
            {words['reset-ask']}
          </button>
        )}
      </div>
    </form>
  )
}

type FieldProps = {
  readonly side: Side
  readonly typed: string
  readonly read: ReadAsk
  readonly onType: (text: string) => void
}

function AskField({ side, typed, read, onType }: FieldProps): ReactNode {
  const words = useWords(RUNNER_WORDS)
  const field = useId()
  return (
    <div className="labelled">
      <label className="hint" htmlFor={field}>
        {words[`ask-label-${side}`]}
      </label>
      <input
        id={field}
        className="field"
        dir="ltr"
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        aria-invalid={!read.ok}
        aria-describedby={`${field}-says`}
        data-testid="ask-input"
        data-side={side}
        onChange={(event) => onType(event.target.value)}
      />
      <p className={read.ok ? 'hint' : 'bad'} id={`${field}-says`} role="status">
        {read.ok ? (
          <Sentence text={words['per-tokens']} price={<bdi dir="ltr">{formatTon(read.perMillion)}</bdi>} />
        ) : (
          words[`ask-${read.reason}`]
        )}
      </p>
    </div>
  )
}

function priceOf(text: string): Nano {
  return parseNano(text) ?? nano(0n)
}
