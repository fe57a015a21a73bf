import type { ReactNode } from 'react'
import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { nano, parseNano } from '../../../../protocol/src/money.ts'
import { useWords } from '../../words/define-words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { SilkAmount } from '../silk-amount.tsx'
import { RUNNER_WORDS } from './words/words.ts'

/** What it has earned since it was paired, and what of it cannot be paid out yet. */
export function EarnedEver({ runner }: { readonly runner: RunnerDetailJson }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(RUNNER_WORDS)
  const day = new Intl.DateTimeFormat(`${language}-u-nu-latn`, { dateStyle: 'medium' })
  return (
    <p className="hint">
      <Sentence
        text={words['since-ever']}
        day={day.format(runner.created_at_ms)}
        amount={<SilkAmount of={parseNano(runner.earned_nano) ?? nano(0n)} />}
        accruing={<SilkAmount of={parseNano(runner.accruing_nano) ?? nano(0n)} />}
      />
    </p>
  )
}
