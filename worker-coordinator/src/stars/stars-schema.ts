import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/**
 * Payments in Telegram Stars. The id is Telegram's charge id: each is credited once. `<charge id>#2` is the same payment
 * again, after a refund that Telegram refused.
 */
export const starPayments = sqliteTable(
  'star_payments',
  {
    id: text().primaryKey(),
    accountId: integer('account_id').notNull(),
    stars: integer().notNull(),
    /** The credit that it bought. */
    amount: nanoColumn().notNull(),
    state: text({ enum: ['paid', 'refunded'] }).notNull(),
    at: integer().notNull(),
  },
  (table) => [index('star_payments_account').on(table.accountId, table.at)],
)
