import { isRecord } from '../../session/session.ts'
import type { Keep } from '../device-storage.ts'

/** A pairing that was begun on this device: what is shown again when somebody comes back. */
export type KeptPairing = {
  /** For asking how far it is; it cannot pair anything. */
  readonly id: string
  readonly code: string
  readonly command: string
  readonly expiresAtMs: number
  /** The runner that used the code. Such a pairing is kept beyond the code's end. */
  readonly runnerId?: string
}

const KEPT_AS = 'sharnaqa-pairing'
/** A pairing that earned nothing for so long is found among the runners, not here. */
const KEPT_MS = 24 * 3_600_000

/** The pairing that is going on; undefined where there is none, and where its code ended unused. */
export function readKeptPairing(storage: Keep, nowMs: number): KeptPairing | undefined {
  const kept = parseKept(readText(storage))
  if (!kept) return undefined
  const endMs = kept.expiresAtMs + (kept.runnerId === undefined ? 0 : KEPT_MS)
  return nowMs < endMs ? kept : undefined
}

/** Keeps it. Where the browser keeps nothing, leaving the page ends it. */
export function keepPairing(storage: Keep, pairing: KeptPairing): void {
  try {
    storage.setItem(KEPT_AS, JSON.stringify(pairing))
  } catch {
    // No storage, or none left: the page works as long as it is open.
  }
}

export function forgetPairing(storage: Keep): void {
  try {
    storage.removeItem(KEPT_AS)
  } catch {
    // The same.
  }
}

function readText(storage: Keep): string | null {
  try {
    return storage.getItem(KEPT_AS)
  } catch {
    return null // forbidden
  }
}

function parseKept(text: string | null): KeptPairing | undefined {
  const value = parseJson(text ?? '')
  if (!isRecord(value)) return undefined
  const { id, code, command, expiresAtMs, runnerId } = value
  if (typeof id !== 'string' || typeof code !== 'string' || typeof command !== 'string') return undefined
  if (typeof expiresAtMs !== 'number') return undefined
  return { id, code, command, expiresAtMs, ...(typeof runnerId === 'string' ? { runnerId } : {}) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // nothing kept, or not by us
  }
}
