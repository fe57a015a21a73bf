import { afterEach, expect, test, vi } from 'vitest'
import { keepRenewing, RENEW_MS, RENEW_RETRY_MS } from './keep-renewing.ts'

afterEach(() => vi.useRealTimers())

test('a network that runs for long renews each day, soon again after a failure, and no more once it is stopped', async () => {
  vi.useFakeTimers()
  let renewed = 0
  const { stop } = keepRenewing(async () => {
    renewed += 1
    if (renewed === 2) throw new Error('the coordinator is not there')
  })
  await vi.advanceTimersByTimeAsync(RENEW_MS - 1)
  expect(renewed).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(renewed).toBe(1)
  await vi.advanceTimersByTimeAsync(RENEW_MS)
  expect(renewed).toBe(2)
  await vi.advanceTimersByTimeAsync(RENEW_RETRY_MS)
  expect(renewed).toBe(3)
  stop()
  await vi.advanceTimersByTimeAsync(RENEW_MS * 3)
  expect(renewed).toBe(3)
})
