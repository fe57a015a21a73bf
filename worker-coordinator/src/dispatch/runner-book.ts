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

/**
 * The free links of one model, kept in ranked order so that a choice takes the same time among a hundred and among
 * ten thousand.
 *
 * Rank: fewer faults, then the cheaper (steps of 5 %, an answer's token weighing three of the prompt's), then the faster
 * (steps of 2×). Within a rank the one that waited longest is taken. Links are kept apart by what their engines can do,
 * so that a rare wish does not look through those that cannot.
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
  const shelves = new Map<string, Shelf>()
  const placeByLink = new Map<string, { readonly shelf: Shelf; readonly rank: number }>()

  function put(candidate: Candidate): void {
    remove(candidate.linkId)
    const name = candidate.features.toSorted().join()
    const shelf = shelves.get(name) ?? { features: candidate.features, ranks: [], levels: new Map() }
    shelves.set(name, shelf)
    const rank = rankOf(candidate)
    placeByLink.set(candidate.linkId, { shelf, rank })
    const level = shelf.levels.get(rank)
    if (level) level.set(candidate.linkId, candidate)
    else {
      shelf.levels.set(rank, new Map([[candidate.linkId, candidate]]))
      shelf.ranks.splice(lowerBound(shelf.ranks, rank), 0, rank)
    }
  }

  function remove(linkId: string): void {
    const place = placeByLink.get(linkId)
    if (!place) return
    placeByLink.delete(linkId)
    const { shelf, rank } = place
    const level = shelf.levels.get(rank)
    level?.delete(linkId)
    if (level?.size === 0) {
      shelf.levels.delete(rank)
      shelf.ranks.splice(lowerBound(shelf.ranks, rank), 1)
    }
  }

  function choose(wish: Wish): Choice | undefined {
    const free = placeByLink.size
    const place = wish.preferred === undefined ? undefined : placeByLink.get(wish.preferred)
    const preferred = place?.shelf.levels.get(place.rank)?.get(wish.preferred ?? '')
    if (place && preferred && fits(preferred, wish)) {
      return { candidate: preferred, why: { rule: 'conversation', rank: place.rank, free, passed: 0 } }
    }
    let best: Choice | undefined
    for (const shelf of shelves.values()) {
      if (!wish.features.every((feature) => shelf.features.includes(feature))) continue
      const found = takeFirst(shelf, wish, best?.why.rank ?? Number.POSITIVE_INFINITY)
      if (found)
        best = {
          candidate: found.candidate,
          why: { rule: 'best-rank', rank: found.rank, free, passed: found.passed },
        }
    }
    return best
  }

  return { put, remove, choose, size: () => placeByLink.size }
}

/** Links whose engines can do the same. */
type Shelf = {
  readonly features: readonly Feature[]
  /** Sorted; those of `levels`. */
  readonly ranks: number[]
  /** In each rank the one that waited longest comes first. */
  readonly levels: Map<number, Map<string, Candidate>>
}

/** The first link of a shelf that fits, in ranks below the given one. Passes over those too dear or tried before. */
function takeFirst({ ranks, levels }: Shelf, wish: Wish, below: number) {
  let passed = 0
  for (const rank of ranks) {
    if (rank >= below) return undefined
    for (const candidate of levels.get(rank)?.values() ?? []) {
      if (fits(candidate, wish)) return { candidate, rank, passed }
      passed += 1
    }
  }
  return undefined
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
