import type { Log } from '../platform/log.ts'
import { findLedgerFaults, type LedgerAudit } from './ledger.ts'

/** The alarm looks at everything once in so many minutes, and at the accounts and payouts in between. */
const FULL_EVERY_MINUTES = 60
const MINUTE_MS = 60_000

export type LedgerAlarmDeps = {
  readonly readAudit: (depth: 'sums' | 'full') => Promise<LedgerAudit>
  readonly freezePayouts: (reason: string) => Promise<void>
  readonly nowMs: () => number
  readonly log: Log
}

/**
 * Looks whether the books are in order, and where they are not stops all payouts until a person has looked (docs: action:
 * find the fault, repair it, lift the stop). Gives the faults. An audit that cannot be read stops nothing and throws.
 */
export async function checkLedger(deps: LedgerAlarmDeps): Promise<readonly string[]> {
  const minute = Math.floor(deps.nowMs() / MINUTE_MS)
  const depth = minute % FULL_EVERY_MINUTES === 0 ? 'full' : 'sums'
  const audit = await deps.readAudit(depth)
  if (depth === 'full' && !audit.strayed) deps.log('ledger-too-long-to-add-up')
  const faults = findLedgerFaults(audit)
  if (faults.length > 0) {
    const reason = faults.join('; ')
    await deps.freezePayouts(reason)
    deps.log('ledger-breach', { reason })
  }
  return faults
}
