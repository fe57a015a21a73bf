import type { FleetRunnerJson } from '../../../protocol/src/miniapp/runners.ts'

/** How a runner is doing, in the word that matters most to its owner. */
export type RunnerState =
  /** Connected and at work, or waiting for work. */
  | 'working'
  | 'ready'
  /** Connected, and no model serves yet. */
  | 'starting'
  /** Its owner paused it here. */
  | 'paused'
  /** Was connected once, and is not. */
  | 'away'
  /** Paired, and never connected. */
  | 'new'

export function runnerState(
  runner: Pick<FleetRunnerJson, 'state' | 'online' | 'models' | 'last_seen_at_ms'>,
): RunnerState {
  if (runner.state === 'paused') return 'paused'
  if (!runner.online) return runner.last_seen_at_ms === null ? 'new' : 'away'
  if (runner.models.length === 0) return 'starting'
  return runner.models.some(({ running }) => running > 0) ? 'working' : 'ready'
}

/** Whether its lamp is lit: it takes jobs now. */
export function isLit(state: RunnerState): boolean {
  return state === 'working' || state === 'ready'
}
