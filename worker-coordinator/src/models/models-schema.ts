import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The catalog: which files a model's name stands for. A runner with other files under the name is refused. */
export const models = sqliteTable('models', {
  id: text().primaryKey(),
  kind: text({ enum: ['chat', 'embedding'] }).notNull(),
  manifestDigest: text('manifest_digest').notNull(),
  contextTokens: integer('context_tokens').notNull(),
  parameters: integer().notNull(),
  dimensions: integer(),
  /** How many dispatch objects share this model's runners and jobs. */
  shards: integer().notNull(),
  createdAt: integer('created_at').notNull(),
})
