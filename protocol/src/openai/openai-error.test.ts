import { expect, test } from 'vitest'
import { expectConforms } from '../../../worker-coordinator/src/openai-api/openai-conformity.ts'
import { JOB_REASONS } from '../answer.ts'
import { type EdgeReason, statusOfErrorBody, toJobError, toOpenAiError } from './openai-error.ts'

const EDGE_REASONS = [
  'invalid-json',
  'invalid-request',
  'unsupported-parameter',
  'unknown-parameter',
  'body-too-large',
  'unauthorized',
  'rate-limited',
  'not-found',
  'method-not-allowed',
  'internal',
] as const satisfies readonly EdgeReason[]

test.each([...JOB_REASONS, ...EDGE_REASONS])(
  '%s is an error in OpenAI’s shape that says what to do',
  (reason) => {
    const { status, body } = toOpenAiError(reason)
    expectConforms('ErrorResponse', body)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.error.message.length).toBeGreaterThan(20)
  },
)

test.each([...JOB_REASONS, ...EDGE_REASONS])('the status of %s can be read back from its body', (reason) => {
  const { status, body } = toOpenAiError(reason)
  expect(statusOfErrorBody(JSON.stringify(body))).toBe(status)
})

test('an answer is no error', () => {
  expect(statusOfErrorBody('{"id":"chatcmpl-x"}')).toBe(undefined)
})

test.each([
  ['unknown-model', 404, 'model_not_found', 'model'],
  ['wrong-model-kind', 400, 'wrong_model_kind', 'model'],
  ['insufficient-funds', 402, 'insufficient_quota', null],
  ['key-limit-reached', 429, 'key_limit_reached', null],
  ['queue-full', 429, 'queue_full', null],
  ['no-runner', 503, 'no_runner', null],
  ['no-own-runner', 503, 'no_own_runner', 'tier'],
  ['tier-unavailable', 400, 'tier_unavailable', 'tier'],
  ['price-too-low', 400, 'price_too_low', 'max_price'],
  ['context-length-exceeded', 400, 'context_length_exceeded', 'messages'],
] as const)('%s answers %i %s and names %s', (reason, status, code, param) => {
  const error = toJobError(reason)
  expect(error.status).toBe(status)
  expect(error.body.error).toMatchObject({ code, param })
})

test('what money could cure has the type that OpenAI’s clients know', () => {
  expect(toJobError('insufficient-funds').body.error.type).toBe('insufficient_quota')
  expect(toJobError('key-limit-reached').body.error.type).toBe('insufficient_quota')
})
