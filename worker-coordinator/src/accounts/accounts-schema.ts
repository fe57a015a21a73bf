import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** People. An account's id is also the id of its place in the ledger, `liab:user:<id>`. */
export const accounts = sqliteTable('accounts', {
  id: integer()
    .primaryKey()
    .references(() => ledgerAccounts.id),
  /** Null once the person had the account deleted. */
  telegramId: integer('telegram_id').unique(),
  createdAt: integer('created_at').notNull(),
})

/** API keys. Spent and held are kept by triggers on jobs; a limit of null is none. Days and months are UTC. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: integer().primaryKey(),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id),
    /** SHA-256 of the key, hex. The key itself is shown once and not kept. */
    hash: text().notNull().unique(),
    /** The first characters, by which a person recognises it. */
    prefix: text().notNull(),
    name: text().notNull(),
    limitDay: nanoColumn('limit_day'),
    limitMonth: nanoColumn('limit_month'),
    held: nanoColumn().notNull(),
    spent: nanoColumn().notNull(),
    /** Days since 1970 of `spentDay`. */
    day: integer().notNull(),
    spentDay: nanoColumn('spent_day').notNull(),
    /** Year and month of `spentMonth`, like 202611. */
    month: integer().notNull(),
    spentMonth: nanoColumn('spent_month').notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('api_keys_account').on(table.accountId)],
)
