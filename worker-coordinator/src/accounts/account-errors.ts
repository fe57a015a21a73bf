import type { AuthFailure } from './authenticate.ts'

/** One line of a table of refusals. `code` is what clients compare, `message` what people read. */
export type ApiErrorEntry = {
  readonly status: number
  readonly type: string
  readonly code: string
  readonly message: string
}

/** An error's body, in the shape of OpenAI's API. */
export type ApiErrorBody = {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly code: string
    readonly param: string | null
  }
}

export type BodyReason = 'body-too-large' | 'body-not-json' | 'wrong-field' | 'unknown-field'
export type AccountReason =
  | AuthFailure
  | BodyReason
  | 'forged-init-data'
  | 'expired-init-data'
  | 'not-yet-valid-init-data'
  | 'malformed-init-data'
  | 'session-needed'
  | 'too-many-keys'
  | 'account-gone'
  | 'key-not-found'
  | 'job-not-found'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const ACCOUNT_ERRORS = {
  missing: {
    status: 401,
    type: INVALID,
    code: 'missing_credentials',
    message: 'Send an API key or a session as "Authorization: Bearer <key>".',
  },
  malformed: {
    status: 401,
    type: INVALID,
    code: 'malformed_credentials',
    message: 'This is neither an API key of this network (sk-shq-…) nor a session.',
  },
  unknown: {
    status: 401,
    type: INVALID,
    code: 'invalid_api_key',
    message: 'This API key or session is not known here.',
  },
  revoked: {
    status: 401,
    type: INVALID,
    code: 'revoked_api_key',
    message: 'This API key was revoked. Make a new one in the Mini App.',
  },
  expired: {
    status: 401,
    type: INVALID,
    code: 'expired_session',
    message: 'This session has expired. Open the Mini App again.',
  },
  'forged-init-data': {
    status: 401,
    type: INVALID,
    code: 'forged_init_data',
    message: 'Telegram did not sign this init_data for this bot.',
  },
  'expired-init-data': {
    status: 401,
    type: INVALID,
    code: 'expired_init_data',
    message: 'This init_data is more than an hour old. Close the Mini App and open it again.',
  },
  'not-yet-valid-init-data': {
    status: 401,
    type: INVALID,
    code: 'not_yet_valid_init_data',
    message: 'This init_data is dated in the future.',
  },
  'malformed-init-data': {
    status: 400,
    type: INVALID,
    code: 'malformed_init_data',
    message: "init_data must be the Mini App's raw initData, with a user.",
  },
  'session-needed': {
    status: 403,
    type: INVALID,
    code: 'session_needed',
    message: 'An API key cannot change keys or runners. Use the Mini App, or a session.',
  },
  'too-many-keys': {
    status: 409,
    type: INVALID,
    code: 'too_many_keys',
    message: 'An account can have 50 API keys. Revoke one that is no longer used.',
  },
  'account-gone': { status: 401, type: INVALID, code: 'account_gone', message: 'This account was deleted.' },
  'key-not-found': {
    status: 404,
    type: INVALID,
    code: 'key_not_found',
    message: 'There is no such API key, or it was revoked.',
  },
  'job-not-found': {
    status: 404,
    type: INVALID,
    code: 'job_not_found',
    message: 'This account has no such job.',
  },
  'body-too-large': {
    status: 413,
    type: INVALID,
    code: 'request_too_large',
    message: 'The body is larger than 64 KiB.',
  },
  'body-not-json': {
    status: 400,
    type: INVALID,
    code: 'invalid_json',
    message: 'The body is not valid JSON.',
  },
  'wrong-field': {
    status: 400,
    type: INVALID,
    code: 'invalid_value',
    message: 'A field is missing or wrong.',
  },
  'unknown-field': {
    status: 400,
    type: INVALID,
    code: 'unknown_parameter',
    message: 'There is no such field here.',
  },
} as const satisfies Record<AccountReason, ApiErrorEntry>

/** What names a refusal beyond its reason. */
export type RefusalDetail = { readonly param?: string | undefined; readonly message?: string | undefined }

/** Answers a refusal of these routes. */
export function refuseAccount(reason: AccountReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(ACCOUNT_ERRORS[reason], detail)
}

/** Writes a refusal as OpenAI's API does. */
export function toErrorResponse(entry: ApiErrorEntry, { param, message }: RefusalDetail): Response {
  const body: ApiErrorBody = {
    error: { message: message ?? entry.message, type: entry.type, code: entry.code, param: param ?? null },
  }
  const headers = { 'cache-control': 'no-store' }
  return Response.json(body, {
    status: entry.status,
    headers: entry.status === 401 ? { ...headers, 'www-authenticate': 'Bearer' } : headers,
  })
}
