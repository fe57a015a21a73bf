import type { ReactNode } from 'react'
import { Page } from '../shell/page.tsx'
import { useGo } from '../shell/use-go.ts'
import { useWide } from '../ui/use-wide.ts'
import { FleetColumn } from './fleet/fleet-column.tsx'
import { useFleet } from './use-earn.ts'
import { useKeptScroll } from './use-kept-scroll.ts'

type Props = {
  readonly title: string
  readonly under?: ReactNode
  readonly foot?: ReactNode
  /** The runner that is shown. */
  readonly chosenId?: string
  readonly children: ReactNode
}

/** A detail: alone on a phone, with the way back; beside the list where there is room. */
export function EarnFrame({ title, under, foot, chosenId, children }: Props): ReactNode {
  const go = useGo()
  const isWide = useWide()
  return (
    <Page title={title} under={under} foot={foot} className="earn" onBack={() => go('/earn')}>
      {isWide && <Beside chosenId={chosenId} />}
      <div className="column detail">{children}</div>
    </Page>
  )
}

function Beside({ chosenId }: { readonly chosenId: string | undefined }): ReactNode {
  const keptScroll = useKeptScroll('home')
  return (
    <div ref={keptScroll} className="column">
      <FleetColumn fleet={useFleet()} chosenId={chosenId} />
    </div>
  )
}
