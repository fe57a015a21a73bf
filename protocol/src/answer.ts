import { z } from 'zod'
import { receiptSchema } from './receipt.ts'
import { finishSchema } from './runner/up.ts'
import { sealedReceiptSchema } from './sealed/sealed-receipt.ts'

/** Why a job was refused or failed, for every edge. Each edge maps all of them: a new reason must not compile without. */
export const JOB_REASONS = [
  'unknown-model',
  'wrong-model-kind',
  'no-runner',
  /** Tier `own`: none of the caller's runners, nor of a group's, serves the model now. */
  'no-own-runner',
  /** Nobody serves this tier yet. */
  'tier-unavailable',
  'queue-full',
  'price-too-low',
  'insufficient-funds',
  'key-limit-reached',
  'context-length-exceeded',
  'unsupported',
  'runner-lost',
  'engine-failed',
  'timed-out',
  'idempotency-mismatch',
  'idempotency-ended',
  'coordinator-restarted',
  /** Tier `confidential`, or a confirmed runner: no evidence of any runner passed the check. */
  'evidence-refused',
  /** The runners' keys changed while it was sealed: seal it again. */
  'key-epoch',
  /** What came back was altered on its way, or is not the answer to this request. */
  'seal-broken',
] as const
export const jobReasonSchema = z.enum(JOB_REASONS)
export type JobReason = z.infer<typeof jobReasonSchema>

/** A receipt of an open job, or of a sealed one. */
export const anyReceiptSchema = z.discriminatedUnion('version', [receiptSchema, sealedReceiptSchema])
export type AnyReceipt = z.infer<typeof anyReceiptSchema>

/** What a finished job cost. Amounts are nano as decimal text. */
export const answerUsageSchema = z.object({
  promptTokens: z.int(),
  completionTokens: z.int(),
  costNano: z.string(),
})
export type AnswerUsage = z.infer<typeof answerUsageSchema>

/**
 * One line of an answer's stream to the bot or the Mini App (newline-delimited JSON). The order is: `job`, any number
 * of `queued`, `delta` and `pause`, then exactly one `end`. A `refused` stands alone.
 */
export const answerFrameSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('job'),
    jobId: z.string(),
    model: z.string(),
    /** The most this job can cost. */
    holdNano: z.string(),
  }),
  /** No runner is free: the place in the queue (1 is next) and an honest estimate in seconds. */
  z.object({ type: z.literal('queued'), place: z.int(), waitSeconds: z.number() }),
  z.object({
    type: z.literal('delta'),
    text: z.string(),
    /** What a reasoning model thinks before it answers. */
    reasoning: z.string().optional(),
    toolCalls: z.array(z.unknown()).optional(),
  }),
  /** The runner was lost; another goes on from here. */
  z.object({ type: z.literal('pause') }),
  z.object({
    type: z.literal('end'),
    /** `failed`: no runner could finish; what was delivered stays, and only that is charged. */
    finish: z.union([finishSchema, z.literal('failed')]),
    reason: jobReasonSchema.optional(),
    usage: answerUsageSchema,
    receipts: z.array(anyReceiptSchema),
  }),
  z.object({
    type: z.literal('refused'),
    reason: jobReasonSchema,
    /** The field at fault, in OpenAI's name. */
    param: z.string().optional(),
    retryAfterSeconds: z.number().optional(),
  }),
])
export type AnswerFrame = z.infer<typeof answerFrameSchema>

/** A chunk of a sealed job, as its runner sealed it. `candidate`: its place in the header; `nonce` comes with `seq` 0. */
export type ChunkFrame = {
  readonly type: 'chunk'
  readonly attempt: number
  readonly candidate: number
  readonly seq: number
  readonly data: string
  readonly nonce?: string
}

/** One line of a sealed job's stream to its client: the same, with `chunk` in the place of `delta`. */
export type RelayFrame = AnswerFrame | ChunkFrame
