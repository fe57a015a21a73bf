import type { InlineKeyboardMarkup } from 'grammy/types'
import { z } from 'zod'
import { noticeSchema } from '../money/notice.ts'
import type { RichText } from './rich-text.ts'

const starReceived = {
  chargeId: z.string(),
  payerId: z.int(),
  stars: z.int(),
  payload: z.string(),
}

/** Something that must be done, and then told, although processes die and others do not answer. */
export const errandSchema = z.discriminatedUnion('kind', [
  /** Stars were paid: the credit is owed. */
  z.object({ kind: z.literal('star-payment'), ...starReceived }),
  /** Telegram gave Stars back, by itself or for us. */
  z.object({ kind: z.literal('stars-returned'), ...starReceived }),
  /** The person wants Stars back. */
  z.object({
    kind: z.literal('star-refund'),
    paymentId: z.string(),
    accountId: z.int(),
    payerId: z.int(),
  }),
  z.object({ kind: z.literal('notice'), notice: noticeSchema }),
])
export type Errand = z.infer<typeof errandSchema>

/** What is said when an errand is done. */
export type Report = { readonly rich: RichText; readonly keyboard?: InlineKeyboardMarkup }

/** An errand as it is kept. */
export const keptErrandSchema = z.object({
  errand: errandSchema,
  tries: z.int(),
  notBeforeMs: z.number(),
  /** Set once it is done: only the telling is left. `null`: nothing is to be told. */
  report: z.custom<Report>().nullish(),
  /** The report is on its way: after a death nobody knows whether it arrived. */
  inFlight: z.boolean(),
})
export type KeptErrand = z.infer<typeof keptErrandSchema>
