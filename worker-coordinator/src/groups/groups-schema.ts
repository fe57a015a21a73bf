import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from '../accounts/accounts-schema.ts'

/** People who share runners. */
export const groups = sqliteTable(
  'groups',
  {
    id: text().primaryKey(),
    /** Whose it is. The owner is a member without a row in `group_members`. */
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    /** Whoever has it can join; null: nobody can. */
    invitation: text().unique(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('groups_account').on(table.accountId)],
)

export const groupMembers = sqliteTable(
  'group_members',
  {
    groupId: text('group_id')
      .notNull()
      .references(() => groups.id),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id),
    joinedAt: integer('joined_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.accountId] }),
    index('group_members_account').on(table.accountId),
  ],
)
