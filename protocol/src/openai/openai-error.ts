import type { JobReason } from '../answer.ts'
import { chatRequestSchema } from './chat-request.ts'
import { embeddingRequestSchema } from './embeddings.ts'
import type { ErrorResponse } from './error-response.ts'

/** Why a request ends at the edge, before it becomes a job. */
export type EdgeReason =
  | 'invalid-json'
  | 'invalid-request'
  | 'unsupported-parameter'
  | 'unknown-parameter'
  | 'body-too-large'
  | 'unauthorized'
  | 'rate-limited'
  | 'not-found'
  | 'method-not-allowed'
  | 'internal'

export type ErrorReason = JobReason | EdgeReason

type ErrorType =
  | 'invalid_request_error'
  | 'insufficient_quota'
  | 'requests'
  | 'rate_limit_error'
  | 'server_error'

type ErrorRow = {
  readonly status: 400 | 401 | 402 | 404 | 405 | 409 | 413 | 429 | 500 | 502 | 503 | 504
  readonly type: ErrorType
  readonly code: string
  /** Says what happened, then what to do. */
  readonly sentence: string
  /** The field at fault where the refusal names none. */
  readonly param?: string
  /** Sending the same again cannot help: says so to clients that would, by `x-should-retry`. */
  readonly retry?: 'never'
}

/**
 * One row per reason; a reason without a row does not compile. A price below every offer is the caller's own bound and
 * no fault of the network: 400, so that clients do not send it again by themselves. Rows that share a code share a
 * status: `statusOfErrorBody` reads it back.
 */
const ERROR_ROWS = {
  'invalid-json': {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_json',
    sentence: 'The body is not valid JSON in UTF-8. Send one JSON object.',
  },
  'invalid-request': {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    sentence: 'The request is not valid.',
  },
  'unsupported-parameter': {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_parameter',
    sentence: 'The request asks for something that this API does not do. Remove the field.',
  },
  'unknown-parameter': {
    status: 400,
    type: 'invalid_request_error',
    code: 'unknown_parameter',
    sentence: 'The request has a field that this API does not know. Remove it.',
  },
  'body-too-large': {
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    sentence: 'The body is larger than 1 MiB. Send less text, or split it over more requests.',
  },
  unauthorized: {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    sentence: 'No valid API key was given. Send one as `Authorization: Bearer KEY`; the Mini App makes keys.',
  },
  'rate-limited': {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    sentence: 'Too many requests with this key. Wait as long as `Retry-After` says, then send it again.',
  },
  'not-found': {
    status: 404,
    type: 'invalid_request_error',
    code: 'unknown_url',
    sentence:
      'This URL is not part of the API. There are /v1/chat/completions, /v1/embeddings and /v1/models.',
  },
  'method-not-allowed': {
    status: 405,
    type: 'invalid_request_error',
    code: 'method_not_supported',
    sentence: 'This URL does not take this method. Use one that the `Allow` header names.',
  },
  internal: {
    status: 500,
    type: 'server_error',
    code: 'internal_error',
    sentence: 'Something went wrong on our side. Send it again; if it stays, report the `x-request-id`.',
  },
  'unknown-model': {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    sentence: 'There is no model of this name. `GET /v1/models` lists those there are.',
    param: 'model',
  },
  'wrong-model-kind': {
    status: 400,
    type: 'invalid_request_error',
    code: 'wrong_model_kind',
    sentence: 'This model is of another kind: chat models answer chats, embedding models make embeddings.',
    param: 'model',
  },
  'no-runner': {
    status: 503,
    type: 'server_error',
    code: 'no_runner',
    sentence: 'No runner serves this model right now. Try again later, or use another model.',
  },
  'no-own-runner': {
    status: 503,
    type: 'server_error',
    code: 'no_own_runner',
    sentence:
      'None of your runners, nor of your groups, serves this model right now. Start one, or choose another `tier`.',
    param: 'tier',
  },
  'tier-unavailable': {
    status: 400,
    type: 'invalid_request_error',
    code: 'tier_unavailable',
    sentence: 'Nobody serves this tier yet, and none is taken in its place. Choose `open` or `own`.',
    param: 'tier',
  },
  'queue-full': {
    status: 429,
    type: 'rate_limit_error',
    code: 'queue_full',
    sentence: 'All runners of this model are busy and its queue is full. Wait as long as `Retry-After` says.',
  },
  'price-too-low': {
    status: 400,
    type: 'invalid_request_error',
    code: 'price_too_low',
    sentence: 'No runner serves this model for so little. Raise `max_price`, or leave it out.',
    param: 'max_price',
  },
  'insufficient-funds': {
    status: 402,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    sentence: 'The balance does not cover the most this can cost. Lower `max_tokens`, or top the account up.',
  },
  'key-limit-reached': {
    status: 429,
    type: 'insufficient_quota',
    code: 'key_limit_reached',
    sentence:
      'The spending limit of this API key is reached. Raise it in the Mini App, or wait for its reset.',
    retry: 'never',
  },
  'context-length-exceeded': {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    sentence: 'The text and the longest answer do not fit this model. Send less, or lower `max_tokens`.',
    param: 'messages',
  },
  unsupported: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_parameter',
    sentence: 'No runner of this model can do what this field asks. Remove it, or use another model.',
  },
  'runner-lost': {
    status: 503,
    type: 'server_error',
    code: 'runner_lost',
    sentence: 'The runner was lost and no other could go on. Send it again.',
  },
  'engine-failed': {
    status: 502,
    type: 'server_error',
    code: 'engine_failed',
    sentence: 'The runner could not finish this answer. Send it again.',
  },
  'timed-out': {
    status: 504,
    type: 'server_error',
    code: 'timed_out',
    sentence: 'The answer took too long. Send it again, or ask for a shorter one.',
  },
  'idempotency-mismatch': {
    status: 409,
    type: 'invalid_request_error',
    code: 'idempotency_mismatch',
    sentence: 'This `Idempotency-Key` was used with another body. Use a new key for a new request.',
    param: 'Idempotency-Key',
  },
  'idempotency-ended': {
    status: 409,
    type: 'invalid_request_error',
    code: 'idempotency_ended',
    sentence:
      'The request of this `Idempotency-Key` has ended and its answer is not kept. Use a new key to ask again.',
    param: 'Idempotency-Key',
    retry: 'never',
  },
  'evidence-refused': {
    status: 503,
    type: 'server_error',
    code: 'evidence_refused',
    sentence:
      'No runner of this model showed evidence that passes the policy, so nothing was sent. Try again later, or choose another `tier`.',
    param: 'tier',
  },
  'key-epoch': {
    status: 503,
    type: 'server_error',
    code: 'key_epoch',
    sentence: 'The runners changed their keys while this was sealed. Send it again.',
  },
  'seal-broken': {
    status: 502,
    type: 'server_error',
    code: 'seal_broken',
    sentence:
      'What came back was altered on its way, and is not shown. Send it again; report it if it stays.',
  },
  'coordinator-restarted': {
    status: 503,
    type: 'server_error',
    code: 'coordinator_restarted',
    sentence: 'The network was updated while it answered. Send it again.',
  },
} as const satisfies Readonly<Record<ErrorReason, ErrorRow>>

/** What a refusal knows beyond its reason. */
export type ErrorFacts = {
  readonly param?: string | null | undefined
  readonly code?: string | undefined
  readonly message?: string | undefined
}

export type OpenAiError = {
  readonly status: ErrorRow['status']
  readonly body: ErrorResponse
  readonly retry: 'never' | undefined
}

/** The HTTP status and body of a refusal. Only words of the table, or of our own request parser, reach the caller. */
export function toOpenAiError(reason: ErrorReason, facts: ErrorFacts = {}): OpenAiError {
  const row: ErrorRow = ERROR_ROWS[reason]
  const param = facts.param === undefined ? (row.param ?? null) : facts.param
  return {
    status: row.status,
    body: {
      error: { message: facts.message ?? row.sentence, type: row.type, param, code: facts.code ?? row.code },
    },
    retry: row.retry,
  }
}

/**
 * The same for a job that was refused. A runner may have named the field, so only names of our own are passed on: no
 * word of an engine reaches a caller.
 */
export function toJobError(reason: JobReason, param?: string): OpenAiError {
  return toOpenAiError(reason, { param: isOurField(param) ? param : undefined })
}

function isOurField(param: string | undefined): boolean {
  const field = /^([a-z_]+)(\[\d{1,4}\](\.[a-z_]{1,32})?)?$/.exec(param ?? '')?.[1]
  if (field === undefined) return false
  return Object.hasOwn(chatRequestSchema.shape, field) || Object.hasOwn(embeddingRequestSchema.shape, field)
}

/** The error that a body already written carries, where it is one: for answers that failed before their first byte. */
export function statusOfErrorBody(text: string): ErrorRow['status'] | undefined {
  if (!text.startsWith(ERROR_HEAD)) return undefined
  const { error } = JSON.parse(text) as ErrorResponse
  return Object.values<ErrorRow>(ERROR_ROWS).find((row) => row.code === error.code)?.status
}

/** How each error body begins, and no completion does. */
export const ERROR_HEAD = '{"error":'
