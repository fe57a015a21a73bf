import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'
import type { AcceptVoucherResult } from './accept-voucher.ts'
import type { RegisterEscrowResult } from './register-escrow.ts'

export type EscrowReason =
  | Extract<RegisterEscrowResult, { ok: false }>['reason']
  | Extract<AcceptVoucherResult, { ok: false }>['reason']

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const ESCROW_ERRORS = {
  'not-our-escrow': {
    status: 400,
    type: INVALID,
    code: 'not_our_escrow',
    message: "This is not the address of an escrow with these terms that pays this network's wallet.",
  },
  'delay-too-short': {
    status: 400,
    type: INVALID,
    code: 'delay_too_short',
    message: 'The delay between asking to close and closing must be at least one day.',
  },
  'bad-registration-signature': {
    status: 403,
    type: INVALID,
    code: 'bad_signature',
    message: 'The session key did not sign that this escrow belongs to this account.',
  },
  'not-deployed': {
    status: 409,
    type: INVALID,
    code: 'escrow_not_deployed',
    message: 'There is no escrow at this address yet. Deploy it, wait a few seconds and try again.',
  },
  'chain-silent': {
    status: 503,
    type: 'server_error',
    code: 'chain_unavailable',
    message: 'The TON network could not be read. Try again in a minute.',
  },
  'belongs-to-another-account': {
    status: 409,
    type: INVALID,
    code: 'escrow_taken',
    message: 'This escrow belongs to another account.',
  },
  'too-many-escrows': {
    status: 409,
    type: INVALID,
    code: 'too_many_escrows',
    message: 'An account can have 10 escrows.',
  },
  'account-gone': { status: 401, type: INVALID, code: 'account_gone', message: 'This account was deleted.' },
  'escrow-not-found': {
    status: 404,
    type: INVALID,
    code: 'escrow_not_found',
    message: 'This account has no such escrow.',
  },
  'escrow-empty': {
    status: 409,
    type: INVALID,
    code: 'escrow_empty',
    message: 'This escrow is closed. Send coins to it and sign for its new term.',
  },
  'escrow-closing': {
    status: 409,
    type: INVALID,
    code: 'escrow_closing',
    message: 'Its owner has asked to close this escrow, so it takes no more vouchers.',
  },
  'bad-voucher-signature': {
    status: 403,
    type: INVALID,
    code: 'bad_signature',
    message: 'The session key did not sign this sum for this escrow and its present term.',
  },
  'voucher-not-higher': {
    status: 409,
    type: INVALID,
    code: 'voucher_not_higher',
    message: 'A voucher must allow more than the one before and more than was collected.',
  },
  'voucher-over-balance': {
    status: 409,
    type: INVALID,
    code: 'voucher_over_balance',
    message: 'A voucher cannot allow more than the escrow holds. Send coins to it first.',
  },
} as const satisfies Record<EscrowReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseEscrow(reason: EscrowReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(ESCROW_ERRORS[reason], detail)
}
