import { expect, test, vi } from 'vitest'
import { liveNetworkSchema } from '../../../protocol/src/miniapp/network.ts'
import { keptFor } from '../platform/kept-for.ts'
import { createLiveNetwork } from './live-network-reader.ts'
import { liveNetworkRoute } from './live-network-route.ts'

function setup(countJobs: () => Promise<number> = async () => 4) {
  let clock = 1_000_000
  const deps = {
    listModels: vi.fn(async () => []),
    countJobsLastMinute: vi.fn(countJobs),
    readOwnersToday: vi.fn(async () => ({ ownersTodayNano: 95n, jobsToday: 7 })),
    secret: 'secret',
    nowMs: () => clock,
  }
  const route = liveNetworkRoute({ readLiveNetwork: createLiveNetwork(deps) })
  return {
    deps,
    pass: (ms: number) => {
      clock += ms
    },
    get: () => route.request('/v1/network/live'),
  }
}

test('everybody may ask, and a browser keeps nothing of it', async () => {
  const { get } = setup()
  const response = await get()
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(liveNetworkSchema.parse(await response.json())).toMatchObject({
    runners: 0,
    jobs_last_minute: 4,
    owners_today_nano: '95',
    jobs_today: 7,
  })
})

test('many who look cost no more than one: live figures for 2 s, the sums of the day for 10 s', async () => {
  const { deps, get, pass } = setup()
  await Promise.all(Array.from({ length: 50 }, get))
  pass(1_999)
  await get()
  expect([deps.countJobsLastMinute.mock.calls.length, deps.readOwnersToday.mock.calls.length]).toEqual([1, 1])
  pass(1)
  await get()
  expect([deps.countJobsLastMinute.mock.calls.length, deps.readOwnersToday.mock.calls.length]).toEqual([2, 1])
  pass(8_000)
  await get()
  expect(deps.readOwnersToday).toHaveBeenCalledTimes(2)
})

test('a failure is not kept: the next question is asked again', async () => {
  const ask = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(7)
  const read = keptFor(2_000, { ask, nowMs: () => 0 })
  await expect(read()).rejects.toThrow('away')
  expect(await read()).toBe(7)
  expect(await read()).toBe(7)
  expect(ask).toHaveBeenCalledTimes(2)
})

test('without the database there is no answer rather than a wrong one', async () => {
  const { get } = setup(() => Promise.reject(new Error('no database')))
  expect((await get()).status).toBe(500)
})
