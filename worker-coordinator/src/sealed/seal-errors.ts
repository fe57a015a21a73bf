import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'
import type { PolicyRefusal } from './publish-policy.ts'
import type { DirectoryRefusal } from './read-directory.ts'

export type SealReason =
  | PolicyRefusal
  | DirectoryRefusal
  | 'no-policy'
  | 'policy-too-large'
  | 'too-many-policies'
  | 'unknown-evidence'

const INVALID = 'invalid_request_error'
const refused = (code: string, message: string) => ({ status: 400, type: INVALID, code, message }) as const

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const SEAL_ERRORS = {
  'no-policy': {
    status: 404,
    type: INVALID,
    code: 'no_policy',
    message:
      'No policy was published here: no evidence can be judged, so nobody serves the tier confidential.',
  },
  'unknown-evidence': {
    status: 404,
    type: INVALID,
    code: 'unknown_evidence',
    message: 'No document with this digest is kept here. They are kept for seven days after they ended.',
  },
  'unknown-model': {
    status: 404,
    type: INVALID,
    code: 'model_not_found',
    message: 'There is no such model. GET /v1/models lists those that there are.',
  },
  'wrong-model-kind': refused('wrong_model_kind', 'This model makes embeddings: only chats are sealed.'),
  'policy-too-large': {
    status: 413,
    type: INVALID,
    code: 'policy_too_large',
    message: 'A signed policy is at most 256 KiB.',
  },
  'too-many-policies': {
    status: 429,
    type: 'rate_limit_error',
    code: 'too_many_policies',
    message: 'Too many policies were sent. Wait as long as Retry-After says.',
  },
  'policy-malformed': refused('policy_malformed', 'This is not a signed policy.'),
  'policy-signatures': {
    status: 403,
    type: INVALID,
    code: 'policy_signatures',
    message: 'Not enough of the pinned signers signed this policy.',
  },
  'policy-network': refused('policy_network', 'This policy is for another network.'),
  'policy-simulated': refused(
    'policy_simulated',
    'This policy takes the simulated TEE, which proves nothing. Only networks on one’s own machine may have it.',
  ),
  'policy-window': refused('policy_window', 'A policy lasts seven days at most.'),
  'policy-not-yet-valid': refused('policy_not_yet_valid', 'This policy begins later.'),
  'policy-expired': refused('policy_expired', 'This policy is over.'),
  'policy-rolled-back': {
    status: 409,
    type: INVALID,
    code: 'policy_rolled_back',
    message: 'A newer policy is in force. Sign one with a higher number.',
  },
  'policy-forked': {
    status: 409,
    type: INVALID,
    code: 'policy_forked',
    message: 'This policy does not follow the one in force. Name its digest as "prev".',
  },
  'pins-malformed': {
    status: 503,
    type: 'server_error',
    code: 'pins_malformed',
    message: 'This build has no signers of policies that it believes. See docs/operate.md, “The policy”.',
  },
  'clock-refused': {
    status: 503,
    type: 'server_error',
    code: 'clock_refused',
    message: 'The clock here is broken.',
  },
} as const satisfies Record<SealReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseSeal(reason: SealReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(SEAL_ERRORS[reason], detail)
}
