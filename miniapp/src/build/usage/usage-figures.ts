import type { UsageReportJson } from '../../../../protocol/src/miniapp/usage.ts'
import { type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'

/** How many days back a report goes, today included. */
export const USAGE_PERIODS = ['7', '30', '90'] as const
export type UsagePeriod = (typeof USAGE_PERIODS)[number]

const DAY_MS = 86_400_000

/** A line of the table, and a bar of the chart. */
export type UsageLine = {
  /** The key's id (null: no key), the model's name, or the day. */
  readonly group: string | number | null
  /** The key's name. */
  readonly name: string | null
  readonly jobs: number
  readonly promptTokens: number
  readonly completionTokens: number
  readonly charge: Nano
  /** Of the dearest line, 0 to 1. */
  readonly share: number
}

/** The first and last day of a period that ends today, UTC. */
export function usageRange(
  period: UsagePeriod,
  nowMs: number,
): { readonly from: string; readonly to: string } {
  return { from: dayText(nowMs - (Number(period) - 1) * DAY_MS), to: dayText(nowMs) }
}

/** The lines of a report: days in their order with those between them on which nothing was asked, others by their cost. */
export function usageLines(report: UsageReportJson): readonly UsageLine[] {
  const read = report.data.map(({ group, name, jobs, prompt_tokens, completion_tokens, charge_nano }) => ({
    group,
    name,
    jobs,
    promptTokens: prompt_tokens,
    completionTokens: completion_tokens,
    charge: parseNano(charge_nano) ?? nano(0n),
  }))
  const lines = report.group_by === 'day' ? fillDays(read, report) : read.toSorted(byCost)
  const most = lines.reduce((most, { charge }) => (charge > most ? charge : most), nano(0n))
  return lines.map((line) => ({ ...line, share: shareOf(line.charge, most) }))
}

type ReadLine = Omit<UsageLine, 'share'>

function fillDays(lines: readonly ReadLine[], { from, to }: UsageReportJson): readonly ReadLine[] {
  const known = new Map(lines.map((line) => [line.group, line]))
  const [first, last] = [Date.parse(from), Date.parse(to)]
  const days = Math.min(Number(USAGE_PERIODS.at(-1)), Math.round((last - first) / DAY_MS) + 1)
  return Array.from({ length: Math.max(0, days) }, (_, at) => {
    const group = dayText(first + at * DAY_MS)
    return known.get(group) ?? { ...NOTHING, group }
  })
}

const NOTHING = { name: null, jobs: 0, promptTokens: 0, completionTokens: 0, charge: nano(0n) } as const

function byCost(one: ReadLine, other: ReadLine): number {
  if (one.charge !== other.charge) return one.charge < other.charge ? 1 : -1
  return other.jobs - one.jobs
}

/** A share in thousandths: exact enough for a bar, whatever the amounts are. */
function shareOf(amount: Nano, most: Nano): number {
  return most === 0n ? 0 : Number((amount * 1000n) / most) / 1000
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
