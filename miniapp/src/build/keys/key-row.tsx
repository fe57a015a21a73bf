import { type ReactNode, useState } from 'react'
import type { ApiKeyJson } from '../../../../protocol/src/miniapp/keys.ts'
import { nano, parseNano } from '../../../../protocol/src/money.ts'
import type { Session } from '../../session/session.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { ageWords } from '../../ui/age-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { KeyFieldsForm } from './key-fields.tsx'
import { draftOf, type KeyFields, spentOf } from './key-form.ts'
import { SpentBar } from './spent-bar.tsx'
import { type KeyChanges, useKeyChanges } from './use-key-changes.ts'
import { KEY_WORDS } from './words/words.ts'

type Props = {
  readonly apiKey: ApiKeyJson
  readonly session: Session
  readonly nowMs: number
  readonly onRevoked: (name: string) => void
}

/** A key in the list: by what it is known, what it spent of its limits, and what can be done with it. */
export function KeyRow({ apiKey, session, nowMs, onRevoked }: Props): ReactNode {
  const words = useWords(KEY_WORDS)
  const [isEdited, setEdited] = useState(false)
  const { isBusy, trouble, update, revoke } = useKeyChanges(session)
  const { id, name, prefix } = apiKey
  const save = async (fields: KeyFields) => {
    const isDone = await update(id, fields)
    if (isDone) setEdited(false)
    return isDone
  }
  return (
    <li className="key-row" data-testid="key-row" data-key={id}>
      <div className="key-head">
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <code dir="ltr" className="hint">
          {prefix}…
        </code>
      </div>
      <Spending apiKey={apiKey} nowMs={nowMs} />
      {isEdited ? (
        <KeyFieldsForm
          initial={draftOf(apiKey)}
          submit={words.save}
          submitTestId="save-key"
          isBusy={isBusy}
          trouble={trouble}
          onSubmit={save}
          onCancel={() => setEdited(false)}
        />
      ) : (
        <KeyActions
          name={name}
          isBusy={isBusy}
          trouble={trouble}
          onChange={() => setEdited(true)}
          onRevoke={async () => {
            if (await revoke(id)) onRevoked(name)
          }}
        />
      )}
    </li>
  )
}

type ActionProps = Pick<KeyChanges, 'isBusy' | 'trouble'> & {
  readonly name: string
  readonly onChange: () => void
  readonly onRevoke: () => Promise<void>
}

/** What can be done with a key; revoking asks first. */
function KeyActions({ name, isBusy, trouble, onChange, onRevoke }: ActionProps): ReactNode {
  const general = useSpeech().words
  const words = useWords(KEY_WORDS)
  const telegram = useTelegram()
  const askRevoke = async () => {
    const text = fillText(words['revoke-ask'], { name })
    const answers = { yes: words.revoke, no: general.cancel, isDestructive: true }
    if (await telegram.confirm({ text, ...answers })) await onRevoke()
  }
  return (
    <>
      {trouble !== undefined && (
        <p className="bad" role="alert">
          {trouble}
        </p>
      )}
      <div className="actions">
        <button
          type="button"
          className="button quiet"
          aria-label={fillText(words['change-of'], { name })}
          data-testid="change-key"
          onClick={onChange}
        >
          {words.change}
        </button>
        <button
          type="button"
          className="button quiet destructive"
          disabled={isBusy}
          aria-label={fillText(words['revoke-of'], { name })}
          data-testid="revoke"
          onClick={() => void askRevoke()}
        >
          {words.revoke}
        </button>
      </div>
    </>
  )
}

function Spending({ apiKey, nowMs }: { readonly apiKey: ApiKeyJson; readonly nowMs: number }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(KEY_WORDS)
  const bars = (['day', 'month'] as const).flatMap((per) => {
    const spent = spentOf(apiKey, per)
    return spent ? [{ per, spent }] : []
  })
  const usedAt = apiKey.last_used_at
  return (
    <>
      {bars.map(({ per, spent }) => (
        <SpentBar key={per} spent={spent} text={words[`spent-${per}`]} />
      ))}
      {bars.length === 0 && (
        <p className="hint">
          <Sentence
            text={words['spent-day-free']}
            spent={<Amount of={parseNano(apiKey.spent_day_nano) ?? nano(0n)} />}
          />
        </p>
      )}
      {bars.some(({ spent }) => spent.percent === 100) && <p className="bad">{words['limit-reached']}</p>}
      <p className="hint">
        <Sentence
          text={words['spent-ever']}
          amount={<Amount of={parseNano(apiKey.spent_nano) ?? nano(0n)} />}
        />
        {' · '}
        {usedAt === null
          ? words['never-used']
          : fillText(words['last-used'], { age: ageWords(language, nowMs - usedAt * 1000) })}
      </p>
    </>
  )
}
