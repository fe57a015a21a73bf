import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A day's tree of receipts, as it was published. The receipts themselves stay with their jobs. */
export const receiptDays = sqliteTable('receipt_days', {
  /** Days since 1970, UTC. */
  day: integer().primaryKey(),
  /** Hash of the tree's root, hex. */
  root: text().notNull(),
  leaves: integer().notNull(),
  /** The published JSON, signed. */
  document: text().notNull(),
  /** `<lt>:<hash>` of the transaction that carries the root; null until the chain shows it. */
  transactionId: text('transaction_id'),
  createdAt: integer('created_at').notNull(),
})

/** Parts of a day's tree, 256 leaves each but for the last: a path is made from one of them and the roots of the others. */
export const receiptChunks = sqliteTable(
  'receipt_chunks',
  {
    day: integer().notNull(),
    /** Its place in the day, from 0. */
    chunk: integer().notNull(),
    firstJob: text('first_job').notNull(),
    /** How many receipts of `firstJob` stand in the chunk before. */
    firstSkip: integer('first_skip').notNull(),
    lastJob: text('last_job').notNull(),
    /** How many receipts of `lastJob` stand in this chunk and those before. */
    lastTake: integer('last_take').notNull(),
    leaves: integer().notNull(),
    /** Root of the tree of these leaves, hex. */
    root: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.chunk] })],
)
