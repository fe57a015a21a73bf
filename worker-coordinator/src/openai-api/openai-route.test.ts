import { expect, test } from 'vitest'
import { type AnswerFrame, JOB_REASONS } from '../../../protocol/src/answer.ts'
import { sha256Hex } from '../../../protocol/src/canonical-json.ts'
import { expectConforms } from './openai-conformity.ts'
import type { OpenAiDeps } from './openai-deps.ts'
import { createOpenAiApi } from './openai-route.ts'
import { FRAMES, KEY, setupDeps, USAGE, writeAnswer } from './setup-openai-deps.ts'

const CHAT = '/v1/chat/completions'
const EMBEDDINGS = '/v1/embeddings'
const chat = { model: 'silkworm', messages: [{ role: 'user', content: 'Hi' }] }
const embedding = { model: 'sentence/all-minilm:l6', input: ['a', 'b'] }
const REQUEST_ID = /^req_[0-9a-hjkmnp-tv-z]{25}$/

function setup(overrides: Partial<OpenAiDeps> = {}) {
  const { deps, seen } = setupDeps(overrides)
  const api = createOpenAiApi(deps)
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  const call = (path: string, init: RequestInit = {}) =>
    api.request(path, { ...init, headers: { ...headers, ...init.headers } })
  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    call(path, {
      method: 'POST',
      headers: more,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { api, call, post, seen }
}

/** The error of a reply; the reply is checked against both schemas. */
async function errorOf(reply: Response) {
  const body = (await reply.json()) as {
    error: { message: string; type: string; param: string; code: string }
  }
  expectConforms('ErrorResponse', body)
  expect(reply.headers.get('x-request-id')).toMatch(REQUEST_ID)
  expect(reply.headers.get('access-control-allow-origin')).toBe('*')
  return body.error
}

test('a stream has its headers and exactly the bytes that the job wrote', async () => {
  const { post, seen } = setup()
  const reply = await post(CHAT, { ...chat, stream: true, stream_options: { include_usage: true } })
  expect(reply.status).toBe(200)
  const jobId = seen.chats[0]?.jobId ?? ''
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-sharnaqa-job': jobId,
    'x-request-id': jobId.replace('job_', 'req_'),
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1s',
    'access-control-allow-origin': '*',
  })
  const meta = { jobId, model: 'silkworm', createdAtS: 1_790_000_000, includeUsage: true }
  expect(await reply.text()).toBe(
    await new Response(writeAnswer(FRAMES, { kind: 'openai-sse', meta })).text(),
  )
})

test('an answer in one piece is a completion with its usage and cost', async () => {
  const { post } = setup()
  const reply = await post(CHAT, chat)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toBe('application/json')
  const body = (await reply.json()) as { usage: { cost_nano: number } }
  expectConforms('CreateChatCompletionResponse', body)
  expect(body.usage.cost_nano).toBe(1234)
})

test('an answer that fails before its first word has the status of its error', async () => {
  const failed: AnswerFrame = {
    type: 'end',
    finish: 'failed',
    reason: 'engine-failed',
    usage: USAGE,
    receipts: [],
  }
  const { post } = setup({
    runChatJob: async (_, format) => ({ ok: true, body: writeAnswer([failed], format) }),
  })
  const reply = await post(CHAT, chat)
  expect(reply.status).toBe(502)
  expect((await errorOf(reply)).code).toBe('engine_failed')
})

test('a repeat of an earlier request names the earlier job', async () => {
  const earlier = 'job_00000000000000000000000aa' as never
  const { post } = setup({
    runChatJob: async (_, format) => ({ ok: true, jobId: earlier, body: writeAnswer(FRAMES, format) }),
  })
  expect((await post(CHAT, chat)).headers.get('x-sharnaqa-job')).toBe(earlier)
})

test('an answer from a simulated TEE says so, and any other does not', async () => {
  const { post } = setup({
    runChatJob: async (_, format) => ({ ok: true, isSimulated: true, body: writeAnswer(FRAMES, format) }),
  })
  const reply = await post(CHAT, { ...chat, tier: 'confidential' })
  expect(reply.headers.get('x-sharnaqa-simulated')).toBe('true')
  expect(reply.headers.get('access-control-expose-headers')).toContain('x-sharnaqa-simulated')
  expect((await setup().post(CHAT, chat)).headers.has('x-sharnaqa-simulated')).toBe(false)
})

test.each<[string, object, Record<string, string>]>([
  ['Idempotency-Key', {}, { 'idempotency-key': 'k' }],
  ['linger_seconds', { linger_seconds: 5 }, {}],
])('%s with tier confidential is refused rather than ignored', async (param, fields, headers) => {
  const { post, seen } = setup()
  const reply = await post(CHAT, { ...chat, tier: 'confidential', ...fields }, headers)
  expect(reply.status).toBe(400)
  expect(await errorOf(reply)).toMatchObject({ code: 'unsupported_parameter', param })
  expect(seen.chats).toEqual([])
  expect((await post(CHAT, { ...chat, ...fields }, headers)).status).toBe(200)
})

test.each(JOB_REASONS)('a job refused by %s is an error with its status on both routes', async (reason) => {
  const refuse = async () => ({ ok: false as const, reason, retryAfterSeconds: 2.5 })
  const { post } = setup({ runChatJob: refuse, runEmbeddingJob: refuse })
  for (const reply of [await post(CHAT, { ...chat, stream: true }), await post(EMBEDDINGS, embedding)]) {
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.headers.get('content-type')).toContain('application/json')
    expect(reply.headers.get('retry-after')).toBe('3')
    expect(reply.headers.get('x-sharnaqa-job')).toMatch(/^job_/)
    await errorOf(reply)
  }
})

test('text that does not fit an embedding model is the fault of the input', async () => {
  const { post } = setup({ runEmbeddingJob: async () => ({ ok: false, reason: 'context-length-exceeded' }) })
  expect(await errorOf(await post(EMBEDDINGS, embedding))).toMatchObject({ param: 'input' })
})

test('a spent key limit tells clients not to try again', async () => {
  const { post } = setup({ runChatJob: async () => ({ ok: false, reason: 'key-limit-reached' }) })
  expect((await post(CHAT, chat)).headers.get('x-should-retry')).toBe('false')
})

test.each<[string, string, number, string, string | null]>([
  ['no JSON', '{"model":', 400, 'invalid_json', null],
  ['nothing', '', 400, 'invalid_json', null],
  ['NaN', '{"model":"m","messages":[],"temperature":NaN}', 400, 'invalid_json', null],
  ['a list', '[]', 400, 'invalid_type', null],
  ['nesting without end', '['.repeat(500_000), 400, 'invalid_json', null],
  ['deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 400, 'invalid_type', null],
  [
    'five megabytes',
    JSON.stringify({ ...chat, user: 'x'.repeat(5_000_000) }),
    413,
    'request_too_large',
    null,
  ],
  [
    'an infinite temperature',
    `${JSON.stringify(chat).slice(0, -1)},"temperature":1e999}`,
    400,
    'decimal_above_max_value',
    'temperature',
  ],
  [
    'a negative bound',
    JSON.stringify({ ...chat, max_tokens: -1 }),
    400,
    'integer_below_min_value',
    'max_tokens',
  ],
  ['an unknown field', JSON.stringify({ ...chat, banana: 1 }), 400, 'unknown_parameter', 'banana'],
  ['logprobs', JSON.stringify({ ...chat, logprobs: true }), 400, 'unsupported_parameter', 'logprobs'],
  [
    '100,000 messages',
    `{"model":"m","messages":[${'{},'.repeat(99_999)}{}]}`,
    400,
    'array_above_max_length',
    'messages',
  ],
])('%s is refused with its reason, and no job is begun', async (_, body, status, code, param) => {
  const { post, seen } = setup()
  for (const path of [CHAT, EMBEDDINGS]) {
    const reply = await post(path, body)
    const error = await errorOf(reply)
    if (path === CHAT) expect([reply.status, error.code, error.param]).toEqual([status, code, param])
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.status).toBeLessThan(500)
  }
  expect([seen.chats, seen.embeddings, seen.logs]).toEqual([[], [], []])
})

test.each([undefined, 'Bearer wrong', 'Basic eDp5', ''])(
  'the key %j opens nothing',
  async (authorization) => {
    const { api, seen } = setup()
    const headers = authorization === undefined ? {} : { authorization }
    for (const [method, path] of [
      ['POST', CHAT],
      ['POST', EMBEDDINGS],
      ['GET', '/v1/models'],
      ['GET', '/v1/models/silkworm'],
    ] as const) {
      const reply = await api.request(path, { method, headers })
      expect(reply.status).toBe(401)
      expect(reply.headers.get('www-authenticate')).toBe('Bearer')
      expect((await errorOf(reply)).code).toBe('invalid_api_key')
    }
    expect([seen.chats, seen.embeddings]).toEqual([[], []])
  },
)

test('who asks too often is told when to come back', async () => {
  const { post, seen } = setup({
    takeRequest: () => ({ allowed: false, limit: 60, remaining: 0, resetSeconds: 12.5 }),
  })
  const reply = await post(CHAT, chat)
  expect(reply.status).toBe(429)
  expect(reply.headers.get('retry-after')).toBe('13')
  expect(reply.headers.get('x-ratelimit-remaining-requests')).toBe('0')
  expect((await errorOf(reply)).code).toBe('rate_limit_exceeded')
  expect(seen.chats).toEqual([])
})

test('embeddings come as floats, or as base64 where asked', async () => {
  const { post, seen } = setup()
  const floats = (await (await post(EMBEDDINGS, embedding)).json()) as { data: { embedding: number[] }[] }
  expectConforms('CreateEmbeddingResponse', floats)
  expect(floats.data.map(({ embedding }) => embedding.map(Math.fround))).toEqual(
    [
      [0.1, -2, 0],
      [0.1, -2, 1],
    ].map((numbers) => numbers.map(Math.fround)),
  )
  const reply = await post(EMBEDDINGS, { ...embedding, encoding_format: 'base64', dimensions: 3 })
  const base64 = (await reply.json()) as { data: { embedding: string }[]; usage: object }
  expect(base64.data[0]?.embedding).toBe('zczMPQAAAMAAAAAA')
  expect(base64.usage).toEqual({ prompt_tokens: 7, total_tokens: 7, cost_nano: 1234 })
  expect(seen.embeddings[1]?.dimensions).toBe(3)
})

test('embeddings that are no numbers are an error, not an answer', async () => {
  const { post } = setup({ runEmbeddingJob: async () => ({ ok: true, vectors: ['AADAfw=='], usage: USAGE }) })
  const reply = await post(EMBEDDINGS, embedding)
  expect(reply.status).toBe(502)
  expect((await errorOf(reply)).code).toBe('engine_failed')
})

test('the list of models tells kind, context, price and runners', async () => {
  const { call } = setup()
  const list = (await (await call('/v1/models')).json()) as { data: { id: string }[] }
  expectConforms('ListModelsResponse', list)
  expect(list.data).toEqual([
    {
      id: 'silkworm',
      object: 'model',
      created: 1_780_000_000,
      owned_by: 'sharnaqa',
      sharnaqa: {
        kind: 'chat',
        context_tokens: 2048,
        parameters: 10_000_000,
        price_nano: { input: 20_000_000, output: 80_000_000 },
        online_runners: 2,
      },
    },
    {
      id: 'sentence/all-minilm:l6',
      object: 'model',
      created: 1_780_000_001,
      owned_by: 'sharnaqa',
      sharnaqa: {
        kind: 'embedding',
        context_tokens: 256,
        parameters: 22_000_000,
        price_nano: null,
        online_runners: 0,
      },
    },
  ])
})

test.each(['sentence/all-minilm:l6', 'sentence%2Fall-minilm%3Al6'])('the model %s is found', async (id) => {
  const { call } = setup()
  const model = (await (await call(`/v1/models/${id}`)).json()) as { id: string }
  expectConforms('Model', model)
  expect(model.id).toBe('sentence/all-minilm:l6')
})

test.each(['gpt-4o', '%', '%ff', '..%2f..', 'a/b/c'])(
  'the model %s is not found and is named as the fault',
  async (id) => {
    const { call } = setup()
    const reply = await call(`/v1/models/${id}`)
    expect(reply.status).toBe(404)
    expect(await errorOf(reply)).toMatchObject({ code: 'model_not_found', param: 'model' })
  },
)

test('an unknown URL is an error in the same shape', async () => {
  const { call } = setup()
  for (const path of ['/v1/completions', '/v1/', '/v1/chat', '/v1/chat/completions/x', '/v1/audio/speech']) {
    const reply = await call(path, { method: 'POST' })
    expect([path, reply.status]).toEqual([path, 404])
    expect((await errorOf(reply)).code).toBe('unknown_url')
  }
})

test('a wrong method is told the right one', async () => {
  const { call } = setup()
  for (const [method, path, allow] of [
    ['GET', CHAT, 'POST, OPTIONS'],
    ['DELETE', EMBEDDINGS, 'POST, OPTIONS'],
    ['POST', '/v1/models', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/v1/models/silkworm', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const reply = await call(path, { method })
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, allow])
    await errorOf(reply)
  }
})

test('a page of any origin may call, and may read our headers', async () => {
  const { api } = setup()
  const preflight = await api.request(CHAT, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-os',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('x-stainless-os')
  expect(preflight.headers.get('access-control-allow-credentials')).toBe(null)
  const reply = await api.request(CHAT, { method: 'POST' })
  expect(reply.headers.get('access-control-expose-headers')).toContain('x-sharnaqa-job')
})

test('an Idempotency-Key reaches the job as a hash, with a hash of the body', async () => {
  const { post, seen } = setup()
  await post(CHAT, chat, { 'idempotency-key': 'retry-1' })
  await post(EMBEDDINGS, embedding, { 'idempotency-key': 'retry-2' })
  expect(seen.chats[0]?.idempotency).toEqual({
    keyHash: await sha256Hex('retry-1'),
    fingerprint: await sha256Hex(JSON.stringify(chat)),
  })
  expect(seen.embeddings[0]?.idempotency?.keyHash).toBe(await sha256Hex('retry-2'))
})

test.each(['k'.repeat(256), 'clé', 'a\tb'])('the Idempotency-Key %j is refused', async (key) => {
  const { post, seen } = setup()
  const reply = await post(CHAT, chat, { 'idempotency-key': key })
  expect(reply.status).toBe(400)
  expect((await errorOf(reply)).param).toBe('Idempotency-Key')
  expect(seen.chats).toEqual([])
})

test('when something breaks, the reply and the log tell no words of it', async () => {
  const secret = 'the prompt was:\n    at /etc/secret'
  const breaks = async () => {
    throw new Error(secret)
  }
  for (const overrides of [{ runChatJob: breaks }, { authenticate: breaks }] as Partial<OpenAiDeps>[]) {
    const { post, seen } = setup(overrides)
    const reply = await post(CHAT, chat)
    expect(reply.status).toBe(500)
    expect(await errorOf(reply)).toMatchObject({ type: 'server_error', code: 'internal_error', param: null })
    expect(seen.logs.map(([event]) => event)).toEqual(['openai-request-failed'])
    expect(JSON.stringify(seen.logs)).not.toContain('/etc/secret')
  }
})
