import type { ApiErrorEntry } from '../accounts/account-errors.ts'
import type { SealedChatFault } from './read-sealed-chat.ts'

export type SealedChatReason = SealedChatFault | 'sealed-model'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const SEALED_CHAT_ERRORS = {
  'sealed-malformed': {
    status: 400,
    type: INVALID,
    code: 'sealed_malformed',
    message: 'This is not a sealed request as the protocol makes it. Update the client that sealed it.',
  },
  'sealed-too-old': {
    status: 400,
    type: INVALID,
    code: 'sealed_too_old',
    message:
      'The request was sealed more than two minutes ago, or ahead of time. Set the clock and seal it again.',
  },
  'sealed-tier': {
    status: 400,
    type: INVALID,
    code: 'sealed_tier',
    message: 'Only the tiers own and confidential are sealed. Send an open request to /v1/chat/completions.',
  },
  'sealed-model': {
    status: 409,
    type: INVALID,
    code: 'sealed_model',
    message:
      'The request was sealed for other files than the network has under this name. Read the directory and seal it again.',
  },
} as const satisfies Record<SealedChatReason, ApiErrorEntry>
