import type { Db } from '../ledger/ledger-store.ts'
import { logToConsole } from '../platform/log.ts'
import { closePresence, openPresence } from '../runners/presence-store.ts'
import type { LinkFacts } from './desk.ts'

/** Writes that a link stands. Never fails: a link stands without it. */
export function noteLinkUp(db: Db, model: string, facts: LinkFacts): Promise<void> {
  const { runnerId, device, region, linkedAtMs: fromMs } = facts
  return openPresence(db, { runnerId, model, fromMs, device, region }).catch(logFailure)
}

/** Writes that a link ended. Never fails: the clock closes what was left open. */
export function noteLinkDown(db: Db, model: string, facts: LinkFacts, nowMs: number): Promise<void> {
  const { runnerId, linkedAtMs: fromMs } = facts
  return closePresence(db, { runnerId, model, fromMs, toMs: nowMs }).catch(logFailure)
}

function logFailure(error: unknown): void {
  logToConsole('presence-not-written', { error: error instanceof Error ? error.name : '' })
}
