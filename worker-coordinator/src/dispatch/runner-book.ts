import type { Nano } from '../../../protocol/src/money.ts'
import type { Feature } from '../jobs/chat-job.ts'
import { fitsCap, type Price } from '../pricing/price.ts'
import { createRankSet, type RankSet } from './rank-set.ts'

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
 * Rank: fewer faults, then the cheaper (steps of 5 %, an answer's token weighing three of the prompt's; where jobs cost
 * nothing, not at all), then the faster (steps of 2×). Within a rank the one that waited longest is taken. Links are
 * kept apart by what their engines can do, so that a rare wish does not look through those that cannot.
 */
export type RunnerBook = {
  /** Marks a link free, at the end of its rank. */
  readonly put: (candidate: Candidate) => void
  /** Marks a link busy. */
  readonly remove: (linkId: string) => void
  /** Takes a link out for good. */
  readonly forget: (linkId: string) => void
  readonly choose: (wish: Wish) => Choice | undefined
  /** How many links are free. */
  readonly size: () => number
}

/** How links are put in order: 0 is the best rank, `ranks` is one above the worst. */
export type Ranking = { readonly ranks: number; readonly rankOf: (candidate: Candidate) => number }

const STRIKES = 10
const PRICE_STEPS = 1000
const SPEED_STEPS = 32

/** For jobs that are paid. */
export const BY_PRICE: Ranking = {
  ranks: STRIKES * PRICE_STEPS * SPEED_STEPS,
  rankOf: (candidate) =>
    (faultStep(candidate) * PRICE_STEPS + priceStep(candidate)) * SPEED_STEPS + speedStep(candidate),
}

/** For jobs that cost nothing. */
export const BY_SPEED: Ranking = {
  ranks: STRIKES * SPEED_STEPS,
  rankOf: (candidate) => faultStep(candidate) * SPEED_STEPS + speedStep(candidate),
}

export function createRunnerBook(ranking: Ranking = BY_PRICE): RunnerBook {
  const shelves = new Map<string, Shelf>()
  const places = new Map<string, Place>()
  let free = 0

  function put(candidate: Candidate): void {
    const place = places.get(candidate.linkId) ?? {
      candidate,
      rank: 0,
      shelf: undefined,
      before: undefined,
      after: undefined,
    }
    if (place.shelf) takeOut(place)
    places.set(candidate.linkId, place)
    place.candidate = candidate
    place.rank = ranking.rankOf(candidate)
    append(shelfOf(candidate.features), place)
    free += 1
  }

  function remove(linkId: string): void {
    const place = places.get(linkId)
    if (place?.shelf) takeOut(place)
  }

  function forget(linkId: string): void {
    remove(linkId)
    places.delete(linkId)
  }

  function takeOut(place: Place): void {
    unlink(place)
    free -= 1
  }

  function shelfOf(features: readonly Feature[]): Shelf {
    const name = features.length < 2 ? (features[0] ?? '') : features.toSorted().join()
    const known = shelves.get(name)
    if (known) return known
    const shelf: Shelf = { features, ranks: createRankSet(ranking.ranks), levels: new Map() }
    shelves.set(name, shelf)
    return shelf
  }

  function choose(wish: Wish): Choice | undefined {
    const preferred = wish.preferred === undefined ? undefined : places.get(wish.preferred)
    if (preferred?.shelf && fits(preferred.candidate, wish)) {
      const { candidate, rank } = preferred
      return { candidate, why: { rule: 'conversation', rank, free, passed: 0 } }
    }
    let best: Choice | undefined
    for (const shelf of shelves.values()) {
      if (!wish.features.every((feature) => shelf.features.includes(feature))) continue
      const found = findFirst(shelf, wish, best?.why.rank ?? ranking.ranks)
      if (!found) continue
      const { candidate, rank, passed } = found
      best = { candidate, why: { rule: 'best-rank', rank, free, passed } }
    }
    return best
  }

  return { put, remove, forget, choose, size: () => free }
}

/** A link's place: in the queue of its rank while it is free. Kept while the link lives, so that moving makes nothing. */
type Place = {
  candidate: Candidate
  rank: number
  /** Undefined while the link is busy. */
  shelf: Shelf | undefined
  before: Place | undefined
  after: Place | undefined
}

/** The queue of one rank: who waited longest comes first. */
type Level = { first: Place | undefined; last: Place | undefined }

/** Links whose engines can do the same. */
type Shelf = {
  readonly features: readonly Feature[]
  /** Ranks whose queue has somebody. */
  readonly ranks: RankSet
  readonly levels: Map<number, Level>
}

function append(shelf: Shelf, place: Place): void {
  const level = shelf.levels.get(place.rank) ?? { first: undefined, last: undefined }
  if (!level.last) {
    shelf.levels.set(place.rank, level)
    shelf.ranks.add(place.rank)
    level.first = place
  } else {
    level.last.after = place
  }
  place.before = level.last
  place.shelf = shelf
  level.last = place
}

function unlink(place: Place): void {
  const { shelf, before, after, rank } = place
  const level = shelf?.levels.get(rank)
  if (before) before.after = after
  else if (level) level.first = after
  if (after) after.before = before
  else if (level) level.last = before
  if (shelf && !level?.first) shelf.ranks.delete(rank)
  place.shelf = undefined
  place.before = undefined
  place.after = undefined
}

/** The first link of a shelf that fits, in ranks below the given one. Passes over those too dear or tried before. */
function findFirst({ ranks, levels }: Shelf, wish: Wish, below: number) {
  let passed = 0
  for (let rank = ranks.next(0); rank !== undefined && rank < below; rank = ranks.next(rank + 1)) {
    for (let place = levels.get(rank)?.first; place; place = place.after) {
      if (fits(place.candidate, wish)) return { candidate: place.candidate, rank, passed }
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

function faultStep({ strikes }: Candidate): number {
  return Math.min(STRIKES - 1, strikes)
}

function priceStep({ price }: Candidate): number {
  const blended = Number(price.input) + 3 * Number(price.output)
  return Math.min(PRICE_STEPS - 1, Math.round(Math.log1p(blended) / Math.log(1.05)))
}

/** The faster, the lower. */
function speedStep({ tokensPerSecond }: Candidate): number {
  const step = Math.min(SPEED_STEPS - 1, Math.floor(Math.log2(1 + Math.max(0, tokensPerSecond))))
  return SPEED_STEPS - 1 - step
}
