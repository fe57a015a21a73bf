import { EVERYONE } from './audience.ts'
import {
  BY_PRICE,
  BY_SPEED,
  type Candidate,
  type Choice,
  createRunnerBook,
  type RunnerBook,
  type Wish,
} from './runner-book.ts'

/**
 * The free links of one model, kept apart by whose jobs they take: a choice looks at the shelves of its job alone, and
 * thousands of private links make no open job slower.
 */
export type AudienceBook = {
  /** Marks a link free, at the end of its rank on each of these shelves and on no other. */
  readonly put: (candidate: Candidate, shelves: readonly string[]) => void
  /** Marks a link busy. */
  readonly remove: (linkId: string) => void
  /** Takes a link out for good. */
  readonly forget: (linkId: string) => void
  /** Chooses from these shelves; the first is preferred while its best has no faults. */
  readonly choose: (shelves: readonly string[], wish: Wish) => Choice | undefined
  /** How many links are free. */
  readonly size: () => number
}

type Shelf = { readonly book: RunnerBook; links: number }

/** Where a link stands. Kept while it lives: adding to and taking from a set at each job costs more than the choice. */
type Place = { readonly shelves: readonly string[]; isFree: boolean }

export function createAudienceBook(): AudienceBook {
  const shelves = new Map<string, Shelf>()
  const places = new Map<string, Place>()
  let free = 0

  function put(candidate: Candidate, names: readonly string[]): void {
    const place = placeOf(candidate.linkId, names)
    for (const name of names) shelfOf(name).book.put(candidate)
    if (!place.isFree) free += 1
    place.isFree = true
  }

  function placeOf(linkId: string, names: readonly string[]): Place {
    const known = places.get(linkId)
    if (known && isSame(known.shelves, names)) return known
    forget(linkId)
    const place = { shelves: names, isFree: false }
    places.set(linkId, place)
    for (const name of names) shelfOf(name).links += 1
    return place
  }

  function remove(linkId: string): void {
    const place = places.get(linkId)
    if (!place?.isFree) return
    place.isFree = false
    free -= 1
    for (const name of place.shelves) shelves.get(name)?.book.remove(linkId)
  }

  function forget(linkId: string): void {
    remove(linkId)
    for (const name of places.get(linkId)?.shelves ?? []) {
      const shelf = shelves.get(name)
      if (!shelf) continue
      shelf.book.forget(linkId)
      shelf.links -= 1
      if (shelf.links === 0) shelves.delete(name)
    }
    places.delete(linkId)
  }

  function shelfOf(name: string): Shelf {
    const known = shelves.get(name)
    if (known) return known
    // Jobs of one's own are free: among those links a price means nothing, and without it a shelf is small.
    const shelf = { book: createRunnerBook(name === EVERYONE ? BY_PRICE : BY_SPEED), links: 0 }
    shelves.set(name, shelf)
    return shelf
  }

  function choose(names: readonly string[], wish: Wish): Choice | undefined {
    let best: { readonly choice: Choice; readonly index: number } | undefined
    for (const [index, name] of names.entries()) {
      const choice = shelves.get(name)?.book.choose(wish)
      if (!choice) continue
      if (choice.why.rule === 'conversation') return choice
      if (!best || isBetter(choice, best)) best = { choice, index }
    }
    return best?.choice
  }

  return { put, remove, forget, choose, size: () => free }
}

/** Fewer faults are better; with as many, nobody is better than the first shelf's, and elsewhere the rank decides. */
function isBetter(choice: Choice, best: { readonly choice: Choice; readonly index: number }): boolean {
  const faults = choice.candidate.strikes - best.choice.candidate.strikes
  return faults < 0 || (faults === 0 && best.index > 0 && choice.why.rank < best.choice.why.rank)
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((name, index) => name === other[index]))
}
