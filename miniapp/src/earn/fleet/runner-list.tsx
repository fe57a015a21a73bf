import type { ReactNode } from 'react'
import type { FleetRunnerJson } from '../../../../protocol/src/miniapp/runners.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useWords } from '../../words/define-words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { RunnerFacts } from './runner-facts.tsx'

const AGE_MS = 10_000

type Props = {
  readonly runners: readonly FleetRunnerJson[]
  /** The one whose page stands beside the list. */
  readonly chosenId: string | undefined
}

/** A few runners, each with the way to its page. */
export function RunnerList({ runners, chosenId }: Props): ReactNode {
  const words = useWords(EARN_WORDS)
  const nowMs = useNow(AGE_MS)
  return (
    <ul className="card runners" aria-label={words.runners}>
      {runners.map((runner) => (
        <li key={runner.id} data-testid="runner" data-id={runner.id}>
          <PlaceLink to={`/earn/${runner.id}`} className="runner-row" isCurrent={runner.id === chosenId}>
            <RunnerFacts runner={runner} span="today" nowMs={nowMs} />
          </PlaceLink>
        </li>
      ))}
    </ul>
  )
}
