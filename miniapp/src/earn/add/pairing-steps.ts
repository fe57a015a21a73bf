import type { PairingProgressJson } from '../../../../protocol/src/miniapp/runners.ts'
import { type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'

/** From the command to the first coin. */
export const PAIRING_STEPS = ['found', 'model', 'job', 'earned'] as const
export type PairingStepId = (typeof PAIRING_STEPS)[number]

export type PairingStep = {
  readonly id: PairingStepId
  readonly isDone: boolean
  /** The one that is going on: the first that is not done. */
  readonly isCurrent: boolean
}

export type Pairing = {
  /** `expired`: nobody used the code in time. */
  readonly state: 'waiting' | 'paired' | 'expired'
  readonly steps: readonly PairingStep[]
  readonly runnerId: string | undefined
  /** What its owner calls it. */
  readonly name: string | undefined
  /** The GPU or processor; null before it first connected. */
  readonly device: string | null
  readonly models: readonly string[]
  /** Paired, and not here: it was not started yet, or has stopped. */
  readonly isAway: boolean
  readonly earned: Nano
}

/** How far a pairing is. A step that lies behind stays done: a runner that leaves after its first job has had it. */
export function readPairing({ state, runner }: PairingProgressJson): Pairing {
  const { online = false, models = [], jobs_done = 0 } = runner ?? {}
  const earned = parseNano(runner?.earned_nano) ?? nano(0n)
  const reached = [runner !== null, online && models.length > 0, jobs_done > 0, earned > 0n]
  const doneUpTo = reached.lastIndexOf(true)
  return {
    state: runner ? 'paired' : state,
    steps: PAIRING_STEPS.map((id, at) => ({ id, isDone: at <= doneUpTo, isCurrent: at === doneUpTo + 1 })),
    runnerId: runner?.id,
    name: runner?.name,
    device: runner?.device ?? null,
    models,
    isAway: runner !== null && !online,
    earned,
  }
}
