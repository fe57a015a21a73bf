import { expect, test } from 'vitest'
import { readApiAddress, readApiKey } from './api-address.ts'
import { createCoordinatorApi } from './coordinator-api.ts'
import { reasonOfError, toProxyError } from './error-reason.ts'

const address = (api: string, env = {}) => readApiAddress({ flags: { api }, env })

test('an address is taken with and without /v1, and a key never goes over an open wire', () => {
  for (const api of ['https://silk.example', 'https://silk.example/v1', 'https://silk.example/v1/'])
    expect(address(api)).toEqual({ ok: true, origin: 'https://silk.example' })
  expect(address('http://127.0.0.1:8787/v1')).toEqual({ ok: true, origin: 'http://127.0.0.1:8787' })
  for (const api of ['http://silk.example', 'ftp://silk.example', 'silk', 'https://silk.example/other', ''])
    expect(address(api)).toMatchObject({ ok: false })
})

test('a key comes from the flag, or from the environment', () => {
  expect(readApiKey({ flags: { key: 'sk-1' }, env: { SHARNAQA_API_KEY: 'sk-2' } })).toBe('sk-1')
  expect(readApiKey({ flags: {}, env: { SHARNAQA_API_KEY: 'sk-2' } })).toBe('sk-2')
  expect(readApiKey({ flags: {}, env: {} })).toBeUndefined()
})

test.each([
  ['insufficient_quota', 'insufficient-funds'],
  ['evidence_refused', 'evidence-refused'],
  ['rate_limit_exceeded', 'rate-limited'],
  ['invalid_api_key', 'unauthorized'],
  ['sealed_model', 'sealed-model'],
])('the error %s is the reason %s', (code, reason) => {
  const body = JSON.stringify({ error: { code, message: 'x', type: 'y', param: null } })
  expect(reasonOfError(400, body)).toEqual({ reason })
})

test('an error page of somebody in between is no reason of the network', () => {
  expect(reasonOfError(502, '<html>')).toEqual({ reason: 'internal' })
  expect(reasonOfError(418, '')).toEqual({ reason: 'status-418' })
})

test('every reason has an error in OpenAI’s shape, also those of tomorrow', () => {
  for (const reason of ['no-runner', 'unreachable', 'constructor', 'toString', 'a-new-one']) {
    const { status, body } = toProxyError(reason)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(Object.keys(body.error).toSorted()).toEqual(['code', 'message', 'param', 'type'])
  }
  expect(toProxyError('seal-broken', 'chunk-order').body.error.message).toContain('(chunk-order)')
})

test('the key goes to the network that was named, and no redirect is followed with it', async () => {
  const calls: [unknown, RequestInit | undefined][] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    calls.push([url, init])
    return new Response('{}', { status: 429, headers: { 'retry-after': '7' } })
  }
  const api = createCoordinatorApi({ origin: 'https://silk.example', key: 'sk-1', fetch })
  expect(await api('/v1/policy', {})).toMatchObject({ ok: false, retryAfterSeconds: 7 })
  expect(calls[0]?.[0]).toBe('https://silk.example/v1/policy')
  expect(calls[0]?.[1]).toMatchObject({ redirect: 'error', headers: { authorization: 'Bearer sk-1' } })
})

test('a network that is not there is unreachable', async () => {
  const fetch = () => Promise.reject(new TypeError('no route'))
  const api = createCoordinatorApi({ origin: 'https://silk.example', fetch })
  expect(await api('/v1/policy', {})).toEqual({ ok: false, reason: 'unreachable' })
})
