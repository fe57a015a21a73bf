import type { LiveNetworkJson } from '../../../protocol/src/miniapp/network.ts'

/** How many steps an order book shows; dearer ones are left out. */
export const STEPS_MAX = 20

/** What a runner's link asks, nano per 1,000,000 tokens, and what it has for it. */
export type Ask = {
  readonly ask: { readonly input: number; readonly output: number }
  readonly slots: number
  readonly running: number
  readonly tokensPerSecond: number
}

/** All links that ask the same. */
export type AskStep = {
  readonly input: number
  readonly output: number
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  /** The mean of its runners. */
  readonly tokensPerSecond: number
}

/** Groups asks by equal price, in the order in which runners are chosen: the cheapest first. */
export function groupAsks(links: readonly Ask[]): readonly AskStep[] {
  const steps = new Map<string, Ask[]>()
  for (const link of links) {
    const name = `${link.ask.input}/${link.ask.output}`
    const equal = steps.get(name)
    if (equal) equal.push(link)
    else steps.set(name, [link])
  }
  return [...steps.values()].map(toStep).toSorted(byPrice).slice(0, STEPS_MAX)
}

function toStep(equal: readonly Ask[]): AskStep {
  const sum = (of: (one: Ask) => number) => equal.reduce((total, one) => total + of(one), 0)
  return {
    input: equal[0]?.ask.input ?? 0,
    output: equal[0]?.ask.output ?? 0,
    runners: equal.length,
    slots: sum(({ slots }) => slots),
    freeSlots: sum(({ slots, running }) => Math.max(0, slots - running)),
    tokensPerSecond: Math.round(sum(({ tokensPerSecond }) => tokensPerSecond) / equal.length),
  }
}

/** As runners are ranked: an answer's token weighs three of the prompt's (`dispatch/runner-book.ts`). */
function byPrice(one: AskStep, other: AskStep): number {
  return one.input + 3 * one.output - other.input - 3 * other.output || one.output - other.output
}

export function stepToJson(step: AskStep): LiveNetworkJson['models'][number]['asks'][number] {
  return {
    price: { input: String(step.input), output: String(step.output) },
    runners: step.runners,
    slots: step.slots,
    free_slots: step.freeSlots,
    tokens_per_second: step.tokensPerSecond,
  }
}
