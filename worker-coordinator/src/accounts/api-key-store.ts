import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { apiKeys } from './accounts-schema.ts'
import { makeApiKey } from './api-key.ts'

/** How many working keys one account can have. */
export const KEYS_MAX = 50

/** A key as its owner sees it. Times are Unix ms; a limit of null is none. */
export type ApiKey = {
  readonly id: number
  readonly name: string
  readonly prefix: string
  readonly limitDay: Nano | null
  readonly limitMonth: Nano | null
  readonly held: Nano
  readonly spent: Nano
  readonly spentDay: Nano
  readonly spentMonth: Nano
  readonly createdAt: number
  readonly lastUsedAt: number | null
}
export type ApiKeyChange = {
  readonly name?: string | undefined
  readonly limitDay?: Nano | null | undefined
  readonly limitMonth?: Nano | null | undefined
}
export type FoundKey = { readonly keyId: number; readonly accountId: number; readonly revoked: boolean }

export type CreateApiKey = {
  readonly accountId: number
  readonly name: string
  readonly limitDay: Nano | null
  readonly limitMonth: Nano | null
  readonly nowMs: number
  /** 32 random bytes. */
  readonly random: Uint8Array
}
export type CreateApiKeyResult =
  | { readonly ok: true; readonly key: string; readonly apiKey: ApiKey }
  | { readonly ok: false; readonly reason: 'too-many-keys' | 'account-gone' }

/** Makes a key and keeps only its hash. The key in the result is the only copy there will ever be. */
export async function createApiKey(
  db: Db,
  { accountId, name, limitDay, limitMonth, nowMs, random }: CreateApiKey,
): Promise<CreateApiKeyResult> {
  const { key, prefix, hash } = await makeApiKey(random)
  const working = sql`select count(*) from api_keys where account_id = ${accountId} and revoked_at is null`
  try {
    await db.insert(apiKeys).select(
      sql`select null, ${accountId}, ${hash}, ${prefix}, ${name}, ${sql.param(limitDay, apiKeys.limitDay)},
        ${sql.param(limitMonth, apiKeys.limitMonth)}, 0, 0, 0, 0, 0, 0, ${nowMs}, null, null
        from accounts where id = ${accountId} and telegram_id is not null and (${working}) < ${KEYS_MAX}`,
    )
  } catch (error) {
    const committed = await readByHash(db, hash, nowMs)
    if (!committed) throw error
    return { ok: true, key, apiKey: committed }
  }
  const apiKey = await readByHash(db, hash, nowMs)
  if (apiKey) return { ok: true, key, apiKey }
  const keys = await listApiKeys(db, accountId, nowMs)
  return { ok: false, reason: keys.length >= KEYS_MAX ? 'too-many-keys' : 'account-gone' }
}

/** The keys of an account that work, the oldest first. */
export async function listApiKeys(db: Db, accountId: number, nowMs: number): Promise<readonly ApiKey[]> {
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt)))
    .orderBy(asc(apiKeys.id))
    .limit(KEYS_MAX)
  return rows.map((row) => toApiKey(row, nowMs))
}

/** Changes a working key's name or limits. Undefined when the account has no such key. */
export async function updateApiKey(
  db: Db,
  { accountId, keyId, change }: { accountId: number; keyId: number; change: ApiKeyChange },
  nowMs: number,
): Promise<ApiKey | undefined> {
  const mine = and(eq(apiKeys.id, keyId), eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt))
  const isChanged = Object.values(change).some((value) => value !== undefined)
  if (isChanged) await db.update(apiKeys).set(change).where(mine)
  const [row] = await db.select().from(apiKeys).where(mine)
  return row && toApiKey(row, nowMs)
}

/** Revokes a key for good; its running jobs end as they would. False when the account has no such key. Repeatable. */
export async function revokeApiKey(
  db: Db,
  { accountId, keyId }: { accountId: number; keyId: number },
  nowMs: number,
): Promise<boolean> {
  const rows = await db
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${nowMs})` })
    .where(and(eq(apiKeys.id, keyId), eq(apiKeys.accountId, accountId)))
    .returning({ id: apiKeys.id })
  return rows.length > 0
}

/** Finds a key by its SHA-256, revoked or not. */
export async function findKeyByHash(db: Db, hash: string): Promise<FoundKey | undefined> {
  const [row] = await db
    .select({ keyId: apiKeys.id, accountId: apiKeys.accountId, revokedAt: apiKeys.revokedAt })
    .from(apiKeys)
    .where(eq(apiKeys.hash, hash))
  return row && { keyId: row.keyId, accountId: row.accountId, revoked: row.revokedAt !== null }
}

async function readByHash(db: Db, hash: string, nowMs: number): Promise<ApiKey | undefined> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.hash, hash))
  return row && toApiKey(row, nowMs)
}

/** The sums of a past day or month stand in the row until the next job of the key ends: they are 0 by now. */
function toApiKey(row: typeof apiKeys.$inferSelect, nowMs: number): ApiKey {
  const now = new Date(nowMs)
  const day = Math.floor(nowMs / 86_400_000)
  const month = now.getUTCFullYear() * 100 + now.getUTCMonth() + 1
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    limitDay: row.limitDay,
    limitMonth: row.limitMonth,
    held: row.held,
    spent: row.spent,
    spentDay: row.day === day ? row.spentDay : nano(0n),
    spentMonth: row.month === month ? row.spentMonth : nano(0n),
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
  }
}
