import { expect, test } from 'vitest'
import { ageWords } from '../ui/age-words.ts'
import type { Network } from './network.ts'
import { type NetworkView, nextView, waitWords } from './network-view.ts'

const network: Network = { runners: 1, slots: 8, freeSlots: 8, running: 0, waiting: 0, models: [] }
const live: NetworkView = { state: 'live', network, atMs: 1000 }

test('an answer is live, whatever was there before', () => {
  for (const view of [{ state: 'loading' }, { state: 'failed' }, live] as const) {
    expect(nextView(view, { type: 'answered', network, nowMs: 5000 })).toEqual({ ...live, atMs: 5000 })
  }
})

test('what was known stays, with the time it is from', () => {
  const stale = nextView(live, { type: 'unreachable' })
  expect(stale).toEqual({ state: 'stale', network, atMs: 1000 })
  expect(nextView(stale, { type: 'unreachable' })).toEqual(stale)
  expect(nextView(stale, { type: 'asked-again' })).toEqual(stale)
})

test('a network that never answered is not shown as empty', () => {
  const failed = nextView({ state: 'loading' }, { type: 'unreachable' })
  expect(failed).toEqual({ state: 'failed' })
  expect(nextView(failed, { type: 'asked-again' })).toEqual({ state: 'loading' })
})

test('an age is told in the largest unit that fits', () => {
  expect(ageWords('en', 0)).toBe('1 second ago')
  expect(ageWords('en', 35_000)).toBe('35 seconds ago')
  expect(ageWords('en', 130_000)).toBe('2 minutes ago')
  expect(ageWords('en', 3 * 3_600_000)).toBe('3 hours ago')
  expect(ageWords('ar', 35_000)).toMatch(/35/)
  expect(ageWords('ru', 35_000)).toBe('35 секунд назад')
})

test('a wait is told in seconds, then in minutes', () => {
  expect(waitWords('en', 0)).toBe('1 second')
  expect(waitWords('en', 12)).toBe('12 seconds')
  expect(waitWords('en', 100)).toBe('2 minutes')
  expect(waitWords('ar', 12)).toMatch(/12/)
})
