import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'

export type ReserveReason = 'unknown-day' | 'paths-gone'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const RESERVE_ERRORS = {
  'unknown-day': {
    status: 404,
    type: INVALID,
    code: 'unknown_day',
    message: 'There is no proof of reserves for this day. GET /v1/reserves lists the days that have one.',
  },
  'paths-gone': {
    status: 410,
    type: INVALID,
    code: 'paths_gone',
    message: 'Paths of this day are not kept any more. Ask for a later day.',
  },
} as const satisfies Record<ReserveReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseReserves(reason: ReserveReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(RESERVE_ERRORS[reason], detail)
}
