import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** Coins that arrived at the hot wallet. Each is credited once: its id is its transaction's `<lt>:<hash hex>`. */
export const deposits = sqliteTable(
  'deposits',
  {
    id: text().primaryKey(),
    /** Raw address. */
    sender: text().notNull(),
    amount: nanoColumn().notNull(),
    /** Null while nobody is named for it. */
    accountId: integer('account_id'),
    /** How the account was found. */
    via: text({ enum: ['tag', 'comment', 'sender', 'escrow', 'claim', 'float', 'none'] }).notNull(),
    /** The text comment, cut to 120 characters; null without one. */
    comment: text(),
    state: text({ enum: ['credited', 'suspense', 'claimed', 'returning', 'returned'] }).notNull(),
    /** The chain's time of arrival, ms. */
    at: integer().notNull(),
  },
  (table) => [
    index('deposits_account').on(table.accountId, table.at),
    index('deposits_state').on(table.state, table.at),
  ],
)
