import type { ReactNode } from 'react'
import { groupsOfFour } from '../runner-name.ts'
import './machines.css'

/** A runner's id in groups of four. */
export function RunnerCode({ id, label }: { readonly id: string; readonly label: string }): ReactNode {
  return (
    <p className="runner-code" dir="ltr" role="img" aria-label={`${label}: ${id}`}>
      <span>run_</span>
      {groupsOfFour(id).map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of an id never move
        <span key={at}>{group}</span>
      ))}
    </p>
  )
}
