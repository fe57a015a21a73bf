import { expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { jobTimeMs } from '../ledger/job-window.ts'
import { rangesOfRunner } from './runner-jobs.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const END = 'job`'
const times = (ranges: ReturnType<typeof rangesOfRunner>) =>
  ranges.map(({ from, to }) => [jobTimeMs(from), to === END ? END : jobTimeMs(to)])

test('only times of links are looked through, the newest first, with the age of a job before and some slack after', () => {
  const paired = NOW_MS - 10 * DAY_MS
  const spans = [
    { fromMs: NOW_MS - DAY_MS, toMs: undefined },
    { fromMs: NOW_MS - 9 * DAY_MS, toMs: NOW_MS - 8 * DAY_MS },
  ]
  expect(times(rangesOfRunner(spans, { pairedMs: paired, nowMs: NOW_MS, below: END }))).toEqual([
    [NOW_MS - DAY_MS - 15 * MINUTE_MS, NOW_MS + 20 * MINUTE_MS + 1],
    // What was before the first link that is known is looked through, too.
    [paired, NOW_MS - 8 * DAY_MS + 20 * MINUTE_MS + 1],
  ])
})
test('a page goes on below its cursor', () => {
  const spans = [
    { fromMs: NOW_MS - DAY_MS, toMs: undefined },
    { fromMs: NOW_MS - 9 * DAY_MS, toMs: NOW_MS - 8 * DAY_MS },
  ]
  const below = firstJobIdAt(NOW_MS - 5 * DAY_MS)
  const input = { pairedMs: NOW_MS - 9 * DAY_MS, nowMs: NOW_MS, below }
  expect(times(rangesOfRunner(spans, input))).toEqual([
    [NOW_MS - 9 * DAY_MS - 15 * MINUTE_MS, NOW_MS - 8 * DAY_MS + 20 * MINUTE_MS + 1],
  ])
  const inside = firstJobIdAt(NOW_MS - 8.5 * DAY_MS)
  expect(rangesOfRunner(spans, { ...input, below: inside }).map(({ to }) => to)).toEqual([inside])
  expect(rangesOfRunner(spans, { ...input, below: firstJobIdAt(NOW_MS - 20 * DAY_MS) })).toEqual([])
})
test('without any row of a link everything since the pairing is looked through', () => {
  expect(times(rangesOfRunner([], { pairedMs: NOW_MS - DAY_MS, nowMs: NOW_MS, below: END }))).toEqual([
    [NOW_MS - DAY_MS, NOW_MS + 1],
  ])
})
