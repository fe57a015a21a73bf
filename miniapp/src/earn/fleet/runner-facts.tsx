import type { ReactNode } from 'react'
import type { FleetRunnerJson } from '../../../../protocol/src/miniapp/runners.ts'
import { formatCount } from '../../network/price-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { deviceWords } from '../device-words.ts'
import { isLit, runnerState } from '../runner-state.ts'
import { SilkAmount } from '../silk-amount.tsx'
import { useStateWords } from '../use-state-words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { earnedIn, type Span } from './fleet-view.ts'

type Props = { readonly runner: FleetRunnerJson; readonly span: Span; readonly nowMs: number }

/** One runner in a line: lamp, name, what it is or why it rests, and what it earned. */
export function RunnerFacts({ runner, span, nowMs }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  const stateWords = useStateWords()
  const state = runnerState(runner)
  const { jobs_today: jobs } = runner
  return (
    <>
      <i className={isLit(state) ? 'lamp' : 'lamp off'} />
      <span className="runner-who">
        <b data-testid="runner-name" dir="auto">
          {runner.name}
        </b>
        <span className="hint">{isLit(state) ? <Machine runner={runner} /> : stateWords(runner, nowMs)}</span>
      </span>
      <span className="runner-earned">
        <SilkAmount of={earnedIn(runner, span)} />
        <span className="hint">
          {fillText(pluralOf(language, words.jobs, jobs), { count: formatCount(language, jobs) })}
        </span>
      </span>
    </>
  )
}

function Machine({ runner: { device, models } }: { readonly runner: FleetRunnerJson }): ReactNode {
  const words = useWords(EARN_WORDS)
  const [first, ...others] = models
  return (
    <>
      <bdi dir="ltr">{[deviceWords(device, words.processor), first?.id].filter(Boolean).join(' · ')}</bdi>
      {others.length > 0 && ` ${fillText(words['more-models'], { count: others.length })}`}
    </>
  )
}
