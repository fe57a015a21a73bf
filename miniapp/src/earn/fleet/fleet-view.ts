import type { FleetRunnerJson } from '../../../../protocol/src/miniapp/runners.ts'
import { type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'
import { isLit, type RunnerState, runnerState } from '../runner-state.ts'

/** From so many runners on the list has a search, an order and things to do with several. */
export const MANY_RUNNERS = 8

export const SPANS = ['today', 'days_7', 'days_30'] as const
export type Span = (typeof SPANS)[number]

export const ORDERS = ['earned', 'state', 'name'] as const
export type Order = (typeof ORDERS)[number]

/** What needs its owner comes first. */
const STATE_ORDER: readonly RunnerState[] = ['away', 'new', 'starting', 'paused', 'working', 'ready']

type Earner = Pick<FleetRunnerJson, 'today_nano' | 'days_7_nano' | 'days_30_nano'>

/** What was earned in a span. */
export function earnedIn(of: Earner, span: Span): Nano {
  return parseNano(of[`${span}_nano`]) ?? nano(0n)
}

/** The runners that a search finds, in the order that was asked for. Words may be of name, device, model or region. */
export function listRunners(
  runners: readonly FleetRunnerJson[],
  { search, order, span }: { readonly search: string; readonly order: Order; readonly span: Span },
): readonly FleetRunnerJson[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = runners.filter((runner) => {
    const text = textOf(runner)
    return words.every((word) => text.includes(word))
  })
  return found.toSorted((one, other) => compare(one, other, order, span) || byName(one, other))
}

function compare(one: FleetRunnerJson, other: FleetRunnerJson, order: Order, span: Span): number {
  if (order === 'name') return 0
  if (order === 'state')
    return STATE_ORDER.indexOf(runnerState(one)) - STATE_ORDER.indexOf(runnerState(other))
  const by = earnedIn(other, span) - earnedIn(one, span)
  return by === 0n ? 0 : by > 0n ? 1 : -1
}

const byText = new Intl.Collator(undefined, { numeric: true })

function byName(one: FleetRunnerJson, other: FleetRunnerJson): number {
  return byText.compare(one.name, other.name) || byText.compare(one.id, other.id)
}

function textOf({ name, device, models, region, id }: FleetRunnerJson): string {
  return [name, device ?? '', region ?? '', id, ...models.map((model) => model.id)].join(' ').toLowerCase()
}

/** How many take jobs now. */
export function countLit(runners: readonly FleetRunnerJson[]): number {
  return runners.filter((runner) => isLit(runnerState(runner))).length
}

type Day = { readonly day: string; readonly earned_nano: string; readonly jobs: number }

/** The days that a chart shows: a week, also for today, so that today has something beside it. */
export function daysOf<T extends Day>(days: readonly T[], span: Span): readonly T[] {
  return days.slice(span === 'days_30' ? -30 : -7)
}
