import { z } from 'zod'
import type { Bytes } from '../../../protocol/src/bytes.ts'
import { fromHex } from '../../../protocol/src/bytes.ts'
import {
  makeReceiptTree,
  type ReceiptTree,
  receiptLeaf,
} from '../../../protocol/src/receipts/receipt-tree.ts'

/** Leaves of one chunk: a power of two, so that chunks are whole parts of the day's tree. */
export const CHUNK_LEAVES = 256

/** A job with the JSON of its receipts. */
export type JobReceipts = { readonly id: string; readonly receipts: string }
/** One receipt as a leaf. `index`: its place among its job's receipts. */
export type ReceiptLeaf = {
  readonly jobId: string
  readonly index: number
  readonly attempt: number
  readonly hash: Bytes
}

/** A part of a day's tree. */
export type ReceiptChunk = {
  readonly chunk: number
  readonly firstJob: string
  readonly firstSkip: number
  readonly lastJob: string
  readonly lastTake: number
  readonly leaves: number
  readonly root: string
}

/** What was stored is hashed as it is: whether it is a receipt at all was checked before the job ended. */
const storedSchema = z.array(z.record(z.string(), z.json()))
const attemptSchema = z.int().min(0)

/** The leaves of these jobs, in their order; a job's by attempt. The first `skip` are left out. */
export function leavesOf(jobs: readonly JobReceipts[], skip = 0): readonly ReceiptLeaf[] {
  return jobs
    .flatMap(({ id, receipts }) =>
      storedSchema
        .parse(JSON.parse(receipts))
        .map((receipt) => ({ receipt, attempt: attemptSchema.parse(receipt.attempt) }))
        .toSorted((a, b) => a.attempt - b.attempt)
        .map(({ receipt, attempt }, index) => ({ jobId: id, index, attempt, hash: receiptLeaf(receipt) })),
    )
    .slice(skip)
}

/** Cuts leaves into chunks, numbered from `first`; the last may be short. */
export function cutChunks(leaves: readonly ReceiptLeaf[], first: number): readonly ReceiptChunk[] {
  return Array.from({ length: Math.ceil(leaves.length / CHUNK_LEAVES) }, (_, place) => {
    const part = leaves.slice(place * CHUNK_LEAVES, (place + 1) * CHUNK_LEAVES)
    const [head, last] = [part[0], part.at(-1)]
    if (!head || !last) throw new Error('a chunk has no leaves')
    return {
      chunk: first + place,
      firstJob: head.jobId,
      firstSkip: head.index,
      lastJob: last.jobId,
      lastTake: last.index + 1,
      leaves: part.length,
      root: makeReceiptTree(part.map(({ hash }) => hash)).root,
    }
  })
}

/** The upper part of a day's tree. */
export function treeOfChunks(chunks: readonly Pick<ReceiptChunk, 'root'>[]): ReceiptTree {
  return makeReceiptTree(
    chunks.map(({ root }) => {
      const hash = fromHex(root)
      if (hash?.length !== 32) throw new Error('the root of a chunk is no hash')
      return hash
    }),
  )
}
