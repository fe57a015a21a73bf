import { expect, test } from 'vitest'
import { createSession } from './session.ts'

type Call = { readonly path: string; readonly init: RequestInit }

function setup(answer: (call: Call, count: number) => Response | Error) {
  const calls: Call[] = []
  const fetch = (async (path: string, init: RequestInit) => {
    calls.push({ path, init })
    const given = answer({ path, init }, calls.length)
    if (given instanceof Error) throw given
    return given
  }) as typeof globalThis.fetch
  return { session: createSession({ fetch, initData: 'user=1&hash=x' }), calls }
}
const login = () => Response.json({ token: 'session-1' })
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

test('the first question logs in, and the next ones do not', async () => {
  const { session, calls } = setup(({ path }) => (path === '/v1/session' ? login() : Response.json('yes')))
  expect(await session.ask('/v1/balance', text)).toEqual({ ok: true, value: 'yes' })
  expect(await session.ask('/v1/balance', text)).toEqual({ ok: true, value: 'yes' })
  expect(calls.map(({ path }) => path)).toEqual(['/v1/session', '/v1/balance', '/v1/balance'])
  expect(calls[1]?.init.headers).toMatchObject({ authorization: 'Bearer session-1' })
})

test('a session that ended is renewed once', async () => {
  const { session, calls } = setup(({ path }, count) => {
    if (path === '/v1/session') return login()
    return count === 2 ? Response.json({ error: { code: 'expired' } }, { status: 401 }) : Response.json('yes')
  })
  expect(await session.ask('/x', text)).toEqual({ ok: true, value: 'yes' })
  expect(calls.map(({ path }) => path)).toEqual(['/v1/session', '/x', '/v1/session', '/x'])
})

test('a refusal keeps its reason and its sentence', async () => {
  const { session } = setup(({ path }) =>
    path === '/v1/session'
      ? login()
      : Response.json({ error: { code: 'no-wallet', message: 'Connect a wallet first.' } }, { status: 409 }),
  )
  expect(await session.ask('/x', text)).toEqual({
    ok: false,
    reason: 'no-wallet',
    sentence: 'Connect a wallet first.',
  })
})

test('no answer, an error page and a strange answer are reasons, and never thrown', async () => {
  const silent = setup(() => new Error('offline'))
  expect(await silent.session.ask('/x', text)).toMatchObject({ ok: false, reason: 'unreachable' })
  const page = setup(({ path }) =>
    path === '/v1/session' ? login() : new Response('<html>', { status: 502 }),
  )
  expect(await page.session.ask('/x', text)).toMatchObject({ ok: false, reason: 'failed' })
  const strange = setup(({ path }) => (path === '/v1/session' ? login() : Response.json(7)))
  expect(await strange.session.ask('/x', text)).toMatchObject({ ok: false, reason: 'failed' })
})

test('a login that failed is tried again with the next question', async () => {
  const { session } = setup(({ path }, count) => {
    if (path !== '/v1/session') return Response.json('yes')
    return count === 1 ? new Error('offline') : login()
  })
  expect(await session.ask('/x', text)).toMatchObject({ ok: false, reason: 'unreachable' })
  expect(await session.ask('/x', text)).toEqual({ ok: true, value: 'yes' })
})

test('who wants a refusal as it came gets its status and its body', async () => {
  const { session } = setup(({ path }) =>
    path === '/v1/session' ? login() : Response.json({ error: { code: 'no_runner' } }, { status: 503 }),
  )
  expect(await session.open('/x')).toEqual({ ok: false, reason: 'no_runner', sentence: undefined })
  const opened = await session.open('/x', { refusals: 'as-response' })
  expect(opened).toMatchObject({ ok: true, value: { status: 503 } })
  const silent = setup(({ path }) => (path === '/v1/session' ? login() : new Error('offline')))
  expect(await silent.session.open('/x', { refusals: 'as-response' })).toMatchObject({
    reason: 'unreachable',
  })
})
