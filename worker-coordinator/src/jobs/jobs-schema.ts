import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { nanoColumn } from '../ledger/nano-schema.ts'

/**
 * The queue of record. A row is also the hold of its job: triggers set `hold` aside when the row comes, and release it,
 * once, when the job ends. Neither prompts nor answers are ever written here.
 */
export const jobs = sqliteTable(
  'jobs',
  {
    id: text().primaryKey(),
    accountId: integer('account_id').notNull(),
    keyId: integer('key_id'),
    kind: text({ enum: ['chat', 'embedding'] }).notNull(),
    model: text().notNull(),
    /** Which of the model's dispatch objects owns the job. */
    shard: integer().notNull(),
    tier: text({ enum: ['open', 'own', 'confidential'] }).notNull(),
    state: text({ enum: ['queued', 'running', 'done', 'stopped', 'failed'] }).notNull(),
    reason: text(),
    /** The prices pinned at the hold, nano per 1,000,000 tokens: no runner of this job may cost more. */
    priceInput: nanoColumn('price_input').notNull(),
    priceOutput: nanoColumn('price_output').notNull(),
    hold: nanoColumn().notNull(),
    charge: nanoColumn().notNull(),
    promptTokens: integer('prompt_tokens').notNull(),
    completionTokens: integer('completion_tokens').notNull(),
    /** JSON: who was chosen and why, one entry per attempt. */
    why: text(),
    /** JSON: the runners' signed receipts. */
    receipts: text(),
    createdAt: integer('created_at').notNull(),
    firstDeltaAt: integer('first_delta_at'),
    endedAt: integer('ended_at'),
  },
  (table) => [index('jobs_queued').on(table.model, table.id).where(sql`${table.state} = 'queued'`)],
)

/** `Idempotency-Key`s. Both columns are hashes: neither the key nor the body is kept. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    accountId: integer('account_id').notNull(),
    keyHash: text('key_hash').notNull(),
    fingerprint: text().notNull(),
    jobId: text('job_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.keyHash] })],
)
