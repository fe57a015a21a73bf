import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { runners } from '../runners/runners-schema.ts'

/** Policies as their signers signed them; the newest judges. None is ever changed or removed. */
export const policies = sqliteTable('policies', {
  seq: integer().primaryKey(),
  /** SHA-256 of what was signed, hex. */
  digest: text().notNull(),
  issuedAt: integer('issued_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  addedAt: integer('added_at').notNull(),
  /** As `signPolicy` writes it. Last, as it is long. */
  document: text().notNull(),
})

/** What runners showed for the keys that requests are sealed to: a TEE's evidence, or a paired runner's announcement. */
export const sealDocuments = sqliteTable(
  'seal_documents',
  {
    evidenceDigest: text('evidence_digest').primaryKey(),
    /** Who brought it, and is paid. */
    runnerId: text('runner_id')
      .notNull()
      .references(() => runners.id),
    /** What a header's candidate names. */
    sealedRunnerId: text('sealed_runner_id').notNull(),
    kind: text({ enum: ['tee', 'paired'] }).notNull(),
    /** `[[model, manifest digest], …]`, JSON. */
    models: text().notNull(),
    epoch: integer().notNull(),
    /** Raw Ed25519, base64url. */
    signingKey: text('signing_key').notNull(),
    /** The first moment at which a part of it ends. */
    untilMs: integer('ends_at').notNull(),
    /** Of the policy by which it was judged last; 0 for an announcement. */
    policySeq: integer('policy_seq').notNull(),
    isSimulated: integer('is_simulated', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    /** As the runner sent it, byte for byte. Last, as it is long. */
    document: text().notNull(),
  },
  (table) => [
    // A runner's documents that have not ended; and all that ended long ago.
    index('seal_documents_runner').on(table.runnerId, table.untilMs),
    index('seal_documents_ends').on(table.untilMs),
  ],
)
