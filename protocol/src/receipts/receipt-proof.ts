import * as z from 'zod/mini'
import { digest } from '../attestation/fields.ts'
import { receiptDayDocumentSchema, receiptDaySchema } from './day-document.ts'
import { TREE_LEAVES_MAX } from './receipt-tree.ts'

/** Most steps of a path: the tree's places have 31 bits. */
const STEPS_MAX = 31
/** Most receipts of one job: its attempts, from 0 to 100. */
const RECEIPTS_MAX = 101

const transactionId = z.nullable(z.string().check(z.regex(/^[0-9]{1,20}:[0-9a-f]{64}$/)))
const count = z.int().check(z.minimum(0), z.maximum(TREE_LEAVES_MAX))

/** `GET /v1/jobs/:id/proof`: where a job's receipts stand in their day's tree, and what was published of it. */
export const receiptProofSchema = z.strictObject({
  job_id: z.string().check(z.maxLength(64)),
  document: receiptDayDocumentSchema,
  /** `<lt>:<hash>` of the transaction that carries the root; null until the chain shows it. */
  transaction_id: transactionId,
  /** One for each of the job's receipts, in the order of their attempts. */
  paths: z
    .array(
      z.strictObject({
        attempt: count,
        place: count,
        steps: z.array(digest).check(z.maxLength(STEPS_MAX)),
      }),
    )
    .check(z.maxLength(RECEIPTS_MAX)),
})
export type ReceiptProof = z.infer<typeof receiptProofSchema>

/** `GET /v1/receipts/days`: the days that have a tree, the newest first. */
export const receiptDaysSchema = z.strictObject({
  days: z.array(
    z.strictObject({ day: receiptDaySchema, root: digest, leaves: count, transaction_id: transactionId }),
  ),
})
export type ReceiptDays = z.infer<typeof receiptDaysSchema>

/** `GET /v1/jobs/:id/proof`, 409 `not_yet`: from when on it can be asked for again, Unix ms. */
export const receiptProofPendingSchema = z.looseObject({ ready_at_ms: z.int().check(z.minimum(0)) })
