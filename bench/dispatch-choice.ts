import { nano } from '../protocol/src/money.ts'
import {
  type Candidate,
  createRunnerBook,
  type RunnerBook,
  type Wish,
} from '../worker-coordinator/src/dispatch/runner-book.ts'
import { median } from './statistics.ts'

/** Microseconds of one choice: choose a free link, take it out of the book, put it back. */
export type DispatchChoice = { readonly few: number; readonly many: number; readonly ratio: number }

const FEW = 100
const MANY = 10_000
const CYCLES_PER_ROUND = 2_000

/** Compares a choice among 100 runners with one among 10,000, in turn. */
export function measureDispatchChoice(rounds: number): DispatchChoice {
  const books = [FEW, MANY].map(fill)
  const times: number[][] = [[], []]
  for (let round = -2; round < rounds; round++) {
    for (const [index, book] of books.entries()) {
      const micros = timeCycles(book, round)
      if (round >= 0) times[index]?.push(micros) // the first two warm up
    }
  }
  const [few = Number.NaN, many = Number.NaN] = times.map(median)
  const ratios = (times[1] ?? []).map((micros, round) => micros / (times[0]?.[round] ?? Number.NaN))
  return { few, many, ratio: median(ratios) }
}

function fill(links: number): { readonly book: RunnerBook; readonly all: readonly Candidate[] } {
  const book = createRunnerBook()
  const random = createRandom(links)
  const all = Array.from({ length: links }, (_, index) => makeCandidate(index, random))
  for (const candidate of all) book.put(candidate)
  return { book, all }
}

function timeCycles({ book, all }: ReturnType<typeof fill>, seed: number): number {
  const random = createRandom(seed + 7)
  const wishes = Array.from({ length: CYCLES_PER_ROUND }, () => makeWish(all, random))
  const startMs = performance.now()
  for (const wish of wishes) {
    const choice = book.choose(wish)
    if (!choice) continue
    book.remove(choice.candidate.linkId)
    book.put(choice.candidate)
  }
  return ((performance.now() - startMs) * 1000) / CYCLES_PER_ROUND
}

/** Prices over a factor of 20, speeds over one of 60; one in ten had a fault, one in three is a plain engine. */
function makeCandidate(index: number, random: () => number): Candidate {
  const output = BigInt(Math.round(10_000_000 * 20 ** random()))
  return {
    linkId: `link-${index}`,
    runnerId: `run-${index}`,
    price: { input: nano(output / 3n), output: nano(output) },
    features: random() < 1 / 3 ? ['penalties'] : ['tools', 'response_format', 'penalties'],
    tokensPerSecond: 5 * 60 ** random(),
    strikes: random() < 0.1 ? 1 + Math.floor(random() * 3) : 0,
  }
}

/** Half of the chats go on with a conversation; one in five needs tools, one in ten names the most it pays. */
function makeWish(all: readonly Candidate[], random: () => number): Wish {
  const before = random() < 0.5 ? all[Math.floor(random() * all.length)] : undefined
  return {
    features: random() < 0.2 ? ['tools'] : [],
    ...(random() < 0.1 ? { maxPrice: { output: nano(40_000_000n) } } : {}),
    ...(before ? { preferred: before.linkId } : {}),
  }
}

/** The same numbers in each run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
