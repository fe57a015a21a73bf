import type { ApiErrorEntry } from '../accounts/account-errors.ts'
import { toErrorResponse } from '../accounts/account-errors.ts'

export type ReceiptReason = 'unknown-receipt-day' | 'no-receipts' | 'not-yet'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const RECEIPT_ERRORS = {
  'unknown-receipt-day': {
    status: 404,
    type: INVALID,
    code: 'unknown_day',
    message: 'There is no tree of receipts for this day. GET /v1/receipts/days lists the days that have one.',
  },
  'no-receipts': {
    status: 404,
    type: INVALID,
    code: 'no_receipts',
    message: 'No runner left a receipt for this job.',
  },
  'not-yet': {
    status: 409,
    type: INVALID,
    code: 'not_yet',
    message: "The tree of this job's day is not built yet. Ask again from ready_at_ms on.",
  },
} as const satisfies Record<ReceiptReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseReceipts(reason: Exclude<ReceiptReason, 'not-yet'>, param: string): Response {
  return toErrorResponse(RECEIPT_ERRORS[reason], { param })
}

/** Answers that a proof cannot be made yet, and from when on it can. */
export function answerNotYet(readyAtMs: number, nowMs: number): Response {
  const { status, ...error } = RECEIPT_ERRORS['not-yet']
  const retryAfterS = Math.max(1, Math.ceil((readyAtMs - nowMs) / 1000))
  return Response.json(
    { error: { ...error, param: 'id' }, ready_at_ms: readyAtMs },
    { status, headers: { 'cache-control': 'no-store', 'retry-after': String(retryAfterS) } },
  )
}
