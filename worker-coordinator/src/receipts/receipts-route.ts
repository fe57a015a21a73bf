import { Hono } from 'hono'
import { parseJobId } from '../../../protocol/src/ids.ts'
import type { ReceiptDays } from '../../../protocol/src/receipts/receipt-proof.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { parseDay, toDayText } from '../reserves/reserve-day.ts'
import type { ReadJobProofResult } from './read-job-proof.ts'
import { answerNotYet, refuseReceipts } from './receipt-errors.ts'

export type ReceiptsRouteDeps = {
  readonly nowMs: () => number
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly listReceiptDays: () => Promise<
    readonly { day: number; root: string; leaves: number; transactionId: string | null }[]
  >
  /** The published JSON of a day, as it was signed. */
  readonly findReceiptDay: (day: number) => Promise<{ readonly document: string } | undefined>
  readonly readJobProof: (own: { jobId: string; accountId: number }) => Promise<ReadJobProofResult>
}

/**
 * The trees of receipts: `GET /v1/receipts/days` (the days that have one), `GET /v1/receipts/days/:day` (what was signed,
 * never changes), `GET /v1/jobs/:id/proof` (where the receipts of a job stand, for the account that paid it).
 */
export function receiptsRoute(deps: ReceiptsRouteDeps): Hono {
  return new Hono()
    .get('/v1/receipts/days', async (c) => {
      const days = await deps.listReceiptDays()
      const body: ReceiptDays = {
        days: days.map(({ day, root, leaves, transactionId }) => ({
          day: toDayText(day),
          root,
          leaves,
          transaction_id: transactionId,
        })),
      }
      return c.json(body, 200, { 'cache-control': 'public, max-age=30' })
    })
    .get('/v1/receipts/days/:day', async (c) => {
      const day = parseDay(c.req.param('day'))
      const found = day === undefined ? undefined : await deps.findReceiptDay(day)
      if (!found) return refuseReceipts('unknown-receipt-day', 'day')
      return c.body(found.document, 200, {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=86400, immutable',
      })
    })
    .get('/v1/jobs/:id/proof', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const jobId = parseJobId(c.req.param('id'))
      if (!jobId) return refuseAccount('job-not-found', { param: 'id' })
      const read = await deps.readJobProof({ jobId, accountId: who.caller.accountId })
      if (read.ok) return c.json(read.proof, 200, { 'cache-control': 'no-store' })
      switch (read.reason) {
        case 'not-yet':
          return answerNotYet(read.readyAtMs, deps.nowMs())
        case 'no-receipts':
          return refuseReceipts('no-receipts', 'id')
        case 'job-not-found':
          return refuseAccount('job-not-found', { param: 'id' })
        default:
          return read satisfies never
      }
    })
}
