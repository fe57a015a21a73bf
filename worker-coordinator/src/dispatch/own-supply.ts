import { competes, type Reach } from './audience.ts'
import { type Desk, estimateWaitSeconds, freeSlotsOf, linksFor } from './desk.ts'

/** What serves one caller's jobs of tier `own` at one of a model's objects. */
export type OwnSupply = {
  readonly runners: number
  readonly freeSlots: number
  /** 0 while a slot is free. */
  readonly waitSeconds: number
  /** The mean of its runners. */
  readonly tokensPerSecond: number
  readonly contextTokens: number
}

/** Says what a caller finds in tier `own`. */
export function takeOwnSupply(desk: Desk, reach: Reach): OwnSupply {
  const links = linksFor(desk, reach).filter(({ leaving }) => !leaving)
  const freeSlots = links.reduce((sum, link) => sum + freeSlotsOf(link), 0)
  const ahead = desk.waiting.filter(({ job }) => competes(job, reach)).length
  const speed = links.reduce((sum, { facts }) => sum + facts.tokensPerSecond, 0)
  return {
    runners: links.length,
    freeSlots,
    waitSeconds: freeSlots > 0 || links.length === 0 ? 0 : estimateWaitSeconds(desk, links, ahead + 1),
    tokensPerSecond: links.length === 0 ? 0 : Math.round(speed / links.length),
    contextTokens: Math.max(0, ...links.map(({ facts }) => facts.contextTokens)),
  }
}

/** What several objects of a model have together. */
export function mergeOwnSupply(parts: readonly OwnSupply[]): OwnSupply {
  const served = parts.filter(({ runners }) => runners > 0)
  const runners = served.reduce((sum, one) => sum + one.runners, 0)
  const speed = served.reduce((sum, one) => sum + one.tokensPerSecond * one.runners, 0)
  return {
    runners,
    freeSlots: served.reduce((sum, one) => sum + one.freeSlots, 0),
    waitSeconds: runners === 0 ? 0 : Math.min(...served.map(({ waitSeconds }) => waitSeconds)),
    tokensPerSecond: runners === 0 ? 0 : Math.round(speed / runners),
    contextTokens: Math.max(0, ...served.map(({ contextTokens }) => contextTokens)),
  }
}
