import type { Nano } from '../../../protocol/src/money.ts'

/** The network's own accounts. Their ids are fixed by the migrations. */
export const LEDGER = { commission: 1, welcome: 2, goodwill: 3 } as const

/**
 * Moves an amount. `debit` pays `amount`, `credit` receives `amount − fee`, `rev:commission` receives `fee`. The id says
 * what it is for, so that the same movement happens once.
 */
export type Transfer = {
  readonly id: string
  readonly kind: 'welcome' | 'usage' | 'refund' | 'grant'
  readonly debit: number
  readonly credit: number
  readonly amount: Nano
  readonly fee: Nano
}

/** What the ledger must always show. All amounts are nano. */
export type LedgerAudit = {
  readonly debits: bigint
  readonly credits: bigint
  /** Charges of ended jobs that no transfer carries: 0 at rest, and always. */
  readonly clearing: bigint
  /** Held by accounts and keys, less the holds of open jobs: 0 always. */
  readonly strayHolds: bigint
  readonly overdrawn: number
}

/** The faults an audit shows, in words; none when the books are in order. */
export function findLedgerFaults(audit: LedgerAudit): readonly string[] {
  return [
    audit.debits === audit.credits
      ? undefined
      : `debits ${audit.debits} differ from credits ${audit.credits}`,
    audit.clearing === 0n ? undefined : `charges and transfers differ by ${audit.clearing}`,
    audit.strayHolds === 0n ? undefined : `holds differ from open jobs by ${audit.strayHolds}`,
    audit.overdrawn === 0 ? undefined : `${audit.overdrawn} accounts are overdrawn`,
  ].filter((fault) => fault !== undefined)
}
