import type { ReactNode } from 'react'
import type { FleetJson } from '../../../../protocol/src/miniapp/runners.ts'
import type { UsedLive } from '../../data/use-live.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { Chevron } from '../../ui/chevron.tsx'
import { durationWords } from '../../ui/duration-words.ts'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { GoingOn } from '../add/going-on.tsx'
import { EARN_WORDS } from '../words/words.ts'
import { EarnedCard } from './earned-card.tsx'
import { FirstVisit } from './first-visit.tsx'
import { FleetSkeleton } from './fleet-skeleton.tsx'
import { FleetTable } from './fleet-table.tsx'
import { MANY_RUNNERS } from './fleet-view.ts'
import { RunnerList } from './runner-list.tsx'

type Props = {
  readonly fleet: UsedLive<FleetJson>
  /** The runner whose page stands beside it. */
  readonly chosenId?: string | undefined
}

/** All runners of a person and what they earned; for whoever has none, what it will be. */
export function FleetColumn({ fleet, chosenId }: Props): ReactNode {
  return (
    <LiveView of={fleet} skeleton={<FleetSkeleton />}>
      {(value) => (value.data.length === 0 ? <Nobody /> : <Fleet fleet={value} chosenId={chosenId} />)}
    </LiveView>
  )
}

function Nobody(): ReactNode {
  return (
    <>
      <GoingOn />
      <FirstVisit />
      <Ways />
    </>
  )
}

function Fleet({ fleet, chosenId }: { readonly fleet: FleetJson; readonly chosenId: string | undefined }) {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  const time = durationWords(language, fleet.matures_after_s * 1000)
  const List = fleet.data.length < MANY_RUNNERS ? RunnerList : FleetTable
  return (
    <>
      <GoingOn />
      <EarnedCard of={fleet}>
        <p className="hint">{fillText(words['matures-soon'], { time })}</p>
      </EarnedCard>
      <List runners={fleet.data} chosenId={chosenId} />
      <Ways />
    </>
  )
}

function Ways(): ReactNode {
  const words = useWords(EARN_WORDS)
  return (
    <nav className="card ways">
      <PlaceLink to="/earn/forecast" className="way" testId="to-forecast">
        {words['to-forecast']}
        <Chevron />
      </PlaceLink>
      <PlaceLink to="/earn/groups" className="way" testId="to-groups">
        {words['to-groups']}
        <Chevron />
      </PlaceLink>
    </nav>
  )
}
