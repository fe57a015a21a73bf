import { inArray } from 'drizzle-orm'
import type { Db } from '../ledger/ledger-store.ts'
import { sealDocuments } from './sealed-schema.ts'

/** Documents that one query names at most. */
const DIGESTS_MAX = 16

/** The keys (raw Ed25519, base64url) that these documents show for receipts, by the id of the runner that signs. */
export async function findReceiptSigners(
  db: Db,
  digests: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (digests.length === 0) return new Map()
  const rows = await db
    .select({ runnerId: sealDocuments.sealedRunnerId, signingKey: sealDocuments.signingKey })
    .from(sealDocuments)
    .where(inArray(sealDocuments.evidenceDigest, digests.slice(0, DIGESTS_MAX)))
  return new Map(rows.map(({ runnerId, signingKey }) => [runnerId, signingKey]))
}
