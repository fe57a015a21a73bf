import type { Log } from '../platform/log.ts'
import type { PresenceRow } from './presence-store.ts'

/** How long it is known when a runner was connected. */
export const PRESENCE_KEPT_MS = 40 * 86_400_000
/** How many open rows one run looks at, and of how many models. The next run begins elsewhere. */
export const LOOKED_AT_MAX = 5000
const MODELS_MAX = 100
/** How many rows one run repairs, and how many it deletes. */
const REPAIRED_MAX = 1000
const DELETED_MAX = 500
const MINUTE_MS = 60_000
/** The characters that the random part of a runner's id is made of. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

export type TendPresenceDeps = {
  readonly nowMs: () => number
  readonly log: Log
  /** When the clock ran last before this time. */
  readonly lastMinuteMs: number
  readonly listOpenPresence: (page: {
    readonly from: string
    readonly limit: number
  }) => Promise<readonly PresenceRow[]>
  /** Asks the model's objects, not a cache: a row that was read before must not be newer than the answer. */
  readonly listLinkedRunners: (model: string) => Promise<readonly string[]>
  readonly repairPresence: (rows: readonly PresenceRow[], toMs: number) => Promise<void>
  readonly deletePresence: (old: { readonly beforeMs: number; readonly limit: number }) => Promise<void>
}

/**
 * Closes rows of links that no object knows any more, at the last moment that they can have stood, and deletes old rows.
 * An object that does not answer keeps its rows for the next run.
 */
export async function tendPresence(deps: TendPresenceDeps): Promise<void> {
  const nowMs = deps.nowMs()
  const lastMs = Math.min(nowMs, deps.lastMinuteMs)
  const from = `run_${ALPHABET[Math.floor(nowMs / MINUTE_MS) % ALPHABET.length]}`
  const open = await deps.listOpenPresence({ from, limit: LOOKED_AT_MAX })
  const models = [...new Set(open.map(({ model }) => model))].slice(0, MODELS_MAX)
  const linked = new Map<string, ReadonlySet<string>>()
  for (const model of models) {
    try {
      linked.set(model, new Set(await deps.listLinkedRunners(model)))
    } catch {
      // It does not answer now: nothing is known of its links.
    }
  }
  const gone = open
    .filter(({ model, runnerId }) => linked.get(model)?.has(runnerId) === false)
    .slice(0, REPAIRED_MAX)
  if (gone.length > 0) {
    await deps.repairPresence(gone, lastMs)
    deps.log('presence-repaired', { links: gone.length })
  }
  await deps.deletePresence({ beforeMs: nowMs - PRESENCE_KEPT_MS, limit: DELETED_MAX })
}
