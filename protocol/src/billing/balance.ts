import { z } from 'zod'
import { amountTextSchema } from '../accounts/amount.ts'

/** `GET /v1/balance`. Each amount in nano, and as people read it. */
export const moneySchema = z.object({
  /** The account's number: what deposits, escrows and the proof of reserves call it. */
  account: z.int(),
  /** For chats. What is held is not part of it. */
  available_nano: amountTextSchema,
  available_ton: z.string(),
  /** Set aside for jobs that run. */
  held_nano: amountTextSchema,
  held_ton: z.string(),
  /** Of what is available, what may leave to a wallet: never a welcome credit or Stars. */
  withdrawable_nano: amountTextSchema,
  withdrawable_ton: z.string(),
  /** Earned by runners, and not old enough to be paid out. */
  accruing_nano: amountTextSchema,
  accruing_ton: z.string(),
  /** Earned by runners, and ready: for a payout, or for chats. */
  payable_nano: amountTextSchema,
  payable_ton: z.string(),
})
export type MoneyJson = z.infer<typeof moneySchema>
