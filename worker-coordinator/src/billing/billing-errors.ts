import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'

/** Why a payout was not ordered. */
export type PayoutRefusal =
  | 'no-wallet'
  | 'wallet-changing'
  | 'wallet-not-proven'
  | 'below-minimum'
  | 'insufficient-funds'
  | 'not-withdrawable'
  | 'payouts-frozen'
  | 'payouts-off'
  | 'idempotency-mismatch'
export type BillingReason =
  | PayoutRefusal
  | 'idempotency-key-needed'
  | 'wrong-range'
  | 'wrong-cursor'
  | 'deposits-off'

const INVALID = 'invalid_request_error'
const SERVER = 'server_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const BILLING_ERRORS = {
  'no-wallet': {
    status: 409,
    type: INVALID,
    code: 'no_wallet',
    message: 'There is no wallet to pay to. Connect one in the Mini App first.',
  },
  'wallet-changing': {
    status: 409,
    type: INVALID,
    code: 'wallet_changing',
    message:
      'Your new wallet does not count yet, and payouts wait for it. Take the change back to be paid to the present one.',
  },
  'wallet-not-proven': {
    status: 409,
    type: INVALID,
    code: 'wallet_not_proven',
    message: 'Your wallet changed just now. Look at it and try again.',
  },
  'below-minimum': {
    status: 400,
    type: INVALID,
    code: 'below_minimum',
    message: 'This is less than the smallest payout.',
  },
  'insufficient-funds': {
    status: 402,
    type: INVALID,
    code: 'insufficient_funds',
    message: 'There is not so much. A payout also costs its fee.',
  },
  'not-withdrawable': {
    status: 409,
    type: INVALID,
    code: 'not_withdrawable',
    message: 'Only coins that you sent or earned can be paid out: no welcome credit, and no Stars.',
  },
  'payouts-frozen': {
    status: 503,
    type: SERVER,
    code: 'payouts_frozen',
    message: 'Payouts are stopped while the books are looked into. Nothing is lost. Try again later.',
  },
  'payouts-off': {
    status: 503,
    type: SERVER,
    code: 'payouts_off',
    message: 'This network pays nothing out now.',
  },
  'deposits-off': {
    status: 503,
    type: SERVER,
    code: 'deposits_off',
    message: 'This network takes no deposits now.',
  },
  'idempotency-key-needed': {
    status: 400,
    type: INVALID,
    code: 'idempotency_key_needed',
    message:
      'Send an Idempotency-Key header of 1 to 255 printable ASCII characters, so that a repeat moves nothing twice.',
  },
  'idempotency-mismatch': {
    status: 409,
    type: INVALID,
    code: 'idempotency_key_reused',
    message: 'This Idempotency-Key came before with another body. Use a new one.',
  },
  'wrong-range': {
    status: 400,
    type: INVALID,
    code: 'wrong_range',
    message: '"from" must not be after "to", and a report covers at most 92 days.',
  },
  'wrong-cursor': {
    status: 400,
    type: INVALID,
    code: 'wrong_cursor',
    message: 'Give "cursor" as "next_cursor" said, or leave it out.',
  },
} as const satisfies Record<BillingReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseBilling(reason: BillingReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(BILLING_ERRORS[reason], detail)
}
