import type { ReactNode } from 'react'
import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { useWords } from '../../words/define-words.ts'
import { deviceWords } from '../device-words.ts'
import { isLit, runnerState } from '../runner-state.ts'
import { useStateWords } from '../use-state-words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { regionWord } from './region-word.ts'
import { RUNNER_WORDS } from './words/words.ts'

/** What starts a runner that was paired before. */
const START = 'npm run runner -- start'

type Props = { readonly runner: RunnerDetailJson; readonly nowMs: number }

/** How it is doing, and what to do where it is not well. */
export function StateCard({ runner, nowMs }: Props): ReactNode {
  const words = useWords(RUNNER_WORDS)
  const stateWords = useStateWords()
  const state = runnerState(runner)
  const where = regionWord(runner.region)
  const device = deviceWords(runner.device, useWords(EARN_WORDS).processor)
  return (
    <article className="card state" data-testid="runner-state" data-state={state}>
      <p className="state-line">
        <i className={isLit(state) ? 'lamp' : 'lamp off'} />
        <b>{stateWords(runner, nowMs)}</b>
      </p>
      {(device || where) && (
        <p className="hint">
          {device && <bdi>{device}</bdi>}
          {device && where && ' · '}
          {where && words[where]}
        </p>
      )}
      {state === 'paused' && <p>{words['paused-why']}</p>}
      {state === 'starting' && <p>{words['starting-why']}</p>}
      {state === 'new' && <p>{words['new-why']}</p>}
      {state === 'away' && (
        <>
          <p>{words['away-check']}</p>
          <ol className="plain-steps" data-testid="away-check">
            <li>{words['away-1']}</li>
            <li>
              {words['away-2']}
              <CodeBlock text={START} label={words['away-start']} />
            </li>
            <li>{words['away-3']}</li>
          </ol>
        </>
      )}
    </article>
  )
}
