import { and, desc, eq, gte, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Nano } from '../../../protocol/src/money.ts'
import type { PublishedRoot } from '../../../protocol/src/reserves/reserve-comment.ts'
import { LEDGER } from '../ledger/ledger.ts'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { runners } from '../runners/runners-schema.ts'
import { hotWallet } from '../treasury/treasury-schema.ts'
import { toDayText } from './reserve-day.ts'
import { reserveLeaves, reserveProofs } from './reserves-schema.ts'

/** How many leaves one statement writes: about 200 KB of JSON, where D1 takes 2 MB. */
const LEAVES_PER_INSERT = 2_000
/** How many days a list shows. */
export const LISTED_DAYS_MAX = 400
/** How many days a root waits for the chain before nobody sends it any more. */
const UNPUBLISHED_DAYS = 31
const PLACE_DIGITS = 8

/** What the network owes one account. */
export type Owed = { readonly ledgerId: number; readonly account: string; readonly amount: Nano }
/** The ledger at one moment. */
export type LedgerMoment = {
  readonly owed: readonly Owed[]
  readonly hot: Nano
  readonly cold: Nano
  /** Absent until the hot wallet was read for the first time. */
  readonly wallet:
    | { readonly address: string; readonly lastLt: string; readonly lastHash: string }
    | undefined
}

/**
 * Reads all that is owed (also 0) with what there is to pay it, in one batch: D1 runs it as one transaction, so no
 * transfer falls between. What jobs hold is owed until it is charged.
 */
export async function readLedgerMoment(db: Db): Promise<LedgerMoment> {
  const balance = (sum: typeof owes) => sum.mapWith(ledgerAccounts.credits).as('balance')
  const owes = sql`${ledgerAccounts.credits} - ${ledgerAccounts.debits}`
  const has = sql`${ledgerAccounts.debits} - ${ledgerAccounts.credits}`
  const [owed, assets, [wallet]] = await db.batch([
    db
      .select({ ledgerId: ledgerAccounts.id, account: ledgerAccounts.code, amount: balance(owes) })
      .from(ledgerAccounts)
      .where(or(sql`${ledgerAccounts.code} GLOB 'liab:*'`, eq(ledgerAccounts.id, LEDGER.suspenseDeposit))),
    db
      .select({ id: ledgerAccounts.id, amount: balance(has) })
      .from(ledgerAccounts)
      .where(or(eq(ledgerAccounts.id, LEDGER.hot), eq(ledgerAccounts.id, LEDGER.cold))),
    db
      .select({ address: hotWallet.address, lastLt: hotWallet.lastLt, lastHash: hotWallet.lastHash })
      .from(hotWallet)
      .where(eq(hotWallet.id, 1)),
  ])
  const hot = assets.find(({ id }) => id === LEDGER.hot)?.amount
  const cold = assets.find(({ id }) => id === LEDGER.cold)?.amount
  if (hot === undefined || cold === undefined) throw new Error('the ledger has no asset:hot or no asset:cold')
  return { owed, hot, cold, wallet }
}

export type NewProof = {
  readonly day: number
  readonly root: string
  readonly total: Nano
  /** The published JSON, signed. */
  readonly document: string
  readonly crown: string
  readonly createdAt: number
  /** In the order of the tree. */
  readonly leaves: readonly { readonly ledgerId: number; readonly salt: string; readonly amount: Nano }[]
}

/**
 * Writes a day's proof with its leaves, all or nothing. Gives the document that stands after it: another one where
 * somebody was there first. A reply that was lost is found again.
 */
export async function insertProof(db: Db, { leaves, ...proof }: NewProof): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(leaves.length / LEAVES_PER_INSERT) }, (_, i) =>
    leaves
      .slice(i * LEAVES_PER_INSERT, (i + 1) * LEAVES_PER_INSERT)
      .map(({ ledgerId, salt, amount }, n) => [
        leafId(proof.day, i * LEAVES_PER_INSERT + n),
        ledgerId,
        salt,
        reserveLeaves.amount.mapToDriverValue(amount),
      ]),
  )
  try {
    await db.batch([
      db.insert(reserveProofs).values({ ...proof, leaves: leaves.length }),
      ...chunks.map((rows) =>
        db
          .insert(reserveLeaves)
          .select(
            sql`select value->>0, value->>1, value->>2, value->>3 from json_each(${JSON.stringify(rows)}) where true`,
          ),
      ),
    ])
  } catch (error) {
    const standing = await findDocument(db, proof.day)
    if (standing === undefined) throw error
    return standing
  }
  return proof.document
}

/** The published JSON of a day, as it was signed. */
export async function findDocument(db: Db, day: number): Promise<string | undefined> {
  const [row] = await db
    .select({ document: reserveProofs.document })
    .from(reserveProofs)
    .where(eq(reserveProofs.day, day))
  return row?.document
}

export type ListedProof = {
  readonly day: number
  readonly root: string
  readonly total: Nano
  readonly leaves: number
  /** `<lt>:<hash>` of the transaction that carries the root. */
  readonly transactionId: string | null
  /** Whether paths can still be asked for. */
  readonly pathsKept: boolean
}

/** The days that have a proof, the newest first, with the newest document. */
export async function listProofs(
  db: Db,
): Promise<{ readonly latest: string | undefined; readonly days: readonly ListedProof[] }> {
  const [[latest], days] = await db.batch([
    db
      .select({ document: reserveProofs.document })
      .from(reserveProofs)
      .orderBy(desc(reserveProofs.day))
      .limit(1),
    db
      .select({
        day: reserveProofs.day,
        root: reserveProofs.root,
        total: reserveProofs.total,
        leaves: reserveProofs.leaves,
        transactionId: reserveProofs.transactionId,
        pathsKept: sql`${reserveProofs.crown} is not null`.mapWith(Boolean).as('paths_kept'),
      })
      .from(reserveProofs)
      .orderBy(desc(reserveProofs.day))
      .limit(LISTED_DAYS_MAX),
  ])
  return { latest: latest?.document, days }
}

export type ProofForPaths = {
  readonly root: string
  readonly total: Nano
  readonly leaves: number
  /** Null once the day's leaves are gone. */
  readonly crown: string | null
}

export async function findProofForPaths(db: Db, day: number): Promise<ProofForPaths | undefined> {
  const [row] = await db
    .select({
      root: reserveProofs.root,
      total: reserveProofs.total,
      leaves: reserveProofs.leaves,
      crown: reserveProofs.crown,
    })
    .from(reserveProofs)
    .where(eq(reserveProofs.day, day))
  return row
}

/** The places in the ledger that are an account's: its balance, its earnings, its runners, also those that were removed. */
export async function listOwnLedgerIds(db: Db, accountId: number): Promise<readonly number[]> {
  const mine = db.select({ id: runners.ledgerId }).from(runners).where(eq(runners.accountId, accountId))
  const rows = await db
    .select({ id: ledgerAccounts.id })
    .from(ledgerAccounts)
    .where(
      or(
        eq(ledgerAccounts.code, `liab:user:${accountId}`),
        eq(ledgerAccounts.code, `liab:owner:${accountId}`),
        sql`${ledgerAccounts.id} in ${mine}`,
      ),
    )
  return rows.map(({ id }) => id)
}

export type StoredLeaf = {
  readonly place: number
  readonly ledgerId: number
  readonly account: string
  readonly salt: string
  readonly amount: Nano
}

/** Leaves of a day from `from` up to, and without, `to`, for each such range; in the order of the tree. */
export async function readLeaves(
  db: Db,
  day: number,
  ranges: readonly { readonly from: number; readonly to: number }[],
): Promise<readonly StoredLeaf[]> {
  const bounds = JSON.stringify(ranges.map(({ from, to }) => [leafId(day, from), leafId(day, to)]))
  const rows = await db
    .select({
      id: reserveLeaves.id,
      ledgerId: reserveLeaves.ledgerId,
      account: ledgerAccounts.code,
      salt: reserveLeaves.salt,
      amount: reserveLeaves.amount,
    })
    .from(sql`json_each(${bounds}) as bounds`)
    .crossJoin(reserveLeaves)
    .innerJoin(ledgerAccounts, eq(ledgerAccounts.id, reserveLeaves.ledgerId))
    .where(and(gte(reserveLeaves.id, sql`bounds.value->>0`), lt(reserveLeaves.id, sql`bounds.value->>1`)))
    .orderBy(reserveLeaves.id)
  return rows.map(({ id, ...leaf }) => ({ ...leaf, place: Number(id.slice(-PLACE_DIGITS)) }))
}

/**
 * Forgets leaves of days before `beforeDay`, at most `limit` of them. Their proofs stay; paths of those days can no
 * longer be asked for. Gives how many went.
 */
export async function deleteLeavesBefore(
  db: Db,
  { beforeDay, limit }: { readonly beforeDay: number; readonly limit: number },
): Promise<number> {
  const old = db
    .select({ id: reserveLeaves.id })
    .from(reserveLeaves)
    .where(lt(reserveLeaves.id, leafId(beforeDay, 0)))
    .orderBy(reserveLeaves.id)
    .limit(limit)
  const [, deleted] = await db.batch([
    db
      .update(reserveProofs)
      .set({ crown: null })
      .where(and(lt(reserveProofs.day, beforeDay), isNotNull(reserveProofs.crown))),
    db.delete(reserveLeaves).where(sql`${reserveLeaves.id} in ${old}`),
  ])
  return deleted.meta.changes
}

/** The oldest root, of the last month, that the chain does not show yet: what the hot wallet sends to itself next. */
export async function findUnpublishedRoot(db: Db, today: number): Promise<PublishedRoot | undefined> {
  const [row] = await db
    .select({ day: reserveProofs.day, root: reserveProofs.root })
    .from(reserveProofs)
    .where(and(gte(reserveProofs.day, today - UNPUBLISHED_DAYS), isNull(reserveProofs.transactionId)))
    .orderBy(reserveProofs.day)
    .limit(1)
  return row && { day: toDayText(row.day), root: row.root }
}

/**
 * The statement that notes which transaction carries a root; alone or in a batch. Repeatable: the first one counts.
 * `transactionId` is `<lt>:<hash hex>`.
 */
export function markPublished(
  db: Db,
  {
    day,
    root,
    transactionId,
  }: { readonly day: number; readonly root: string; readonly transactionId: string },
) {
  return db
    .update(reserveProofs)
    .set({ transactionId })
    .where(and(eq(reserveProofs.day, day), eq(reserveProofs.root, root), isNull(reserveProofs.transactionId)))
}

function leafId(day: number, place: number): string {
  return `${day}/${String(place).padStart(PLACE_DIGITS, '0')}`
}
