import { createHmac } from 'node:crypto'
import type { Beacon } from '../../../protocol/src/attestation/policy/binding.ts'
import { deriveKey } from './derive-key.ts'

/** How long a beacon is the newest, ms. */
export const BEACON_MS = 10 * 60_000
/** How many are told: the oldest of them is at least two hours old, as old as evidence may be. */
export const BEACONS_TOLD = 13

/**
 * Tells public values with the moment that each was published, the newest first. Nobody without the secret knows a value
 * before its moment, so evidence that carries one is younger than it. Every isolate tells the same.
 */
export function createBeacons(secret: string | undefined): (nowMs: number) => readonly Beacon[] {
  let key: Buffer | undefined
  return (nowMs) => {
    key ??= deriveKey(secret, 'sharnaqa beacons v1')
    const made = key
    const newest = Math.floor(nowMs / BEACON_MS)
    return Array.from({ length: BEACONS_TOLD }, (_, back) => {
      const index = newest - back
      const value = createHmac('sha256', made).update(String(index)).digest('hex')
      return { value, publishedAtMs: index * BEACON_MS }
    })
  }
}
