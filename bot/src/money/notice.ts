import { z } from 'zod'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'

const amount = z.bigint().min(0n).max(NANO_MAX).transform(nano)

/** What the network tells a person without being asked. */
export const noticeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('deposit-credited'), amount }),
  /** `amount`: what the wallet received. `url`: the transaction in an explorer. */
  z.object({ kind: z.literal('payout-sent'), amount, url: z.string().optional() }),
  z.object({ kind: z.literal('payout-failed'), amount }),
  z.object({ kind: z.literal('wallet-changes'), address: z.string(), fromMs: z.int() }),
  z.object({ kind: z.literal('wallet-changed'), address: z.string() }),
  z.object({ kind: z.literal('stars-refunded'), stars: z.int() }),
  /** For the operator. */
  z.object({ kind: z.literal('treasury-halted'), reason: z.string() }),
])
export type Notice = z.infer<typeof noticeSchema>
