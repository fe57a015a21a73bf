import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { FleetRunnerJson } from '../../../../protocol/src/miniapp/runners.ts'
import { formatCount } from '../../network/price-words.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useEarnApi } from '../earn-context.tsx'
import { EARN_KEY } from '../use-earn.ts'
import { EARN_WORDS } from '../words/words.ts'
import { changeMany } from './change-many.ts'

type Props = {
  readonly listed: readonly FleetRunnerJson[]
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: ReadonlySet<string>) => void
}

type State = FleetRunnerJson['state']

/** What can be done with several runners at once. Those that are already so are left alone. */
export function ManyActions({ listed, selected, onSelect }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  const api = useEarnApi()
  const client = useQueryClient()
  const telegram = useTelegram()
  const [progress, setProgress] = useState<{ readonly done: number; readonly all: number }>()
  const [failed, setFailed] = useState(0)
  const chosen = listed.filter(({ id }) => selected.has(id))
  const change = async (state: State) => {
    const others = chosen.filter((runner) => runner.state !== state)
    const note = (done: number) => setProgress({ done, all: others.length })
    note(0)
    const outcome = await changeMany(others, ({ id }) => api.updateRunner(id, { state }), note)
    await client.invalidateQueries({ queryKey: EARN_KEY })
    telegram.haptic(outcome.failed > 0 ? 'error' : 'success')
    setFailed(outcome.failed)
    setProgress(undefined)
  }
  const count = formatCount(language, chosen.length)
  const isIdle = chosen.length === 0 || progress !== undefined
  return (
    <div className="many">
      <span className="hint" role="status" data-testid="fleet-selected">
        {progress
          ? fillText(words['change-progress'], progress)
          : fillText(pluralOf(language, words.selected, chosen.length), { count })}
      </span>
      <button type="button" className="chip" onClick={() => onSelect(new Set(listed.map(({ id }) => id)))}>
        {fillText(words['select-all'], { count: formatCount(language, listed.length) })}
      </button>
      <button type="button" className="chip" onClick={() => onSelect(new Set())}>
        {words['select-none']}
      </button>
      {(['paused', 'active'] as const).map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          disabled={isIdle}
          data-testid={state === 'paused' ? 'fleet-pause' : 'fleet-resume'}
          onClick={() => void change(state)}
        >
          {state === 'paused' ? words.pause : words.resume}
        </button>
      ))}
      {failed > 0 && (
        <p className="bad" role="alert">
          {fillText(pluralOf(language, words['change-failed'], failed), { count: failed })}
        </p>
      )}
    </div>
  )
}
