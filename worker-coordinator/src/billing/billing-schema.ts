import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/**
 * What an account used on a day, UTC, by when its jobs were asked; of the jobs below the cursor `summed`. A chat writes
 * nothing here: the minute's run does, for many chats at once.
 */
export const usageDays = sqliteTable(
  'usage_days',
  {
    accountId: integer('account_id').notNull(),
    /** Days since 1970. */
    day: integer().notNull(),
    model: text().notNull(),
    /** 0: no key, from the bot or the Mini App. */
    keyId: integer('key_id').notNull(),
    jobs: integer().notNull(),
    promptTokens: integer('prompt_tokens').notNull(),
    completionTokens: integer('completion_tokens').notNull(),
    charge: nanoColumn().notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.day, table.model, table.keyId] })],
)
