import { type ReactNode, useMemo } from 'react'
import { useLocation } from 'wouter'
import './earn.css'
import './fleet/earned.css'
import './fleet/fleet.css'
import './add/add.css'
import './runner/runner.css'
import { useSession } from '../session/session-context.tsx'
import { AddPage } from './add/add-page.tsx'
import { createEarnApi } from './earn-api.ts'
import { EarnContext } from './earn-context.tsx'
import { type EarnView, readEarnPath } from './earn-path.ts'
import { HomePage } from './fleet/home-page.tsx'
import { ForecastPage } from './forecast/forecast-page.tsx'
import { GroupsPage } from './groups/groups-page.tsx'
import { JoinPage } from './groups/join-page.tsx'
import { OutsidePage } from './outside-page.tsx'
import { RunnerPage } from './runner/runner-page.tsx'

/** Where people let their computers earn: the list, one of them, adding one, sharing, and what it would bring. */
export function EarnPage(): ReactNode {
  const session = useSession()
  const [pathname] = useLocation()
  const api = useMemo(() => session && createEarnApi(session), [session])
  const view = readEarnPath(pathname)
  if (!api) return <OutsidePage start={view.view === 'join' ? `join_${view.code}` : 'earn'} />
  return <EarnContext value={api}>{pageOf(view)}</EarnContext>
}

function pageOf(view: EarnView): ReactNode {
  switch (view.view) {
    case 'home':
      return <HomePage />
    case 'add':
      return <AddPage />
    case 'groups':
      return <GroupsPage />
    case 'forecast':
      return <ForecastPage />
    case 'join':
      return <JoinPage code={view.code} />
    case 'runner':
      return <RunnerPage key={view.id} id={view.id} />
    default:
      return view satisfies never
  }
}
