import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../ledger/ledger-store.ts'
import type { SealedModel } from './judge-keys.ts'
import type { SealedKey } from './sealed-key.ts'
import { sealDocuments } from './sealed-schema.ts'

/** How many documents of one runner may be in force at once: renewals, restarts and models of two epochs. */
export const DOCUMENTS_PER_RUNNER_MAX = 64
/** How many keys one reading gives. */
const KEYS_MAX = 10_000

export type NewSealDocument = {
  /** Who brought it, and is paid. */
  readonly runnerId: string
  readonly key: SealedKey
  readonly models: readonly SealedModel[]
  readonly document: string
  readonly nowMs: number
}

/**
 * Keeps a document. The same digest again replaces it where it was judged by a newer policy or holds no shorter; what the
 * digest covers cannot differ. Gives false where the runner has too many in force.
 */
export async function keepSealDocument(db: Db, { runnerId, key, models, ...rest }: NewSealDocument) {
  const { document, nowMs } = rest
  const { evidenceDigest, kind, epoch, signingKey, untilMs, policySeq, isSimulated } = key
  const listed = JSON.stringify(models.map(({ id, manifestDigest }) => [id, manifestDigest]))
  const [, kept] = await db.batch([
    db.insert(sealDocuments).select(
      sql`select ${evidenceDigest}, ${runnerId}, ${key.runnerId}, ${kind}, ${listed}, ${epoch}, ${signingKey},
          ${untilMs}, ${policySeq}, ${isSimulated ? 1 : 0}, ${nowMs}, ${document}
        where (select count(*) from seal_documents where runner_id = ${runnerId} and ends_at > ${nowMs}
          and evidence_digest <> ${evidenceDigest}) < ${DOCUMENTS_PER_RUNNER_MAX}
        on conflict (evidence_digest) do update
          set document = excluded.document, ends_at = excluded.ends_at, policy_seq = excluded.policy_seq
          where excluded.runner_id = seal_documents.runner_id and (
            excluded.policy_seq > seal_documents.policy_seq
            or (excluded.policy_seq = seal_documents.policy_seq and (excluded.ends_at > seal_documents.ends_at
              or (excluded.ends_at = seal_documents.ends_at and excluded.document <> seal_documents.document))))`,
    ),
    db
      .select({ digest: sealDocuments.evidenceDigest })
      .from(sealDocuments)
      .where(and(eq(sealDocuments.evidenceDigest, evidenceDigest), eq(sealDocuments.runnerId, runnerId))),
  ])
  return kept.length > 0
}

/** A key that a document in force shows. */
export type KeptKey = {
  /** Who brought it. */
  readonly pairedRunnerId: string
  readonly key: SealedKey
  /** Of the model that was asked for. */
  readonly manifestDigest: string
}

/** The keys of these runners for a model whose documents have not ended, the newest last; without the documents. */
export async function listKeptKeys(
  db: Db,
  {
    runnerIds,
    model,
    nowMs,
  }: { readonly runnerIds: readonly string[]; readonly model: string; readonly nowMs: number },
): Promise<readonly KeptKey[]> {
  const manifest = sql<string | null>`(select m.value ->> 1 from json_each(${sealDocuments.models}) m
    where m.value ->> 0 = ${model} limit 1)`
  const rows = await db
    .select({
      pairedRunnerId: sealDocuments.runnerId,
      runnerId: sealDocuments.sealedRunnerId,
      kind: sealDocuments.kind,
      epoch: sealDocuments.epoch,
      evidenceDigest: sealDocuments.evidenceDigest,
      signingKey: sealDocuments.signingKey,
      untilMs: sealDocuments.untilMs,
      policySeq: sealDocuments.policySeq,
      isSimulated: sealDocuments.isSimulated,
      manifestDigest: manifest,
    })
    .from(sealDocuments)
    .where(
      sql`${sealDocuments.runnerId} in (select value from json_each(${JSON.stringify(runnerIds)}))
        and ${sealDocuments.untilMs} > ${nowMs} and ${manifest} is not null`,
    )
    .orderBy(sealDocuments.createdAt)
    .limit(KEYS_MAX)
  return rows.flatMap(({ pairedRunnerId, manifestDigest, ...key }) =>
    manifestDigest === null ? [] : [{ pairedRunnerId, manifestDigest, key }],
  )
}

/** Documents by their digests. */
export async function readSealDocuments(
  db: Db,
  digests: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({ digest: sealDocuments.evidenceDigest, document: sealDocuments.document })
    .from(sealDocuments)
    .where(inArray(sealDocuments.evidenceDigest, [...digests]))
  return new Map(rows.map(({ digest, document }) => [digest, document]))
}

/** What judging a document again said: until when it holds, and by which policy. */
export type Rejudged = {
  readonly evidenceDigest: string
  readonly untilMs: number
  readonly policySeq: number
}

/** Writes what judging again said, unless a newer policy has judged since. */
export async function settleSealDocuments(db: Db, rejudged: readonly Rejudged[]): Promise<void> {
  if (rejudged.length === 0) return
  const list = JSON.stringify(rejudged.map((one) => [one.evidenceDigest, one.untilMs, one.policySeq]))
  await db.run(sql`
    update seal_documents set ends_at = said.value ->> 1, policy_seq = said.value ->> 2
    from json_each(${list}) said
    where evidence_digest = said.value ->> 0 and policy_seq <= said.value ->> 2`)
}

/** Deletes documents that ended before a moment, at most so many. */
export async function deleteSealDocuments(
  db: Db,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
): Promise<void> {
  await db.run(sql`
    delete from seal_documents where evidence_digest in (
      select evidence_digest from seal_documents where ends_at < ${beforeMs} limit ${limit})`)
}
