import { memo, type ReactNode } from 'react'
import type { FleetRunnerJson } from '../../../../protocol/src/miniapp/runners.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { RunnerFacts } from './runner-facts.tsx'

type Props = {
  readonly runner: FleetRunnerJson
  readonly nowMs: number
  readonly isChosen: boolean
  /** Undefined while nothing is being selected: the row then leads to the runner's page. */
  readonly isSelected: boolean | undefined
  readonly onToggle: (id: string) => void
}

/** One of many runners. */
export const FleetRow = memo(function FleetRow(props: Props): ReactNode {
  const { runner, nowMs, isChosen, isSelected, onToggle } = props
  const words = useWords(EARN_WORDS)
  const facts = <RunnerFacts runner={runner} span="today" nowMs={nowMs} />
  return (
    <li className="fleet-row" data-testid="runner" data-id={runner.id}>
      {isSelected === undefined ? (
        <PlaceLink to={`/earn/${runner.id}`} className="runner-row" isCurrent={isChosen}>
          {facts}
        </PlaceLink>
      ) : (
        <label className="runner-row">
          <input
            type="checkbox"
            checked={isSelected}
            aria-label={fillText(words['select-one'], { name: runner.name })}
            onChange={() => onToggle(runner.id)}
          />
          {facts}
        </label>
      )}
    </li>
  )
})
