import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from '../accounts/accounts-schema.ts'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'
import { nanoColumn } from '../ledger/nano-schema.ts'

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
    /** Whose jobs it takes: everybody's, those of the members of `group_id`, or its owner's alone. */
    audience: text({ enum: ['everyone', 'group', 'own'] })
      .notNull()
      .default('everyone'),
    groupId: text('group_id'),
    /** What its last hello said of the machine; null before the first. */
    device: text(),
    /** Continent of its last link; null where it is not known. */
    region: text(),
    lastSeenAt: integer('last_seen_at'),
  },
  (table) => [index('runners_account').on(table.accountId), index('runners_group').on(table.groupId)],
)

/** Prices that an owner set for a runner, instead of those of its own settings. */
export const runnerAsks = sqliteTable(
  'runner_asks',
  {
    runnerId: text('runner_id')
      .notNull()
      .references(() => runners.id),
    model: text().notNull(),
    /** Nano per 1,000,000 tokens. */
    priceInput: nanoColumn('price_input').notNull(),
    priceOutput: nanoColumn('price_output').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runnerId, table.model] })],
)

/** When a runner's link for a model stood: one row per link. `to_at` null: it stands. */
export const runnerPresence = sqliteTable(
  'runner_presence',
  {
    runnerId: text('runner_id')
      .notNull()
      .references(() => runners.id),
    model: text().notNull(),
    fromAt: integer('from_at').notNull(),
    toAt: integer('to_at'),
  },
  (table) => [
    primaryKey({ columns: [table.runnerId, table.model, table.fromAt] }),
    // Links that stand, those of the last day, and those too old to keep: each without looking at the others.
    index('runner_presence_to').on(table.toAt),
  ],
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
