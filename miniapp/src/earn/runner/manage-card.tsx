import { type ReactNode, useState } from 'react'
import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useGo } from '../../shell/use-go.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useEarnApi } from '../earn-context.tsx'
import { NameForm } from '../name-form.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { RUNNER_WORDS } from './words/words.ts'

/** Pausing, naming and removing a runner. What it has earned stays, and the page says so before. */
export function ManageCard({ runner }: { readonly runner: RunnerDetailJson }): ReactNode {
  const general = useSpeech().words
  const words = useWords(RUNNER_WORDS)
  const api = useEarnApi()
  const telegram = useTelegram()
  const go = useGo()
  const { isBusy, reason, act } = useAct()
  const [isNaming, setNaming] = useState(false)
  const isPaused = runner.state === 'paused'
  const rename = async (name: string) => {
    if (await act(() => api.updateRunner(runner.id, { name }))) setNaming(false)
  }
  const remove = async () => {
    const text = fillText(words['remove-question'], { name: runner.name })
    if (!(await telegram.confirm({ text, yes: words.remove, no: general.cancel, isDestructive: true })))
      return
    await act(async () => {
      const reply = await api.removeRunner(runner.id)
      if (reply.ok) go('/earn', 'replace') // before it is asked for again, and is gone
      return reply
    })
  }
  return (
    <article className="card manage">
      <h2>{words.manage}</h2>
      {isNaming ? (
        <NameForm
          label={words['new-name']}
          save={words.save}
          name={runner.name}
          isBusy={isBusy}
          testId="rename"
          onSave={(name) => void rename(name)}
          onCancel={() => setNaming(false)}
        />
      ) : (
        <div className="actions">
          <button
            type="button"
            className="button quiet"
            disabled={isBusy}
            data-testid={isPaused ? 'resume' : 'pause'}
            onClick={() =>
              void act(() => api.updateRunner(runner.id, { state: isPaused ? 'active' : 'paused' }))
            }
          >
            {isPaused ? words.resume : words.pause}
          </button>
          <button type="button" className="button quiet" data-testid="rename" onClick={() => setNaming(true)}>
            {words.rename}
          </button>
          <button
            type="button"
            className="button quiet destructive"
            disabled={isBusy}
            data-testid="remove"
            onClick={() => void remove()}
          >
            {words.remove}
          </button>
        </div>
      )}
      <Refusal reason={reason} />
      <PlaceLink to="/settings/machines" className="link" testId="seal-it">
        {words['seal-it']}
      </PlaceLink>
      <p className="hint">{words['remove-why']}</p>
    </article>
  )
}
