import { type FormEvent, type KeyboardEvent, type ReactNode, useId } from 'react'
import { Amount } from '../../ui/amount.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { Field } from '../field.tsx'
import { type OfferedModel, offerOf } from '../prices/offered-models.ts'
import { mostCost } from './play-cost.ts'
import type { PlaygroundDraft, ReadDraft } from './playground-draft.ts'
import { PLAYGROUND_WORDS } from './words/words.ts'

type Props = {
  readonly models: readonly OfferedModel[]
  readonly draft: PlaygroundDraft
  readonly read: ReadDraft
  /** Whether what is wrong is said: only once somebody has tried. */
  readonly showFaults: 'yes' | 'no'
  readonly isRunning: boolean
  readonly onChange: (draft: PlaygroundDraft) => void
  readonly onRun: () => void
}

/** What is asked, of whom, and what it costs at most. Ctrl or ⌘ with Enter runs it. */
export function PlaygroundForm(props: Props): ReactNode {
  const { models, draft, read, showFaults, isRunning, onChange, onRun } = props
  const words = useWords(PLAYGROUND_WORDS)
  const model = models.find(({ id }) => id === draft.model)
  const change = (part: Partial<PlaygroundDraft>) => onChange({ ...draft, ...part })
  const faultAt = (field: keyof PlaygroundDraft) =>
    showFaults === 'yes' && !read.ok && read.field === field ? words[read.reason] : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isRunning) onRun()
  }
  const runByKeys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }
  return (
    <form className="card column" onSubmit={submit} onKeyDown={runByKeys} noValidate>
      <h2>{words.request}</h2>
      <ModelField models={models} value={draft.model} onChange={(id) => change({ model: id })} />
      <TierField model={model} tier={draft.tier} onChange={(tier) => change({ tier })} />
      <Field
        label={words.system}
        kind="text"
        value={draft.system}
        onChange={(system) => change({ system })}
        placeholder={words['system-example']}
        testId="playground-system"
      />
      <Field
        label={words.message}
        kind="text"
        value={draft.message}
        onChange={(message) => change({ message })}
        fault={faultAt('message')}
        testId="playground-prompt"
      />
      <Options draft={draft} faultAt={faultAt} change={change} />
      <div className="actions">
        <button type="submit" className="button" disabled={isRunning} data-testid="playground-run">
          {words.run}
        </button>
        <MostCost model={model} draft={draft} read={read} />
      </div>
    </form>
  )
}

type OptionProps = {
  readonly draft: PlaygroundDraft
  readonly faultAt: (field: keyof PlaygroundDraft) => string | undefined
  readonly change: (part: Partial<PlaygroundDraft>) => void
}

/** How it is to be answered. */
function Options({ draft, faultAt, change }: OptionProps): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  return (
    <>
      <div className="field-pair">
        <Field
          label={words.temperature}
          kind="number"
          value={draft.temperature}
          onChange={(temperature) => change({ temperature })}
          fault={faultAt('temperature')}
          placeholder={words['by-model']}
          testId="playground-temperature"
        />
        <Field
          label={words['max-tokens']}
          kind="number"
          value={draft.maxTokens}
          onChange={(maxTokens) => change({ maxTokens })}
          fault={faultAt('maxTokens')}
          placeholder={words['by-model']}
          testId="playground-max-tokens"
        />
      </div>
      <div className="field">
        <p className="label">{words.answers}</p>
        <Segmented
          label={words.answers}
          options={[
            { value: 'streamed', text: words['answers-streamed'] },
            { value: 'whole', text: words['answers-whole'] },
          ]}
          value={draft.answers}
          onChange={(answers) => change({ answers })}
          testId="playground-stream"
        />
      </div>
    </>
  )
}

type ModelProps = {
  readonly models: readonly OfferedModel[]
  readonly value: string
  readonly onChange: (id: string) => void
}

function ModelField({ models, value, onChange }: ModelProps): ReactNode {
  const id = useId()
  const words = useWords(PLAYGROUND_WORDS)
  return (
    <div className="field">
      <label htmlFor={id}>{words.model}</label>
      <select
        id={id}
        dir="ltr"
        value={value}
        data-testid="playground-model"
        onChange={({ target }) => onChange(target.value)}
      >
        {models.map((model) => (
          <option key={model.id} value={model.id}>
            {model.id}
          </option>
        ))}
      </select>
    </div>
  )
}

type TierProps = {
  readonly model: OfferedModel | undefined
  readonly tier: PlaygroundDraft['tier']
  readonly onChange: (tier: PlaygroundDraft['tier']) => void
}

/** Who can read it: to be chosen where both answer, and said in any case. */
function TierField({ model, tier, onChange }: TierProps): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const isOpen = offerOf(model, 'open') !== undefined
  const isOwn = offerOf(model, 'own') !== undefined
  return (
    <div className="field">
      <p className="label">{words.tier}</p>
      {isOpen && isOwn && (
        <Segmented
          label={words.tier}
          options={(['open', 'own'] as const).map((value) => ({ value, text: words[`tier-${value}`] }))}
          value={tier}
          onChange={onChange}
          testId="playground-tier"
        />
      )}
      <p className="hint with-glyph">
        <TierGlyph tier={tier} />
        <span>
          {words[`reads-${tier}`]} {!isOwn && words['own-none']}
          {!isOpen && words['open-none']}
        </span>
      </p>
    </div>
  )
}

type CostProps = Pick<Props, 'draft' | 'read'> & { readonly model: OfferedModel | undefined }

function MostCost({ model, draft, read }: CostProps): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const price = offerOf(model, draft.tier)?.price
  if (draft.tier === 'own') return <p className="hint">{words['cost-none']}</p>
  if (!model || !price) return null
  return (
    <p className="hint" data-testid="playground-most">
      <Sentence
        text={words['cost-most']}
        amount={<Amount of={mostCost(read.body, price, model.contextTokens)} />}
      />
    </p>
  )
}
