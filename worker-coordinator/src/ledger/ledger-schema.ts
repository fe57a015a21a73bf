import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { TRANSFER_KINDS } from './ledger.ts'
import { nanoColumn } from './nano-schema.ts'

export { LEDGER, TRANSFER_KINDS, type TransferKind } from './ledger.ts'

/** The chart of accounts. Triggers in migrations/ keep the sums; nothing writes them by hand. */
export const ledgerAccounts = sqliteTable('ledger_accounts', {
  id: integer().primaryKey(),
  /** `liab:user:<account>`, `liab:runner:<runner>` (earnings that mature), `liab:owner:<account>` (that can be paid out), `rev:commission`, … */
  code: text().notNull().unique(),
  /** `credit`: what we owe; debits plus held never exceed credits. `debit`: assets and expenses. */
  side: text({ enum: ['debit', 'credit'] }).notNull(),
  debits: nanoColumn().notNull(),
  credits: nanoColumn().notNull(),
  held: nanoColumn().notNull(),
})

/** Movements. `credit` receives `amount − fee`, `rev:commission` receives `fee`. Never updated, never deleted. */
export const ledgerTransfers = sqliteTable(
  'ledger_transfers',
  {
    id: text().primaryKey(),
    kind: text({ enum: TRANSFER_KINDS }).notNull(),
    debit: integer()
      .notNull()
      .references(() => ledgerAccounts.id),
    credit: integer()
      .notNull()
      .references(() => ledgerAccounts.id),
    amount: nanoColumn().notNull(),
    fee: nanoColumn().notNull(),
    at: integer().notNull(),
  },
  // What an account sees of its ledger. Usage stays out: it is read from the jobs, and a chat writes no more rows for this.
  (table) => [
    index('ledger_transfers_debit').on(table.debit, table.at).where(sql`${table.kind} <> 'usage'`),
    index('ledger_transfers_credit').on(table.credit, table.at).where(sql`${table.kind} <> 'usage'`),
  ],
)

/**
 * Coins of an account that came from outside, and left again: only these can be paid out, and never a welcome credit or
 * Stars. `id` is a `liab:user:` account. Kept by triggers on transfers.
 */
export const ledgerCoins = sqliteTable('ledger_coins', {
  id: integer()
    .primaryKey()
    .references(() => ledgerAccounts.id),
  deposited: nanoColumn().notNull(),
  withdrawn: nanoColumn().notNull(),
})

/** A batch that holds only under a condition writes it here first: CHECK (ok = 1). Always empty at rest. */
export const guards = sqliteTable('guards', { ok: integer().notNull() })

/** What stops money: `payouts-frozen` set by the audit or a person. A row is a stop that stands. */
export const ledgerStops = sqliteTable('ledger_stops', {
  name: text({ enum: ['payouts-frozen'] }).primaryKey(),
  reason: text().notNull(),
  at: integer().notNull(),
})

/**
 * How far the jobs have been gone through, each once: `matured` for earnings, `summed` for the figures of a day. Every job
 * with an id below `upTo` has ended, and a trigger on jobs refuses a new one below it.
 */
export const ledgerCursors = sqliteTable('ledger_cursors', {
  name: text({ enum: ['matured', 'summed'] }).primaryKey(),
  /** The beginning of a job's id: `job_` and its time. Only ever grows. */
  upTo: text('up_to').notNull(),
})
