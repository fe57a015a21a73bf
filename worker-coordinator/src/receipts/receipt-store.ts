import { and, asc, desc, eq, gt, gte, isNull, lt, lte, max, min, or, sql } from 'drizzle-orm'
import type { PublishedReceipts } from '../../../protocol/src/receipts/receipts-comment.ts'
import { jobs } from '../jobs/jobs-schema.ts'
import { jobTimeMs } from '../ledger/job-window.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { dayOf, toDayText } from '../reserves/reserve-day.ts'
import type { NewReceiptDay, PageOfJobs } from './build-receipt-day.ts'
import { CHUNK_LEAVES, type JobReceipts, type ReceiptChunk } from './receipt-leaves.ts'
import { receiptChunks, receiptDays } from './receipts-schema.ts'

/** How many days a list shows. */
const LISTED_DAYS_MAX = 400
/** How many days a root waits for the chain before nobody sends it any more. */
const UNPUBLISHED_DAYS = 31
/** How many chunks one statement writes: D1 takes 100 parameters. */
const CHUNKS_PER_INSERT = 12

const hasReceipts = sql`json_array_length(${jobs.receipts}) > 0`

/** The first day without a tree: the one after the last, or that of the first job; undefined before the first job. */
export async function findNextDay(db: Db): Promise<number | undefined> {
  const [[last], [first]] = await db.batch([
    db.select({ day: max(receiptDays.day) }).from(receiptDays),
    db.select({ id: min(jobs.id) }).from(jobs),
  ])
  if (last?.day != null) return last.day + 1
  return first?.id == null ? undefined : dayOf(jobTimeMs(first.id))
}

/** The chunks of a day, in their order. */
export function listChunks(db: Db, day: number): Promise<readonly ReceiptChunk[]> {
  const { day: _, ...columns } = columnsOfChunk
  return db
    .select(columns)
    .from(receiptChunks)
    .where(eq(receiptChunks.day, day))
    .orderBy(asc(receiptChunks.chunk))
}

const columnsOfChunk = {
  day: receiptChunks.day,
  chunk: receiptChunks.chunk,
  firstJob: receiptChunks.firstJob,
  firstSkip: receiptChunks.firstSkip,
  lastJob: receiptChunks.lastJob,
  lastTake: receiptChunks.lastTake,
  leaves: receiptChunks.leaves,
  root: receiptChunks.root,
}

/** Jobs between two ids, `beforeId` excluded, that have receipts or have not ended, at most `limit`. */
export async function readJobsPage(
  db: Db,
  { fromId, beforeId, limit }: { readonly fromId: string; readonly beforeId: string; readonly limit: number },
): Promise<PageOfJobs> {
  const rows = await db
    .select({ id: jobs.id, receipts: jobs.receipts, endedAt: jobs.endedAt })
    .from(jobs)
    .where(and(gte(jobs.id, fromId), lt(jobs.id, beforeId), or(hasReceipts, isNull(jobs.endedAt))))
    .orderBy(asc(jobs.id))
    .limit(limit)
  return {
    jobs: rows.flatMap(({ id, receipts }) => (receipts === null ? [] : [{ id, receipts }])),
    openId: rows.find(({ endedAt }) => endedAt === null)?.id,
  }
}

/** The jobs of a chunk, from its first to its last. */
export async function readChunk(
  db: Db,
  { firstJob, lastJob }: { readonly firstJob: string; readonly lastJob: string },
): Promise<readonly JobReceipts[]> {
  const rows = await db
    .select({ id: jobs.id, receipts: sql<string>`${jobs.receipts}`.as('receipts') })
    .from(jobs)
    .where(and(gte(jobs.id, firstJob), lte(jobs.id, lastJob), hasReceipts))
    .orderBy(asc(jobs.id))
    .limit(CHUNK_LEAVES)
  return rows
}

/** Writes chunks, and the day with its last ones, all or nothing. What stands already stays. */
export async function insertChunks(
  db: Db,
  day: number,
  chunks: readonly ReceiptChunk[],
  whole: NewReceiptDay | undefined,
): Promise<void> {
  const parts = Array.from({ length: Math.ceil(chunks.length / CHUNKS_PER_INSERT) }, (_, i) =>
    db
      .insert(receiptChunks)
      .values(
        chunks.slice(i * CHUNKS_PER_INSERT, (i + 1) * CHUNKS_PER_INSERT).map((chunk) => ({ day, ...chunk })),
      )
      .onConflictDoNothing(),
  )
  const [first, ...rest] = [
    ...(whole ? [db.insert(receiptDays).values(whole).onConflictDoNothing()] : []),
    ...parts,
  ]
  if (first) await db.batch([first, ...rest])
}

/** A day's document as it was signed, and the transaction that carries its root. */
export async function findReceiptDay(db: Db, day: number) {
  const [row] = await db
    .select({ document: receiptDays.document, transactionId: receiptDays.transactionId })
    .from(receiptDays)
    .where(eq(receiptDays.day, day))
  return row
}

/** The days that have a tree, the newest first. */
export function listReceiptDays(db: Db) {
  return db
    .select({
      day: receiptDays.day,
      root: receiptDays.root,
      leaves: receiptDays.leaves,
      transactionId: receiptDays.transactionId,
    })
    .from(receiptDays)
    .orderBy(desc(receiptDays.day))
    .limit(LISTED_DAYS_MAX)
}

/** The oldest root, of the last month, that the chain does not show yet. Days without receipts are not noted there. */
export async function findUnpublishedReceipts(db: Db, today: number): Promise<PublishedReceipts | undefined> {
  const [row] = await db
    .select({ day: receiptDays.day, root: receiptDays.root })
    .from(receiptDays)
    .where(
      and(
        gte(receiptDays.day, today - UNPUBLISHED_DAYS),
        gt(receiptDays.leaves, 0),
        isNull(receiptDays.transactionId),
      ),
    )
    .orderBy(receiptDays.day)
    .limit(1)
  return row && { day: toDayText(row.day), root: row.root }
}

/** The statement that notes which transaction carries a root. Repeatable: the first one counts. */
export function markReceiptsPublished(
  db: Db,
  {
    day,
    root,
    transactionId,
  }: { readonly day: number; readonly root: string; readonly transactionId: string },
) {
  return db
    .update(receiptDays)
    .set({ transactionId })
    .where(and(eq(receiptDays.day, day), eq(receiptDays.root, root), isNull(receiptDays.transactionId)))
}
