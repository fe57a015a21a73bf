import type { Nano } from '../../../protocol/src/money.ts'
import type { Feature } from '../jobs/chat-job.ts'
import { fitsCap, type Price } from '../pricing/price.ts'

/** A runner's link as the choice sees it. */
export type Candidate = {
  readonly linkId: string
  readonly runnerId: string
  readonly price: Price
  readonly features: readonly Feature[]
  readonly tokensPerSecond: number
  /** Faults of late; a runner with fewer is taken first. */
  readonly strikes: number
}

export type Wish = {
  readonly maxPrice?: { readonly input?: Nano; readonly output?: Nano }
  readonly features: readonly Feature[]
  /** Runners that already failed this job. */
  readonly exclude?: ReadonlySet<string>
  /** The link that served this conversation last. */
  readonly preferred?: string
}

/** Who was chosen, and why, in words that the job's record keeps. */
export type Choice = {
  readonly candidate: Candidate
  readonly why: {
    readonly rule: 'conversation' | 'best-rank'
    readonly rank: number
    readonly free: number
    readonly passed: number
  }
}

/** Links that a choice looks at before it gives up on the ranked order: a bound on its time. */
const LOOKS_MAX = 256

/**
 * The free links of one model, kept in ranked order so that a choice takes the same time among a hundred and among
 * ten thousand.
 *
 * Rank: fewer faults, then the cheaper (steps of 5 %, an answer's token weighing three of the prompt's), then the faster
 * (steps of 2×). Within a rank the one that waited longest is taken.
 */
export type RunnerBook = {
  /** Marks a link free, at the end of its rank. */
  readonly put: (candidate: Candidate) => void
  /** Marks a link busy or gone. */
  readonly remove: (linkId: string) => void
  readonly choose: (wish: Wish) => Choice | undefined
  readonly size: () => number
}

export function createRunnerBook(): RunnerBook {
  const ranks: number[] = []
  const levels = new Map<number, Map<string, Candidate>>()
  const rankByLink = new Map<string, number>()

  function put(candidate: Candidate): void {
    remove(candidate.linkId)
    const rank = rankOf(candidate)
    let level = levels.get(rank)
    if (!level) {
      level = new Map()
      levels.set(rank, level)
      ranks.splice(lowerBound(ranks, rank), 0, rank)
    }
    level.set(candidate.linkId, candidate)
    rankByLink.set(candidate.linkId, rank)
  }

  function remove(linkId: string): void {
    const rank = rankByLink.get(linkId)
    if (rank === undefined) return
    rankByLink.delete(linkId)
    const level = levels.get(rank)
    level?.delete(linkId)
    if (level?.size === 0) {
      levels.delete(rank)
      ranks.splice(lowerBound(ranks, rank), 1)
    }
  }

  function choose(wish: Wish): Choice | undefined {
    const free = rankByLink.size
    if (wish.preferred !== undefined) {
      const rank = rankByLink.get(wish.preferred)
      const candidate = rank === undefined ? undefined : levels.get(rank)?.get(wish.preferred)
      if (rank !== undefined && candidate && fits(candidate, wish)) {
        return { candidate, why: { rule: 'conversation', rank, free, passed: 0 } }
      }
    }
    let passed = 0
    for (const rank of ranks) {
      for (const candidate of levels.get(rank)?.values() ?? []) {
        if (fits(candidate, wish)) return { candidate, why: { rule: 'best-rank', rank, free, passed } }
        passed += 1
        if (passed >= LOOKS_MAX) return undefined
      }
    }
    return undefined
  }

  return { put, remove, choose, size: () => rankByLink.size }
}

/** True when a link may serve a wish at all, free or not. */
export function fits(candidate: Candidate, { maxPrice, features, exclude }: Wish): boolean {
  return (
    !exclude?.has(candidate.runnerId) &&
    fitsCap(candidate.price, maxPrice) &&
    features.every((feature) => candidate.features.includes(feature))
  )
}

function rankOf({ strikes, price, tokensPerSecond }: Candidate): number {
  const blended = Number(price.input) + 3 * Number(price.output)
  const priceStep = Math.min(999, Math.round(Math.log1p(blended) / Math.log(1.05)))
  const speedStep = Math.min(30, Math.floor(Math.log2(1 + Math.max(0, tokensPerSecond))))
  return Math.min(9, strikes) * 100_000 + priceStep * 100 + (30 - speedStep)
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
