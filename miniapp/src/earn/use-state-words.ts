import type { FleetRunnerJson } from '../../../protocol/src/miniapp/runners.ts'
import { ageWords } from '../ui/age-words.ts'
import { useWords } from '../words/define-words.ts'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { runnerState } from './runner-state.ts'
import { EARN_WORDS } from './words/words.ts'

type Runner = Pick<FleetRunnerJson, 'state' | 'online' | 'models' | 'last_seen_at_ms'>

/** Says how a runner is doing: `Last seen 3 hours ago`. */
export function useStateWords(): (runner: Runner, nowMs: number) => string {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  return (runner, nowMs) => {
    const age = ageWords(language, nowMs - (runner.last_seen_at_ms ?? nowMs))
    return fillText(words[`state-${runnerState(runner)}`], { age })
  }
}
