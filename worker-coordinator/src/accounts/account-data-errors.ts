import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from './account-errors.ts'

export type AccountDataReason = 'too-many-exports' | 'coins-left'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const ACCOUNT_DATA_ERRORS = {
  'too-many-exports': {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'You asked for your copy a few times already. Try again in a minute.',
  },
  'coins-left': {
    status: 409,
    type: 'invalid_request_error',
    code: 'coins_left',
    message: 'There are coins of your own in this account. Withdraw them first, or say how many you give up.',
  },
} as const satisfies Record<AccountDataReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseAccountData(reason: AccountDataReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(ACCOUNT_DATA_ERRORS[reason], detail)
}
