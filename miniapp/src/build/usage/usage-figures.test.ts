import { expect, test } from 'vitest'
import { type UsageReportJson, usageReportSchema } from '../../../../protocol/src/miniapp/usage.ts'
import { USAGE_PERIODS, usageLines, usageRange } from './usage-figures.ts'

const sums = (charge: string, jobs = 1) => ({
  jobs,
  prompt_tokens: 10,
  completion_tokens: 20,
  charge_nano: charge,
})
const report = (
  group_by: UsageReportJson['group_by'],
  lines: readonly (readonly [string | number | null, string])[],
  range = { from: '2026-11-19', to: '2026-11-22' },
): UsageReportJson =>
  usageReportSchema.parse({
    ...range,
    group_by,
    data: lines.map(([group, charge]) => ({ group, name: null, ...sums(charge) })),
    total: sums('0'),
  })

test('a period ends today and includes it', () => {
  const nowMs = Date.UTC(2026, 10, 22, 0, 1)
  expect(usageRange('7', nowMs)).toEqual({ from: '2026-11-16', to: '2026-11-22' })
  expect(usageRange('90', nowMs)).toEqual({ from: '2026-08-25', to: '2026-11-22' })
})

test('days without a job are there, with nothing', () => {
  const lines = usageLines(report('day', [['2026-11-20', '500']]))
  expect(lines.map(({ group, charge, jobs, share }) => [group, charge, jobs, share])).toEqual([
    ['2026-11-19', 0n, 0, 0],
    ['2026-11-20', 500n, 1, 1],
    ['2026-11-21', 0n, 0, 0],
    ['2026-11-22', 0n, 0, 0],
  ])
})

test('every period has as many days as it says', () => {
  for (const period of USAGE_PERIODS) {
    const range = usageRange(period, Date.UTC(2026, 2, 30))
    expect(usageLines(report('day', [], range))).toHaveLength(Number(period))
  }
})

test('keys and models stand by what they cost, the dearest first', () => {
  const lines = usageLines(
    report('model', [
      ['small', '10'],
      ['large', '9007199254740991'],
      ['free', '0'],
    ]),
  )
  expect(lines.map(({ group, share }) => [group, share])).toEqual([
    ['large', 1],
    ['small', 0],
    ['free', 0],
  ])
})

test('where nothing was spent no bar has a length', () => {
  const lines = usageLines(
    report('key', [
      [null, '0'],
      [3, '0'],
    ]),
  )
  expect(lines.map(({ share }) => share)).toEqual([0, 0])
})
