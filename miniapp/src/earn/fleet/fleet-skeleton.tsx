import type { ReactNode } from 'react'
import { Bone } from '../../ui/bones.tsx'

/** The list's shape while it loads: what was earned with its chart, and a few runners. */
export function FleetSkeleton(): ReactNode {
  return (
    <>
      <div className="card earned-bone">
        <i />
        <i className="tall" />
        <i className="chart-bone" />
      </div>
      <Bone rows={2} />
    </>
  )
}
