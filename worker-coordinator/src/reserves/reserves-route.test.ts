import { expect, test, vi } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { type ReservesRouteDeps, reservesRoute } from './reserves-route.ts'

const DAY = Date.UTC(2026, 10, 22) / 86_400_000
const DOCUMENT = '{"day":"2026-11-22","total":"5"}'
const OWN = { day: '2026-11-22', root: 'a'.repeat(64), total: '5', leaves: 1, paths: [] }

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<ReservesRouteDeps> = {}) {
  const route = reservesRoute({
    authenticate: async (authorization) => {
      if (authorization === undefined) return { ok: false, reason: 'missing' }
      return authorization === 'key'
        ? { ok: true, caller: { accountId: 7, keyId: 3 } }
        : { ok: false, reason: 'unknown' }
    },
    listProofs: fakeless('listProofs'),
    findDocument: fakeless('findDocument'),
    readOwnPaths: fakeless('readOwnPaths'),
    ...overrides,
  })
  return async (path: string, authorization?: string) => {
    const response = await route.request(path, {
      headers: authorization === undefined ? {} : { authorization },
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}

test('the list has the newest document and says of each day whether the chain shows it', async () => {
  const day = {
    day: DAY,
    root: 'a'.repeat(64),
    total: nano(5n),
    leaves: 1,
    transactionId: null,
    pathsKept: true,
  }
  const request = setup({ listProofs: async () => ({ latest: DOCUMENT, days: [day] }) })
  const { status, text } = await request('/v1/reserves')
  expect(status).toBe(200)
  expect(JSON.parse(text)).toEqual({
    latest: { day: '2026-11-22', total: '5' },
    days: [
      {
        day: '2026-11-22',
        root: 'a'.repeat(64),
        total_nano: '5',
        leaves: 1,
        transaction_id: null,
        paths_kept: true,
      },
    ],
  })
})
test('before the first proof the list is empty', async () => {
  const request = setup({ listProofs: async () => ({ latest: undefined, days: [] }) })
  expect((await request('/v1/reserves')).text).toBe('{"latest":null,"days":[]}')
})
test('a document goes out byte for byte as it was signed', async () => {
  const findDocument = vi.fn(async () => DOCUMENT)
  const { status, text, headers } = await setup({ findDocument })('/v1/reserves/2026-11-22')
  expect({ status, text }).toEqual({ status: 200, text: DOCUMENT })
  expect(headers.get('content-type')).toBe('application/json')
  expect(findDocument).toHaveBeenCalledExactlyOnceWith(DAY)
})
test.each(['2026-02-30', 'yesterday', '20414', '2026-11-22%20'])(
  '%s is no day and asks no database',
  async (day) => {
    const request = setup()
    expect(await request(`/v1/reserves/${day}`)).toMatchObject({ status: 404 })
    expect((await request(`/v1/reserves/${day}/path`, 'key')).text).toContain('"unknown_day"')
  },
)
test('a day without a proof is refused by its name', async () => {
  const { status, text } = await setup({ findDocument: async () => undefined })('/v1/reserves/2026-11-22')
  expect(status).toBe(404)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'unknown_day', param: 'day' } })
})
test('the own path is for the caller alone, and is not kept by caches', async () => {
  const readOwnPaths = vi.fn(async () => ({ ok: true as const, paths: OWN }))
  const request = setup({ readOwnPaths })
  expect(await request('/v1/reserves/2026-11-22/path')).toMatchObject({ status: 401 })
  expect(await request('/v1/reserves/2026-11-22/path', 'nonsense')).toMatchObject({ status: 401 })
  expect(readOwnPaths).not.toHaveBeenCalled()
  const { status, text, headers } = await request('/v1/reserves/2026-11-22/path', 'key')
  expect(status).toBe(200)
  expect(JSON.parse(text)).toEqual(OWN)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(readOwnPaths).toHaveBeenCalledExactlyOnceWith({ day: DAY, accountId: 7 })
})
test.each([
  ['unknown-day', 404, 'unknown_day'],
  ['paths-gone', 410, 'paths_gone'],
] as const)('a path that is refused with %s has the status %i', async (reason, status, code) => {
  const answer = await setup({ readOwnPaths: async () => ({ ok: false, reason }) })(
    '/v1/reserves/2026-11-22/path',
    'key',
  )
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code } })
})
