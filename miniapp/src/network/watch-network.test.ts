import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { NetworkEvent } from './network-view.ts'
import { REFRESH_MS, type WatchDeps, watchNetwork } from './watch-network.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setupWatch(overrides: Partial<WatchDeps> = {}) {
  const events: NetworkEvent['type'][] = []
  const fetchNetwork = vi.fn(async (): Promise<unknown> => ({ models: [] }))
  const deps: WatchDeps = {
    fetchNetwork,
    isVisible: () => true,
    nowMs: () => 1,
    report: ({ type }) => events.push(type),
    ...overrides,
  }
  return { watch: watchNetwork(deps), events, fetchNetwork }
}

test('it asks at once and then every five seconds', async () => {
  const { events, watch } = setupWatch()
  await vi.advanceTimersByTimeAsync(0)
  expect(events).toEqual(['answered'])
  await vi.advanceTimersByTimeAsync(2 * REFRESH_MS)
  expect(events).toEqual(['answered', 'answered', 'answered'])
  watch.stop()
})

test('it does not ask for a page that nobody sees', async () => {
  const { fetchNetwork, watch } = setupWatch({ isVisible: () => false })
  await vi.advanceTimersByTimeAsync(10 * REFRESH_MS)
  expect(fetchNetwork).toHaveBeenCalledTimes(1)
  watch.stop()
})

test('a slow answer is waited for, not asked for again', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const fetchNetwork = vi.fn(() => promise)
  const { events, watch } = setupWatch({ fetchNetwork })
  watch.ask()
  await vi.advanceTimersByTimeAsync(3 * REFRESH_MS)
  expect(fetchNetwork).toHaveBeenCalledTimes(1)
  resolve({ models: [] })
  await vi.advanceTimersByTimeAsync(0)
  expect(events).toEqual(['answered'])
  watch.stop()
})

test('no answer, and an answer that is none, are out of reach; the next one is not', async () => {
  const fetchNetwork = vi
    .fn(async (): Promise<unknown> => ({ models: [] }))
    .mockRejectedValueOnce(new TypeError('Failed to fetch'))
    .mockResolvedValueOnce('<!doctype html>')
  const { events, watch } = setupWatch({ fetchNetwork })
  await vi.advanceTimersByTimeAsync(2 * REFRESH_MS)
  expect(events).toEqual(['unreachable', 'unreachable', 'answered'])
  watch.stop()
})

test('after it was stopped it reports nothing and asks nothing', async () => {
  const { events, fetchNetwork, watch } = setupWatch()
  watch.stop()
  watch.ask()
  await vi.advanceTimersByTimeAsync(3 * REFRESH_MS)
  expect(events).toEqual([])
  expect(fetchNetwork).toHaveBeenCalledTimes(1)
})
