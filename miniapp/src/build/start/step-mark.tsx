import type { ReactNode } from 'react'

export type StepState = 'done' | 'now' | 'later'

/** A step's mark: an empty ring, a full one where somebody stands, a tick in leaf where it is done. */
export function StepMark({ state }: { readonly state: StepState }): ReactNode {
  return (
    <svg className="step-mark" data-state={state} viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="8" />
      {state === 'now' && <circle className="dot" cx="10" cy="10" r="3" />}
      {state === 'done' && <path d="m6.2 10.3 2.6 2.6 5-5.6" />}
    </svg>
  )
}
