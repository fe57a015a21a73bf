import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from '../accounts/accounts-schema.ts'

/** The wallet that an account has shown to be its own. Payouts go there and nowhere else. */
export const wallets = sqliteTable('wallets', {
  accountId: integer('account_id')
    .primaryKey()
    .references(() => accounts.id),
  /** Raw address. One wallet belongs to one account. */
  address: text().notNull().unique(),
  provenAt: integer('proven_at').notNull(),
  /** Another wallet that was proven, and from when it counts. */
  nextAddress: text('next_address').unique(),
  nextFrom: integer('next_from'),
})

/** Nonces for proofs. Each is good once, for one account, for a short time. */
export const proofNonces = sqliteTable(
  'proof_nonces',
  {
    /** SHA-256 of the nonce, hex. */
    hash: text().primaryKey(),
    accountId: integer('account_id').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('proof_nonces_account').on(table.accountId, table.expiresAt)],
)
