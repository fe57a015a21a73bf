import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from './nano-schema.ts'

/** Why money moved. */
export const TRANSFER_KINDS = [
  'welcome',
  'usage',
  'refund',
  'grant',
  /** Coins that arrived, to whom they belong. */
  'deposit',
  /** Coins of the operator that arrived. */
  'float',
  /** What the chain took from the hot wallet. */
  'network-fee',
  /** Earnings that are old enough to be paid out. */
  'mature',
  /** Earnings that their owner spends on chats. */
  'earnings-use',
  /** Set aside for a payout; `fee` is ours. */
  'payout',
  /** Left the hot wallet. */
  'payout-sent',
  /** A payout that the chain did not carry out, back where it came from. */
  'payout-back',
  /** Coins that arrived and nobody is named for. */
  'suspense',
  /** Somebody showed whose they are. */
  'claim',
  /** Nobody did: set aside to go back to the sender. */
  'suspense-return',
  /** Left the hot wallet, and we did not send it. */
  'unknown-out',
  /** Paid in Telegram Stars. */
  'stars',
  /** Given back in Telegram Stars. */
  'stars-back',
  /** Between the hot and the cold wallet. */
  'sweep',
] as const
export type TransferKind = (typeof TRANSFER_KINDS)[number]

/** Ids of the network's own accounts. The sides and codes stand in migrations/. */
export const LEDGER = {
  commission: 1,
  welcome: 2,
  goodwill: 3,
  hot: 4,
  cold: 5,
  payoutInflight: 6,
  networkFee: 7,
  float: 8,
  suspenseDeposit: 9,
  suspenseUnknownOut: 10,
  stars: 11,
} as const

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
export const ledgerTransfers = sqliteTable('ledger_transfers', {
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
})

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
