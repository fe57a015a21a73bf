import { lazy, type ReactNode, Suspense } from 'react'
import type { Choice } from '../conversation.ts'

// Who never seals never loads what is said of seals.
const Line = lazy(async () => ({ default: (await import('./seal-line.tsx')).SealLine }))
const Simulated = lazy(async () => ({ default: (await import('./simulated-here.tsx')).SimulatedHere }))

type Props = { readonly choice: Choice | undefined; readonly isSealed: boolean }

/** Of a sealed choice: what this device found when it checked who would answer. Nothing of another one. */
export function SealLine({ choice, isSealed }: Props): ReactNode {
  return choice && isSealed && <Suspense>{<Line choice={choice} />}</Suspense>
}

/** Above everything that is said in a tier whose TEE is simulated. */
export function SimulatedHere({ choice, isSealed }: Props): ReactNode {
  return choice && isSealed && <Suspense>{<Simulated choice={choice} />}</Suspense>
}
