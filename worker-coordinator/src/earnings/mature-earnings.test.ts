import { expect, test } from 'vitest'
import { firstJobIdAt, makeJobId } from '../../../protocol/src/ids.ts'
import { JOB_MAX_MS } from '../jobs/job-store.ts'
import { EARNINGS_MATURE_MS, maturedBeforeMs, matureEarnings, readMatureMs } from './mature-earnings.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 22, 12)

test('earnings accrue for longer than any job may take', () => {
  expect(EARNINGS_MATURE_MS).toBe(24 * HOUR)
  expect(EARNINGS_MATURE_MS).toBeGreaterThan(JOB_MAX_MS)
})
test('what is 24 hours old matures, by the hour', () => {
  expect(maturedBeforeMs(NOON, EARNINGS_MATURE_MS)).toBe(NOON - 24 * HOUR)
  expect(maturedBeforeMs(NOON + HOUR - 1, EARNINGS_MATURE_MS)).toBe(NOON - 24 * HOUR)
  expect(maturedBeforeMs(NOON + HOUR, EARNINGS_MATURE_MS)).toBe(NOON - 23 * HOUR)
  expect(maturedBeforeMs(5, EARNINGS_MATURE_MS)).toBe(0)
})
test('a shorter time matures in shorter steps', () => {
  expect(maturedBeforeMs(NOON + 7000, 5000)).toBe(NOON)
})
test('the time is a day unless configured, and never so short that a job could be missed', () => {
  expect(readMatureMs(undefined)).toBe(EARNINGS_MATURE_MS)
  expect(readMatureMs('86400')).toBe(EARNINGS_MATURE_MS)
  expect(readMatureMs('5')).toBe(5000)
  for (const wrong of ['4', '0', '-1', '1.5', '1e9', '', 'soon', '999999999']) {
    expect(() => readMatureMs(wrong), wrong).toThrow('EARNINGS_MATURE_S')
  }
})
test('a job that nobody ended and that holds earnings back is told of', async () => {
  const openId = makeJobId(NOON - 30 * HOUR, new Uint8Array(16))
  const logged: unknown[] = []
  const gone = await matureEarnings({
    matureMs: EARNINGS_MATURE_MS,
    nowMs: () => NOON,
    log: (...event) => logged.push(event),
    readCursor: async () => firstJobIdAt(NOON - 30 * HOUR),
    findJobs: async () => ({ count: 1, lastId: openId, openId }),
    takeWindow: async () => true,
  })
  expect(gone).toEqual({ windows: 0, heldBackBy: openId })
  expect(logged).toEqual([['earnings-held-back', { job: openId }]])
})
