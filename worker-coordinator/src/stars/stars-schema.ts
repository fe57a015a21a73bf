import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** Payments in Telegram Stars. The id is Telegram's charge id: each is credited once. */
export const starPayments = sqliteTable('star_payments', {
  id: text().primaryKey(),
  accountId: integer('account_id').notNull(),
  stars: integer().notNull(),
  /** The credit that it bought. */
  amount: nanoColumn().notNull(),
  state: text({ enum: ['paid', 'refunded'] }).notNull(),
  at: integer().notNull(),
})
