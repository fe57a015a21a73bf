import { desc, sql } from 'drizzle-orm'
import { utf8 } from '../../../protocol/src/bytes.ts'
import type { Db } from '../ledger/ledger-store.ts'
import type { StoredPolicy } from './current-policy.ts'
import { policies } from './sealed-schema.ts'

/** The number of the newest policy; 0 without one. */
export async function readPolicySeq(db: Db): Promise<number> {
  const [row] = await db.select({ seq: policies.seq }).from(policies).orderBy(desc(policies.seq)).limit(1)
  return row?.seq ?? 0
}

/** The newest policy, as it was signed. */
export async function findNewestPolicy(db: Db): Promise<StoredPolicy | undefined> {
  const [row] = await db
    .select({ seq: policies.seq, digest: policies.digest, document: policies.document })
    .from(policies)
    .orderBy(desc(policies.seq))
    .limit(1)
  return row && { ...row, document: utf8(row.document) }
}

export type NewPolicy = {
  readonly seq: number
  readonly digest: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly addedAt: number
  readonly document: string
}

/** Adds a policy. False where one with this or a higher number is there already. */
export async function addPolicy(db: Db, policy: NewPolicy): Promise<boolean> {
  const { seq, digest, issuedAt, expiresAt, addedAt, document } = policy
  const added = await db
    .insert(policies)
    .select(
      sql`select ${seq}, ${digest}, ${issuedAt}, ${expiresAt}, ${addedAt}, ${document}
        where not exists (select 1 from policies where seq >= ${seq})`,
    )
    .returning({ seq: policies.seq })
  return added.length > 0
}
