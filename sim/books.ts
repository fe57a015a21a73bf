import { findLedgerFaults } from '../worker-coordinator/src/ledger/ledger.ts'
import { readLedgerAudit } from '../worker-coordinator/src/ledger/ledger-store.ts'
import type { FaultCounts } from './faults.ts'
import { readRow, type World } from './world.ts'

export type RunResult = FaultCounts & {
  readonly payouts: number
  /** Payouts that reached their destination more than once, or once though the ledger took them back. */
  readonly double: number
  /** Payouts that the ledger calls paid and the chain does not know. */
  readonly lost: number
  /** Payouts that are neither paid nor failed after everything works again. */
  readonly stuck: number
  /** Messages that were kept, sent again by somebody, and taken. */
  readonly replays: number
  /** Rounds of replaced processes. */
  readonly zombies: number
  /** Times that the wallet stopped itself. */
  readonly halts: number
}

/** After every step: `asset:hot` is what the chain held, debits are credits, no guard stays. Throws when not. */
export async function checkBooks(world: World): Promise<void> {
  await world.truth.check()
  const row = await readRow<
    Record<'debits' | 'credits' | 'guards' | 'hot' | 'inflight' | 'open', number> & { lt: string | null }
  >(
    world,
    `SELECT
      (SELECT SUM(debits) FROM ledger_accounts) AS debits,
      (SELECT SUM(credits) FROM ledger_accounts) AS credits,
      (SELECT COUNT(*) FROM guards) AS guards,
      (SELECT debits - credits FROM ledger_accounts WHERE id = 4) AS hot,
      (SELECT last_lt FROM hot_wallet) AS lt,
      (SELECT credits - debits FROM ledger_accounts WHERE id = 6) AS inflight,
      (SELECT COALESCE(SUM(amount), 0) FROM payouts WHERE state IN ('queued', 'planned')) AS open`,
  )
  if (row.debits !== row.credits) throw new Error(`debits ${row.debits} differ from credits ${row.credits}`)
  if (row.guards !== 0) throw new Error('a guard was left behind')
  if (row.inflight !== row.open) throw new Error(`in flight ${row.inflight}, open payouts ${row.open}`)
  const held = world.truth.balanceAt(row.lt ?? '')
  if (BigInt(row.hot) !== held) throw new Error(`asset:hot is ${row.hot}, the chain held ${held}`)
}

/** At the end, as the coordinator's own alarm looks: every account against its transfers. Throws on any fault. */
export async function auditBooks(world: World): Promise<void> {
  const found = findLedgerFaults(await readLedgerAudit(world.db))
  if (found.length > 0) throw new Error(found.join('; '))
  const { n } = await readRow<{ n: number }>(
    world,
    'SELECT COUNT(*) AS n FROM reserve_proofs WHERE transaction_id IS NULL',
  )
  if (world.options.wallet === 'wallet-v5' && n > 0) throw new Error('a root of reserves was not published')
}

export async function countOpen(world: World): Promise<number> {
  const query = "SELECT COUNT(*) AS n FROM payouts WHERE state IN ('queued', 'planned')"
  return (await readRow<{ n: number }>(world, query)).n
}

/** What came of it, by the chain's account and not by the ledger's. */
export async function readResult({ d1, truth, faults, counts }: World): Promise<RunResult> {
  const { results } = await d1
    .prepare('SELECT id, state FROM payouts')
    .all<{ id: string; state: 'queued' | 'planned' | 'paid' | 'failed' }>()
  const delivered = truth.deliveries()
  const timesOf = (id: string) => delivered.get(id) ?? 0
  return {
    ...faults.counts,
    ...counts,
    payouts: results.length,
    double: results.filter(({ id, state }) => timesOf(id) > (state === 'failed' ? 0 : 1)).length,
    lost: results.filter(({ id, state }) => state === 'paid' && timesOf(id) === 0).length,
    stuck: results.filter(({ state }) => state === 'queued' || state === 'planned').length,
  }
}
