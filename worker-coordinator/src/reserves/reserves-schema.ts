import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** A day's proof of reserves, as it was published. */
export const reserveProofs = sqliteTable('reserve_proofs', {
  /** Days since 1970, UTC. */
  day: integer().primaryKey(),
  /** Hash of the tree's root, hex. */
  root: text().notNull(),
  /** Sum of all that is owed. */
  total: nanoColumn().notNull(),
  leaves: integer().notNull(),
  /** The published JSON, signed. */
  document: text().notNull(),
  /** `<lt>:<hash>` of the transaction that carries the root; null until the chain shows it. */
  transactionId: text('transaction_id'),
  createdAt: integer('created_at').notNull(),
  /** What paths are made from without reading all leaves, JSON; null once the leaves are gone. Last, as it is long. */
  crown: text(),
})

/** What each account was owed at that moment: makes paths for as long as the day is kept. */
export const reserveLeaves = sqliteTable('reserve_leaves', {
  /** `<day>/<place in the tree, 8 digits>`. */
  id: text().primaryKey(),
  ledgerId: integer('ledger_id').notNull(),
  /** Hex, 16 bytes: only its account's person is told. Leaves stand in the order of their salts. */
  salt: text().notNull(),
  amount: nanoColumn().notNull(),
})
