import { z } from 'zod'
import { amountTextSchema, unixSecondsSchema } from '../accounts/amount.ts'
import { positiveAmountSchema } from './positive-amount.ts'

/** `POST /v1/payouts`, with an `Idempotency-Key`. `amount` in nano, without the fee, which is taken on top. */
export const orderPayoutSchema = z.strictObject({
  amount: positiveAmountSchema,
  source: z.enum(['earnings', 'balance']),
})

export const payoutSchema = z.object({
  id: z.string(),
  source: z.enum(['earnings', 'balance']),
  cause: z.enum(['automatic', 'demand', 'return']),
  /** Raw address. */
  destination: z.string(),
  /** What arrives. */
  amount_nano: amountTextSchema,
  amount_ton: z.string(),
  /** What the account paid on top. */
  fee_nano: amountTextSchema,
  state: z.enum(['queued', 'planned', 'paid', 'failed']),
  reason: z.string().nullable(),
  /** The hot wallet's transaction, `<lt>:<hash>`. */
  transaction: z.string().nullable(),
  created_at: unixSecondsSchema,
  ended_at: unixSecondsSchema.nullable(),
})
export type PayoutJson = z.infer<typeof payoutSchema>

/** `GET /v1/payouts?limit&cursor&format`. */
export const payoutsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50).default(50),
  cursor: z.string().max(128).optional(),
  format: z.enum(['json', 'csv']).optional(),
})

/** `GET /v1/payouts`: the newest first, and on what terms there are more. */
export const payoutListSchema = z.object({
  data: z.array(payoutSchema),
  next_cursor: z.string().nullable(),
  terms: z.object({
    /** The least that can be ordered. */
    minimum_nano: amountTextSchema,
    fee_nano: amountTextSchema,
    /** Earnings from here on go out by themselves. */
    automatic_from_nano: amountTextSchema,
    /** True: nothing is paid out until a person has looked. */
    frozen: z.boolean(),
  }),
})
export type PayoutListJson = z.infer<typeof payoutListSchema>
