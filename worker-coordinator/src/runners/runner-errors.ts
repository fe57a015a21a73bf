import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'

export type PairingReason =
  | 'unknown-code'
  | 'used-code'
  | 'belongs-to-another-account'
  | 'bad-signature'
  | 'too-many-guesses'
export type RunnerReason = PairingReason | 'runner-not-found' | 'too-many-asks' | 'pairing-code-not-found'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const RUNNER_ERRORS = {
  'unknown-code': {
    status: 404,
    type: INVALID,
    code: 'unknown_code',
    message:
      'This pairing code is not known, or its ten minutes are over. Ask for a new one in the Mini App.',
  },
  'used-code': {
    status: 409,
    type: INVALID,
    code: 'used_code',
    message: 'This pairing code was used for another machine. Ask for a new one in the Mini App.',
  },
  'belongs-to-another-account': {
    status: 409,
    type: INVALID,
    code: 'belongs_to_another_account',
    message:
      'This machine is paired with another account. Give the runner a new key to pair it with this one.',
  },
  'bad-signature': {
    status: 403,
    type: INVALID,
    code: 'bad_signature',
    message: 'The signature does not fit the public key and the code.',
  },
  'too-many-guesses': {
    status: 429,
    type: 'rate_limit_error',
    code: 'too_many_guesses',
    message: 'Too many wrong pairing codes. Wait a minute and try again.',
  },
  'runner-not-found': {
    status: 404,
    type: INVALID,
    code: 'runner_not_found',
    message: 'You have no such runner.',
  },
  'too-many-asks': {
    status: 409,
    type: INVALID,
    code: 'too_many_asks',
    message: 'A runner can have prices for 200 models. Give one back to its own settings first.',
  },
  'pairing-code-not-found': {
    status: 404,
    type: INVALID,
    code: 'pairing_code_not_found',
    message: 'You have no such pairing code. Ask for a new one in the Mini App.',
  },
} as const satisfies Record<RunnerReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseRunner(reason: RunnerReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(RUNNER_ERRORS[reason], detail)
}
