import { z } from 'zod'
import { amountTextSchema, unixSecondsSchema } from './amount.ts'

/** The longest initData that is read, in UTF-16 units. Telegram's own stay under 2,048. */
export const INIT_DATA_MAX_CHARS = 8192

/** `POST /v1/session`: Telegram's raw initData against a session. Never log it. */
export const sessionRequestSchema = z.object({
  init_data: z.string().min(1).max(INIT_DATA_MAX_CHARS),
})

/** What an account can spend. What is held is set aside for jobs and not part of what is available. */
export const balanceResponseSchema = z.object({
  available_nano: amountTextSchema,
  held_nano: amountTextSchema,
})
export type BalanceResponse = z.infer<typeof balanceResponseSchema>

export const sessionResponseSchema = z.object({
  /** Sent as `Authorization: Bearer <token>`. */
  token: z.string(),
  expires_at: unixSecondsSchema,
  account: balanceResponseSchema.extend({ id: z.int() }),
})
export type SessionResponse = z.infer<typeof sessionResponseSchema>
