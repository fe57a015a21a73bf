import { request } from 'node:http'
import { expect, test } from 'vitest'
import { MODEL } from '../../../protocol/src/sealed-client/fake-runner-fixture.ts'
import { isLocalCaller } from './local-caller.ts'
import { setupProxy } from './proxy-fixture.ts'

const question = { model: MODEL.id, messages: [{ role: 'user', content: 'Hello?' }] }

/** Sends what no ordinary client lets one send, such as a host of another name. */
function send(
  url: string,
  options: { readonly method?: string; readonly path?: string; readonly headers?: Record<string, string> },
  body?: string,
): Promise<{
  status: number | undefined
  json: { error: { code: string; message: string } }
  allow: string | undefined
}> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', path: '/v1/chat/completions', ...options }, async (reply) => {
      let text = ''
      for await (const chunk of reply) text += chunk
      resolve({ status: reply.statusCode, json: JSON.parse(text), allow: reply.headers.allow })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test.each([
  ['another host (DNS rebinding)', { host: 'silk.example:8788' }],
  ['a host that only begins like this machine', { host: '127.0.0.1.silk.example' }],
  ['a page of another origin', { origin: 'https://silk.example' }],
  ['a page of another port of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['a page without an origin', { origin: 'null' }],
  ['a browser that says that another site asks', { 'sec-fetch-site': 'cross-site' }],
])('%s is refused before its question is read', async (_, headers) => {
  const { url, notes, orders } = await setupProxy()
  const { status, json } = await send(url, { headers }, JSON.stringify(question))
  expect({ status, code: json.error.code }).toEqual({ status: 403, code: 'not_local' })
  expect({ notes, orders }).toEqual({ notes: [], orders: [] })
})

test('programs of this machine are answered by each of its names', () => {
  for (const host of ['127.0.0.1:8788', 'localhost:8788', 'localhost', '[::1]:8788', 'LOCALHOST:1'])
    expect(isLocalCaller({ host })).toBe(true)
  expect(isLocalCaller({ host: '127.0.0.1:8788', origin: 'http://127.0.0.1:8788' })).toBe(true)
  for (const host of [
    '',
    '127.0.0.1@silk.example',
    '127.0.0.1:8788/x',
    'localhost.',
    '0.0.0.0:8788',
    '2130706433',
  ])
    expect(isLocalCaller({ host })).toBe(false)
  expect(isLocalCaller({})).toBe(false)
})

test.each([
  ['embeddings', { path: '/v1/embeddings' }, '{}', 400, 'unsupported_endpoint'],
  ['a URL that there is not', { path: '/v1/images' }, '{}', 404, 'unknown_url'],
  [
    'what only begins like the list of models',
    { path: '/v1/modelsx', method: 'GET' },
    '',
    404,
    'unknown_url',
  ],
  [
    'a model that nobody serves in the tier',
    { path: '/v1/models/other', method: 'GET' },
    '',
    404,
    'model_not_found',
  ],
  ['another method', { method: 'GET' }, '', 405, 'method_not_supported'],
  ['what is no JSON', {}, '{', 400, 'invalid_json'],
  ['a chat without messages', {}, '{"model":"m"}', 400, 'missing_required_parameter'],
  ['a field that there is not', {}, JSON.stringify({ ...question, seal: 1 }), 400, 'unknown_parameter'],
  ['another tier than the proxy’s', {}, JSON.stringify({ ...question, tier: 'open' }), 400, 'invalid_value'],
  ['a body that is too large', {}, 'x'.repeat(1024 * 1024 + 1), 413, 'request_too_large'],
])('%s is refused in OpenAI’s shape', async (_, options, body, status, code) => {
  const { url } = await setupProxy()
  const reply = await send(url, options, body)
  expect({ status: reply.status, code: reply.json.error.code }).toEqual({ status, code })
  if (status === 405) expect(reply.allow).toBe('POST')
})
