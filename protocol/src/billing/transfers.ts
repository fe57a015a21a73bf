import { z } from 'zod'

/** How many lines a page has at most. */
export const TRANSFERS_PAGE_MAX = 200

/** `GET /v1/transfers?limit&cursor&format`. */
export const transfersQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(TRANSFERS_PAGE_MAX).default(50),
  cursor: z.string().max(256).optional(),
  format: z.enum(['json', 'csv']).optional(),
})

/** One line of an account's ledger. */
export const transferLineSchema = z.object({
  id: z.string(),
  kind: z.string(),
  /** Which of the account's places moved: what chats are paid from, or what runners earned. */
  place: z.enum(['balance', 'earnings']),
  /** What came (`123`) or went (`-123`), nano. */
  amount_nano: z.string().regex(/^-?[1-9][0-9]{0,15}$/),
  amount_ton: z.string(),
  /** From whom or to whom, in words. */
  counterpart: z.string(),
  /** A name that belongs to it: of the runner that earned, of the model that answered. */
  subject: z.string().nullable(),
  /** Unix ms. Usage: when the job was asked. */
  at_ms: z.int(),
})
export type TransferLineJson = z.infer<typeof transferLineSchema>

export const transferPageSchema = z.object({
  data: z.array(transferLineSchema),
  /** For the next, older page; null at the end. A page that is short of its limit can still have one. */
  next_cursor: z.string().nullable(),
})
export type TransferPageJson = z.infer<typeof transferPageSchema>
