import { eq } from 'drizzle-orm'
import type { Hello } from '../../../protocol/src/runner/up.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { models } from './models-schema.ts'

export type Model = typeof models.$inferSelect

export function listModels(db: Db): Promise<readonly Model[]> {
  return db.select().from(models).limit(1000)
}

export async function findModel(db: Db, id: string): Promise<Model | undefined> {
  const [model] = await db.select().from(models).where(eq(models.id, id))
  return model
}

/** Adds the model that a runner brings, if its name is new. Gives the entry that stands, whoever made it. */
export async function addModel(db: Db, hello: Hello, nowMs: number): Promise<Model | undefined> {
  await db
    .insert(models)
    .values({
      id: hello.model,
      kind: hello.kind,
      manifestDigest: hello.manifestDigest,
      contextTokens: hello.contextTokens,
      parameters: hello.parameters,
      dimensions: hello.dimensions ?? null,
      shards: 1,
      createdAt: nowMs,
    })
    .onConflictDoNothing()
  return findModel(db, hello.model)
}
