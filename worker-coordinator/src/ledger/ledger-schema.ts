import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from './nano-schema.ts'

/** The chart of accounts. Triggers in migrations/ keep the sums; nothing writes them by hand. */
export const ledgerAccounts = sqliteTable('ledger_accounts', {
  id: integer().primaryKey(),
  /** `liab:user:<account>`, `liab:runner:<runner>`, `rev:commission`, `exp:welcome`, … */
  code: text().notNull().unique(),
  /** `credit`: what we owe; debits plus held never exceed credits. `debit`: assets and expenses. */
  side: text({ enum: ['debit', 'credit'] }).notNull(),
  debits: nanoColumn().notNull(),
  credits: nanoColumn().notNull(),
  held: nanoColumn().notNull(),
})

/** Movements. `credit` receives `amount − fee`, `rev:commission` receives `fee`. Never updated, never deleted. */
export const ledgerTransfers = sqliteTable('ledger_transfers', {
  id: text().primaryKey(),
  kind: text({ enum: ['welcome', 'usage', 'refund', 'grant'] }).notNull(),
  debit: integer()
    .notNull()
    .references(() => ledgerAccounts.id),
  credit: integer()
    .notNull()
    .references(() => ledgerAccounts.id),
  amount: nanoColumn().notNull(),
  fee: nanoColumn().notNull(),
  at: integer().notNull(),
})
