import { z } from 'zod'
import { amountTextSchema, unixSecondsSchema } from '../accounts/amount.ts'
import { positiveAmountSchema } from './positive-amount.ts'

/** How many jobs an earnings report lists at most. */
export const EARNED_JOBS_MAX = 100

/** `GET /v1/earnings?jobs=20`. */
export const earningsQuerySchema = z.strictObject({
  jobs: z.coerce.number().int().min(0).max(EARNED_JOBS_MAX).default(20),
})

/** `POST /v1/earnings/use`, with an `Idempotency-Key`: from what can be paid out to what chats are paid from. Nano. */
export const spendEarningsSchema = z.strictObject({ amount: positiveAmountSchema })

/** Why a runner's part of a job was not paid, or not in full. */
export const UNPAID_REASONS = [
  /** The job failed, and nothing that was delivered counts. */
  'job-failed',
  /** The caller stopped before anything was delivered. */
  'stopped-before-output',
  /** Nothing that this runner sent reached the reader. */
  'nothing-delivered',
  /** No receipt of this runner that holds. */
  'no-valid-receipt',
  /** The runner asks for nothing, or the job was of tier `own`. */
  'free',
  /** Paid for fewer tokens than the receipt says: so many were delivered. */
  'over-reported',
] as const

export type UnpaidReason = (typeof UNPAID_REASONS)[number]

export const earningsSchema = z.object({
  accruing_nano: amountTextSchema,
  accruing_ton: z.string(),
  payable_nano: amountTextSchema,
  payable_ton: z.string(),
  /** How long earnings accrue before they can be paid out. */
  matures_after_s: z.int(),
  runners: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** Since midnight, UTC; and with the 6, and the 29 days before. */
      today_nano: amountTextSchema,
      days_7_nano: amountTextSchema,
      days_30_nano: amountTextSchema,
      accruing_nano: amountTextSchema,
    }),
  ),
  /** The newest first; of the network's latest jobs only. */
  jobs: z.array(
    z.object({
      job: z.string(),
      runner: z.string(),
      model: z.string(),
      state: z.string(),
      amount_nano: amountTextSchema,
      amount_ton: z.string(),
      completion_tokens: z.int(),
      /** What the runner's receipt says; null without one. */
      reported_tokens: z.int().nullable(),
      unpaid_reason: z.enum(UNPAID_REASONS).nullable(),
      /** Why the job failed. */
      job_reason: z.string().nullable(),
      ended_at: unixSecondsSchema,
    }),
  ),
})
export type EarningsJson = z.infer<typeof earningsSchema>
