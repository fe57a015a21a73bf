import type { Ask } from '../../../protocol/src/runner/up.ts'
import { type Desk, estimateWaitSeconds, freeSlotsOf, type Link } from './desk.ts'
import { type ConfidentialSupply, takeConfidentialSupply } from './sealed-supply.ts'

/** How many links one object shows one by one; the sums count all. */
export const SHOWN_LINKS_MAX = 1000

/** A runner's link for a model, as it stands now. */
export type LiveLink = {
  readonly runnerId: string
  /** Continent, such as `EU`; null where it is not known. */
  readonly region: string | null
  readonly slots: number
  /** Jobs that it has. */
  readonly running: number
  readonly tokensPerSecond: number
  /** What it is paid, nano per 1,000,000 tokens. */
  readonly ask: Ask
  /** What it asks by its own settings. */
  readonly ownAsk: Ask
  readonly linkedAtMs: number
}

/** One model's runners and queue. Sums, prices and `links` are of what serves everyone. */
export type DispatchSnapshot = {
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly running: number
  readonly waiting: number
  /** For whoever comes now; 0 while a slot is free. */
  readonly waitSeconds: number
  readonly tokensPerSecond: number
  readonly contextTokens: number
  /** The lowest ask on each side, nano per 1,000,000 tokens; absent without a runner. */
  readonly price: { readonly input: number; readonly output: number } | undefined
  /** All that are linked, and those that just arrive. */
  readonly runnerIds: readonly string[]
  /** Those of them that serve a group, or their owner alone: no supply for anybody else. */
  readonly privateRunnerIds: readonly string[]
  /** Links that serve everyone; SHOWN_LINKS_MAX at most. */
  readonly links: readonly LiveLink[]
  /** The others; as many at most. */
  readonly privateLinks: readonly LiveLink[]
  /** Whose runners are here, and which groups share some: who may find one of tier `own`. */
  readonly ownerIds: readonly number[]
  readonly groupIds: readonly string[]
  /** What of it serves tier `confidential`; absent while nothing does. */
  readonly confidential?: ConfidentialSupply
}

/** Says how one model's runners and queue stand. `arriving`: runners whose links are about to stand. */
export function takeSnapshot(desk: Desk, arriving: readonly string[] = []): DispatchSnapshot {
  const all = [...desk.links.values()]
  const links = all.filter(({ facts }) => facts.audience === 'everyone')
  const others = all.filter(({ facts }) => facts.audience !== 'everyone')
  const sum = (of: (link: Link) => number) => links.reduce((total, link) => total + of(link), 0)
  const freeSlots = sum(freeSlotsOf)
  const confidential = takeConfidentialSupply(desk)
  const waiting = desk.waiting.filter(({ job }) => job.tier === 'open').length
  return {
    runners: links.length,
    slots: sum(({ facts }) => facts.slots),
    freeSlots,
    running: sum(({ leased }) => leased.size),
    waiting,
    waitSeconds: freeSlots > 0 || links.length === 0 ? 0 : estimateWaitSeconds(desk, links, waiting + 1),
    tokensPerSecond:
      links.length === 0 ? 0 : Math.round(sum(({ facts }) => facts.tokensPerSecond) / links.length),
    contextTokens: Math.max(0, ...links.map(({ facts }) => facts.contextTokens)),
    price:
      links.length === 0
        ? undefined
        : {
            input: Math.min(...links.map(({ facts }) => facts.ask.input)),
            output: Math.min(...links.map(({ facts }) => facts.ask.output)),
          },
    runnerIds: [...all.map(({ facts }) => facts.runnerId), ...arriving],
    privateRunnerIds: [...others.map(({ facts }) => facts.runnerId), ...arriving],
    links: links.slice(0, SHOWN_LINKS_MAX).map(toLiveLink),
    privateLinks: others.slice(0, SHOWN_LINKS_MAX).map(toLiveLink),
    ownerIds: [...new Set(all.map(({ facts }) => facts.ownerId))],
    groupIds: [...new Set(others.flatMap(({ facts }) => facts.groupId ?? []))],
    ...(confidential ? { confidential } : {}),
  }
}

function toLiveLink({ facts, leased }: Link): LiveLink {
  return {
    runnerId: facts.runnerId,
    region: facts.region,
    slots: facts.slots,
    running: leased.size,
    tokensPerSecond: facts.tokensPerSecond,
    ask: facts.ask,
    ownAsk: facts.ownAsk,
    linkedAtMs: facts.linkedAtMs,
  }
}
