import { canonicalJson, toHex } from '../../../protocol/src/canonical-json.ts'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { signReceiptDay } from '../../../protocol/src/receipts/day-document.ts'
import type { Log } from '../platform/log.ts'
import { toDayText } from '../reserves/reserve-day.ts'
import type { DirectorySigner } from '../sealed/directory-key.ts'
import { boundsOfDay, lastDueDay } from './receipt-day.ts'
import {
  CHUNK_LEAVES,
  cutChunks,
  type JobReceipts,
  leavesOf,
  type ReceiptChunk,
  treeOfChunks,
} from './receipt-leaves.ts'

/** How many jobs one page reads: about 1 MB of receipts. */
export const PAGE_JOBS = 1_024
/** How many pages one run reads at most. Runs come every minute. */
const PAGES_PER_RUN = 8

/** Jobs of a day with receipts, in the order of their ids, from `fromId` on. */
export type PageOfJobs = {
  readonly jobs: readonly JobReceipts[]
  /** The first job of the page that has not ended: its receipts are yet to come. */
  readonly openId: string | undefined
}

export type NewReceiptDay = {
  readonly day: number
  readonly root: string
  readonly leaves: number
  /** The published JSON, signed. */
  readonly document: string
  readonly createdAt: number
}

export type BuildReceiptDayDeps = {
  readonly nowMs: () => number
  readonly log: Log
  /** The first day without a tree in which there could have been jobs; undefined before the first job. */
  readonly findNextDay: () => Promise<number | undefined>
  readonly listChunks: (day: number) => Promise<readonly ReceiptChunk[]>
  readonly readJobs: (range: { fromId: string; beforeId: string; limit: number }) => Promise<PageOfJobs>
  /** Writes chunks, and the day with its last ones; what stands already stays. */
  readonly insertChunks: (
    day: number,
    chunks: readonly ReceiptChunk[],
    whole: NewReceiptDay | undefined,
  ) => Promise<void>
  readonly signer: () => Promise<DirectorySigner>
}

/** `waiting`: a job of the day has not ended. `more`: the rest of the day is for the next run. */
export type BuiltReceiptDay =
  | { readonly state: 'nothing-due' }
  | { readonly state: 'built' | 'more' | 'waiting'; readonly day: number }

/**
 * Builds the tree of the oldest day that has none, as far as one run may, and signs what is published of it. Made to be
 * called every minute, by any number of callers at once: all of them come to the same chunks, and the database takes the
 * first document of a day.
 */
export async function buildReceiptDay(deps: BuildReceiptDayDeps): Promise<BuiltReceiptDay> {
  const day = await deps.findNextDay()
  if (day === undefined || day > lastDueDay(deps.nowMs())) return { state: 'nothing-due' }
  const chunks = [...(await deps.listChunks(day))]
  for (let page = 0; page < PAGES_PER_RUN; page++) {
    const read = await readPage(deps, day, chunks.at(-1))
    if (read.openId !== undefined) {
      deps.log('receipts-wait', { day: toDayText(day), job: read.openId })
      return { state: 'waiting', day }
    }
    const cut = cutChunks(read.leaves, chunks.length)
    // A short chunk can only be the day's last.
    const found = read.isLast ? cut : cut.filter(({ leaves }) => leaves === CHUNK_LEAVES)
    chunks.push(...found)
    const whole = read.isLast ? await makeDay(deps, day, chunks) : undefined
    await deps.insertChunks(day, found, whole)
    if (!whole) continue
    deps.log('receipts-built', { day: toDayText(day), root: whole.root, leaves: whole.leaves })
    return { state: 'built', day }
  }
  return { state: 'more', day }
}

async function readPage(deps: BuildReceiptDayDeps, day: number, last: ReceiptChunk | undefined) {
  const { fromMs, endMs } = boundsOfDay(day)
  const { jobs, openId } = await deps.readJobs({
    fromId: last?.lastJob ?? firstJobIdAt(fromMs),
    beforeId: firstJobIdAt(endMs),
    limit: PAGE_JOBS,
  })
  return { leaves: leavesOf(jobs, last?.lastTake), openId, isLast: jobs.length < PAGE_JOBS }
}

async function makeDay(
  deps: BuildReceiptDayDeps,
  day: number,
  chunks: readonly ReceiptChunk[],
): Promise<NewReceiptDay> {
  const { publicKey, privateKey } = await deps.signer()
  const createdAt = deps.nowMs()
  const { root } = treeOfChunks(chunks)
  const leaves = chunks.reduce((sum, chunk) => sum + chunk.leaves, 0)
  const document = await signReceiptDay(privateKey, {
    version: 1,
    day: toDayText(day),
    root,
    leaves,
    issued_at_ms: createdAt,
    signer: toHex(publicKey),
  })
  return { day, root, leaves, document: canonicalJson(document), createdAt }
}
