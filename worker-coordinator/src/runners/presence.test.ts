import { expect, test } from 'vitest'
import { reportPresence, type Span, uniteSpans } from './presence.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Paired long ago. */
const OLD = { pairedMs: 0, nowMs: NOW_MS }
/** A span by how many hours ago it began and ended. */
const ago = (fromHours: number, toHours?: number): Span => ({
  fromMs: NOW_MS - fromHours * HOUR_MS,
  toMs: toHours === undefined ? undefined : NOW_MS - toHours * HOUR_MS,
})

test("a runner is connected while any of its models' links stands", () => {
  const report = reportPresence([ago(24, 12), ago(18, 6), ago(3)], OLD)
  expect(report.share24h).toBe((18 + 3) / 24)
  expect(report.downtimes).toEqual([
    { fromMs: NOW_MS - 6 * HOUR_MS, toMs: NOW_MS - 3 * HOUR_MS },
    { fromMs: NOW_MS - 7 * DAY_MS, toMs: NOW_MS - DAY_MS },
  ])
})
test('links that stand at the same time count once, whatever order their rows come in', () => {
  const spans = [ago(3), ago(24, 12), ago(24, 20), ago(13, 12), ago(4, 1)]
  expect(uniteSpans(spans, NOW_MS)).toEqual([
    { fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS - 12 * HOUR_MS },
    { fromMs: NOW_MS - 4 * HOUR_MS, toMs: NOW_MS },
  ])
  expect(reportPresence(spans, OLD).share24h).toBe(16 / 24)
})
test('an hour without a link is a downtime, and the one that lasts has no end', () => {
  expect(reportPresence([ago(200, 2), ago(1)], OLD).downtimes).toEqual([
    { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS },
  ])
  expect(reportPresence([ago(200, 1)], OLD)).toMatchObject({
    share24h: 23 / 24,
    downtimes: [{ fromMs: NOW_MS - HOUR_MS, toMs: undefined }],
  })
})
test('a link that comes back within seconds is no downtime, but one that is gone for seconds is', () => {
  const came = [ago(200, 1), { fromMs: NOW_MS - HOUR_MS + 10_000, toMs: undefined }]
  expect(reportPresence(came, OLD).downtimes).toEqual([])
  const gone = [{ fromMs: NOW_MS - 9 * DAY_MS, toMs: NOW_MS - 2_000 }]
  expect(reportPresence(gone, OLD).downtimes).toEqual([{ fromMs: NOW_MS - 2_000, toMs: undefined }])
})
test('a runner that was paired lately is measured since then', () => {
  const paired = { pairedMs: NOW_MS - 2 * HOUR_MS, nowMs: NOW_MS }
  expect(reportPresence([ago(1)], paired)).toEqual({
    share24h: 0.5,
    share7d: 0.5,
    downtimes: [{ fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS }],
  })
  expect(reportPresence([ago(2)], paired)).toEqual({ share24h: 1, share7d: 1, downtimes: [] })
})
test('a runner that never connected has one downtime since its pairing', () => {
  expect(reportPresence([], { pairedMs: NOW_MS - HOUR_MS, nowMs: NOW_MS })).toEqual({
    share24h: 0,
    share7d: 0,
    downtimes: [{ fromMs: NOW_MS - HOUR_MS, toMs: undefined }],
  })
})
test('a runner that connects in the moment of its pairing is online all the time', () => {
  const paired = { pairedMs: NOW_MS, nowMs: NOW_MS }
  expect(reportPresence([{ fromMs: NOW_MS, toMs: undefined }], paired)).toEqual({
    share24h: 1,
    share7d: 1,
    downtimes: [],
  })
})
test('what ended before the seven days says nothing', () => {
  expect(reportPresence([ago(400, 300)], OLD)).toEqual({
    share24h: 0,
    share7d: 0,
    downtimes: [{ fromMs: NOW_MS - 7 * DAY_MS, toMs: undefined }],
  })
})
test('a report shows a hundred downtimes, the newest', () => {
  const spans = Array.from({ length: 150 }, (_, index) => ago(151 - index, 150.5 - index))
  const { downtimes } = reportPresence(spans, OLD)
  expect(downtimes).toHaveLength(100)
  expect(downtimes[0]?.toMs).toBeUndefined()
  expect(downtimes.every(({ fromMs }, at) => at === 0 || fromMs < (downtimes[at - 1]?.fromMs ?? 0))).toBe(
    true,
  )
})
