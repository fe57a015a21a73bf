import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** Money on its way out. `queued` → `planned` in a batch → `paid`, or `failed` and back in the ledger. */
export const payouts = sqliteTable(
  'payouts',
  {
    /** `po_<26 characters>`, derived from its cause. */
    id: text().primaryKey(),
    /** The owner or user; null for coins that go back to an unknown sender. */
    accountId: integer('account_id'),
    /** The ledger account that pays. */
    source: integer().notNull(),
    cause: text({ enum: ['automatic', 'demand', 'return'] }).notNull(),
    /** Raw address, proven at the time of the order. */
    destination: text().notNull(),
    /** What the destination gets, nano. The ledger account paid `amount + fee`. */
    amount: nanoColumn().notNull(),
    fee: nanoColumn().notNull(),
    state: text({ enum: ['queued', 'planned', 'paid', 'failed'] }).notNull(),
    /** The batch that carries it now. */
    seqno: integer(),
    /** Why it failed. */
    reason: text(),
    /** The transaction of the hot wallet that sent it: `<lt>:<hash hex>`. */
    transactionId: text('transaction_id'),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    index('payouts_account').on(table.accountId, table.createdAt),
    index('payouts_state').on(table.state, table.createdAt),
  ],
)

/** A number of the wallet contract, and the payouts that are tried under it. At most one batch is open. */
export const payoutBatches = sqliteTable('payout_batches', {
  seqno: integer().primaryKey(),
  state: text({ enum: ['open', 'done'] }).notNull(),
  createdAt: integer('created_at').notNull(),
})

/** Signed messages of a batch. All are kept: the chain says which of them ran. */
export const payoutVariants = sqliteTable('payout_variants', {
  /** Hash of the message's body, hex: by it a transaction is recognised. */
  bodyHash: text('body_hash').primaryKey(),
  seqno: integer().notNull(),
  /** The external message, base64. */
  boc: text().notNull(),
  /** Ids of the payouts inside, in the order of the messages: JSON. */
  payoutIds: text('payout_ids').notNull(),
  validUntilS: integer('valid_until_s').notNull(),
  createdAt: integer('created_at').notNull(),
})
