import { createHmac } from 'node:crypto'
import { putBounded } from '../accounts/bounded-map.ts'

/** Keys that are kept rather than made again every two seconds. */
const KEPT_MAX = 5_000
/** 72 bits: no two runners share one. */
const KEY_CHARS = 12

/**
 * Names runners in the public field. The same runner has the same key at every isolate and after every restart; without
 * the secret nobody finds a runner's id by its key, or the key by the id. A coordinator that has no secret draws one for
 * each isolate.
 */
export function createFieldKeys(secret: string = crypto.randomUUID()): (runnerId: string) => string {
  const kept = new Map<string, string>()
  return (runnerId) => {
    const known = kept.get(runnerId)
    if (known !== undefined) return known
    const digest = createHmac('sha256', secret).update(`sharnaqa network field v1 ${runnerId}`).digest()
    const key = digest.toString('base64url').slice(0, KEY_CHARS)
    putBounded(kept, runnerId, key, KEPT_MAX)
    return key
  }
}
