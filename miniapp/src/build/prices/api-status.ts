import type { Live } from '../../data/use-live.ts'
import type { NetworkModel } from '../../network/network.ts'

/** What `GET /health` says: all is well, or the database does not answer. */
export type Health = 'well' | 'database-out'

/** How things stand for whoever sends a request now. */
export type ApiStatus =
  | { readonly state: 'asking' | 'well' | 'unreachable' | 'database-out' | 'no-runner' }
  /** Everybody who answers is busy: a request waits about so long. */
  | { readonly state: 'busy'; readonly waitSeconds: number }

/** What is looked at of a model. */
export type StatusModel = Pick<NetworkModel, 'kind' | 'runners' | 'freeSlots' | 'waitSeconds'>
type StatusNetwork = { readonly models: readonly StatusModel[] }

/** Tells from what is known whether a request would be answered, and the first thing that would stop it. */
export function readStatus(health: Live<Health>, network: Live<StatusNetwork>): ApiStatus {
  if (health.state === 'loading') return { state: 'asking' }
  if (health.state === 'failed' || health.state === 'stale') return { state: 'unreachable' }
  if (health.value === 'database-out') return { state: 'database-out' }
  if (network.state === 'loading') return { state: 'asking' }
  if (network.state !== 'live') return { state: 'unreachable' }
  return statusOfModels(network.value)
}

function statusOfModels({ models }: StatusNetwork): ApiStatus {
  const served = models.filter(({ kind, runners }) => kind === 'chat' && runners > 0)
  if (served.length === 0) return { state: 'no-runner' }
  if (served.some(({ freeSlots }) => freeSlots > 0)) return { state: 'well' }
  return { state: 'busy', waitSeconds: Math.min(...served.map(({ waitSeconds }) => waitSeconds)) }
}

/** The colour that a state is shown in: leaf, the theme's red, or none. */
export function lampOf({ state }: ApiStatus): 'well' | 'bad' | 'off' {
  if (state === 'well') return 'well'
  return state === 'unreachable' || state === 'database-out' ? 'bad' : 'off'
}

/** Reads the answer of `GET /health`, whatever its status is. */
export function parseHealth(value: unknown): Health | undefined {
  if (typeof value !== 'object' || value === null || !('ok' in value) || !('database' in value))
    return undefined
  return value.ok === true && value.database === 'ok' ? 'well' : 'database-out'
}
