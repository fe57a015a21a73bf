import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from '../accounts/accounts-schema.ts'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'

/** Runners, each with its owner's account and its own place in the ledger, `liab:runner:<id>`. */
export const runners = sqliteTable(
  'runners',
  {
    id: text().primaryKey(),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id),
    ledgerId: integer('ledger_id')
      .notNull()
      .references(() => ledgerAccounts.id),
    /** Raw Ed25519 public key, base64url. */
    publicKey: text('public_key').notNull(),
    name: text().notNull(),
    state: text({ enum: ['active', 'paused', 'removed'] }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('runners_account').on(table.accountId)],
)

/** Codes with which a runner joins an account. Only their SHA-256 is kept. */
export const pairingCodes = sqliteTable('pairing_codes', {
  hash: text().primaryKey(),
  accountId: integer('account_id')
    .notNull()
    .references(() => accounts.id),
  expiresAt: integer('expires_at').notNull(),
  usedBy: text('used_by'),
})
