import { expect, test } from 'vitest'
import { createHttpNetwork, type FetchApi } from './http-network.ts'

type Call = { readonly path: string; readonly init: Parameters<FetchApi>[1] }

function setupHttp(answer: () => Response | 'unreachable') {
  const calls: Call[] = []
  const network = createHttpNetwork(async (path, init) => {
    calls.push({ path, init })
    const response = answer()
    return response === 'unreachable' ? { ok: false, reason: 'unreachable' } : { ok: true, value: response }
  })
  return { network, calls }
}

const json = (body: unknown) => () => new Response(JSON.stringify(body))

test('names of models and tiers reach the coordinator whole', async () => {
  const { network, calls } = setupHttp(json({}))
  await network.readDirectory('a/b&tier=open', 'own')
  expect(new URL(calls[0]?.path ?? '', 'http://x').searchParams.get('model')).toBe('a/b&tier=open')
})

test('a document that never ends is not read to its end', async () => {
  let sent = 0
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          sent += 1
          controller.enqueue(new Uint8Array(500_000))
        },
      }),
    )
  const { network } = setupHttp(endless)
  expect(await network.readEvidence('ab')).toEqual({ ok: false, reason: 'too-long' })
  expect(sent).toBeLessThan(10)
})

test('a document that breaks off is as if the network were not there', async () => {
  const broken = () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('gone')) }))
  expect(await setupHttp(broken).network.readPolicy()).toEqual({ ok: false, reason: 'unreachable' })
  expect(await setupHttp(() => 'unreachable').network.readPolicy()).toEqual({
    ok: false,
    reason: 'unreachable',
  })
})

test('beacons come with the moments at which they were published, or not at all', async () => {
  const value = 'be'.repeat(32)
  const good = setupHttp(json({ network: 'sim-local', data: [{ value, published_at_ms: 5 }] }))
  expect(await good.network.readBeacons()).toEqual({ ok: true, value: [{ value, publishedAtMs: 5 }] })
  for (const body of [{}, '<html>', { network: 'x', data: [{ value: 'zz', published_at_ms: 5 }] }])
    expect(await setupHttp(json(body)).network.readBeacons()).toEqual({
      ok: false,
      reason: 'beacons-malformed',
    })
})

test('a sealed request is sent with its key, its bound and nothing else', async () => {
  const { network, calls } = setupHttp(json({}))
  const envelope = { header: '{}', ct: 'AA', wraps: [{ enc: 'AA', wrapped: 'AA' }] }
  const order = { model: 'm', envelope, key: 'k/0', lingerSeconds: 3, maxPrice: { input: 1, output: 2 } }
  await network.open(order, new AbortController().signal)
  expect(calls[0]).toMatchObject({
    path: '/v1/sealed/chat',
    init: { method: 'POST', headers: { 'idempotency-key': 'k/0' } },
  })
  expect(JSON.parse(calls[0]?.init.body ?? '')).toEqual({
    model: 'm',
    ...envelope,
    linger_seconds: 3,
    max_price: { input: 1, output: 2 },
  })
})
