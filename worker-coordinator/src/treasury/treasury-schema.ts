import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/**
 * The one hot wallet (`id` 1): how far the chain has been read, and who may write. A halted wallet credits nothing and
 * pays nothing until a person says so.
 */
export const hotWallet = sqliteTable('hot_wallet', {
  id: integer().primaryKey(),
  /** Raw address, `0:<64 hex>`. */
  address: text().notNull(),
  /** Fencing token: grows with each instance of the object; every batch of money asks for it. */
  epoch: integer().notNull(),
  /** The last transaction that was read: logical time as text, hash in hex. Empty before the first. */
  lastLt: text('last_lt').notNull(),
  lastHash: text('last_hash').notNull(),
  /** The wallet's balance after it; `asset:hot` is the same. */
  balance: nanoColumn().notNull(),
  /** The next number that the wallet contract takes. */
  seqno: integer().notNull(),
  state: text({ enum: ['running', 'halted'] }).notNull(),
  /** Why it was halted. */
  reason: text(),
  scannedAt: integer('scanned_at').notNull(),
})
