import { z } from 'zod'
import { amountTextSchema, unixSecondsSchema } from '../accounts/amount.ts'

/** `GET /v1/deposit`: how coins reach this account. Any one of `body`, `comment` and a bound wallet is enough. */
export const depositInstructionsSchema = z.object({
  /** `-239` the main network, `-3` the test network. */
  network: z.string(),
  /** The hot wallet, user-friendly. */
  address: z.string(),
  /** For a transfer that is made by hand. */
  comment: z.string(),
  /** Body of a TON Connect message, base64. */
  body: z.string(),
  /** `ton://transfer/…` with the comment. */
  link: z.string(),
  /** Less than this is not credited. */
  minimum_nano: amountTextSchema,
})
export type DepositInstructionsJson = z.infer<typeof depositInstructionsSchema>

/** `GET /v1/deposits?limit&cursor`. */
export const depositsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50).default(50),
  cursor: z.string().max(128).optional(),
})

export const depositSchema = z.object({
  /** The chain's transaction, `<lt>:<hash>`. */
  id: z.string(),
  sender: z.string(),
  amount_nano: amountTextSchema,
  amount_ton: z.string(),
  via: z.string(),
  state: z.string(),
  at: unixSecondsSchema,
})
export type DepositJson = z.infer<typeof depositSchema>

/** The newest first. */
export const depositListSchema = z.object({
  data: z.array(depositSchema),
  next_cursor: z.string().nullable(),
})
export type DepositListJson = z.infer<typeof depositListSchema>

/**
 * `POST /v1/deposit/seen`: whether the chain has taken in the message that a wallet sent. For a progress bar alone: only
 * the ledger says what was credited. Its answer is in `miniapp/wallet.ts`.
 */
export const depositSeenRequestSchema = z.strictObject({
  /** The external message that TON Connect gave back, base64. */
  boc: z.string().min(1).max(32_768),
})
