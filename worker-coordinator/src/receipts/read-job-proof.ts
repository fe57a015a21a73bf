import { receiptDayDocumentSchema } from '../../../protocol/src/receipts/day-document.ts'
import type { ReceiptProof } from '../../../protocol/src/receipts/receipt-proof.ts'
import { makeReceiptPath, makeReceiptTree } from '../../../protocol/src/receipts/receipt-tree.ts'
import { jobTimeMs } from '../ledger/job-window.ts'
import { dayOf } from '../reserves/reserve-day.ts'
import { readyAtMs } from './receipt-day.ts'
import {
  CHUNK_LEAVES,
  type JobReceipts,
  leavesOf,
  type ReceiptChunk,
  treeOfChunks,
} from './receipt-leaves.ts'

/** How long after its time a tree that is late is asked for again, in ms. */
const LATE_MS = 60_000

export type ReadJobProofDeps = {
  readonly nowMs: () => number
  /** A job of this account. */
  readonly readJob: (
    jobId: string,
    accountId: number,
  ) => Promise<{ readonly receipts: string | null; readonly endedAt: number | null } | undefined>
  readonly findDay: (
    day: number,
  ) => Promise<{ readonly document: string; readonly transactionId: string | null } | undefined>
  readonly listChunks: (day: number) => Promise<readonly ReceiptChunk[]>
  /** The jobs of a chunk that have receipts, in the order of their ids. */
  readonly readChunk: (range: { firstJob: string; lastJob: string }) => Promise<readonly JobReceipts[]>
}

export type ReadJobProofResult =
  | { readonly ok: true; readonly proof: ReceiptProof }
  /** `no-receipts`: the job ended without any, and none will come. */
  | { readonly ok: false; readonly reason: 'job-not-found' | 'no-receipts' }
  | { readonly ok: false; readonly reason: 'not-yet'; readonly readyAtMs: number }

/** The paths of all receipts of a job in the tree of its day. Reads the chunks that hold them, and of the others the roots. */
export async function readJobProof(
  deps: ReadJobProofDeps,
  { jobId, accountId }: { readonly jobId: string; readonly accountId: number },
): Promise<ReadJobProofResult> {
  const job = await deps.readJob(jobId, accountId)
  if (!job) return { ok: false, reason: 'job-not-found' }
  const hasEnded = job.endedAt !== null
  if (hasEnded && (job.receipts === null || leavesOf([{ id: jobId, receipts: job.receipts }]).length === 0))
    return { ok: false, reason: 'no-receipts' }
  const day = dayOf(jobTimeMs(jobId))
  const built = await deps.findDay(day)
  if (!built)
    return { ok: false, reason: 'not-yet', readyAtMs: Math.max(readyAtMs(day), deps.nowMs() + LATE_MS) }
  const chunks = await deps.listChunks(day)
  const upper = treeOfChunks(chunks)
  const holding = chunks.filter(({ firstJob, lastJob }) => firstJob <= jobId && jobId <= lastJob)
  const paths = await Promise.all(
    holding.map(async (chunk) => {
      const above = makeReceiptPath(upper, chunk.chunk)
      return pathsIn(await deps.readChunk(chunk), chunk, { jobId, above })
    }),
  )
  const document = receiptDayDocumentSchema.parse(JSON.parse(built.document))
  return {
    ok: true,
    proof: { job_id: jobId, document, transaction_id: built.transactionId, paths: paths.flat() },
  }
}

function pathsIn(
  jobs: readonly JobReceipts[],
  { chunk, firstSkip, leaves: count }: ReceiptChunk,
  { jobId, above }: { readonly jobId: string; readonly above: readonly string[] },
): ReceiptProof['paths'] {
  const leaves = leavesOf(jobs, firstSkip).slice(0, count)
  const tree = makeReceiptTree(leaves.map(({ hash }) => hash))
  return leaves.flatMap((leaf, place) =>
    leaf.jobId === jobId
      ? [
          {
            attempt: leaf.attempt,
            place: chunk * CHUNK_LEAVES + place,
            steps: [...makeReceiptPath(tree, place), ...above],
          },
        ]
      : [],
  )
}
