import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'

export type GroupReason =
  | 'group-not-found'
  | 'too-many-groups'
  | 'unknown-invitation'
  | 'group-full'
  | 'too-many-memberships'
  | 'owner-cannot-leave'
  | 'too-many-guesses'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const GROUP_ERRORS = {
  'group-not-found': {
    status: 404,
    type: INVALID,
    code: 'group_not_found',
    message: 'You have no such group.',
  },
  'too-many-groups': {
    status: 409,
    type: INVALID,
    code: 'too_many_groups',
    message: 'An account can have 20 groups. End one that is no longer used.',
  },
  'unknown-invitation': {
    status: 404,
    type: INVALID,
    code: 'unknown_invitation',
    message: 'This invitation is not known, or a newer one took its place. Ask the owner for a new one.',
  },
  'group-full': {
    status: 409,
    type: INVALID,
    code: 'group_full',
    message: 'This group has 500 members and takes no more.',
  },
  'too-many-memberships': {
    status: 409,
    type: INVALID,
    code: 'too_many_memberships',
    message: 'An account can be in 50 groups of others. Leave one first.',
  },
  'owner-cannot-leave': {
    status: 409,
    type: INVALID,
    code: 'owner_cannot_leave',
    message: 'This group is yours. End it instead.',
  },
  'too-many-guesses': {
    status: 429,
    type: 'rate_limit_error',
    code: 'too_many_guesses',
    message: 'Too many wrong invitations. Wait a minute and try again.',
  },
} as const satisfies Record<GroupReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseGroup(reason: GroupReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(GROUP_ERRORS[reason], detail)
}
