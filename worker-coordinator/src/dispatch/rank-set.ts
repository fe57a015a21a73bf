/** A set of small whole numbers that tells the next member at or above a number in a few steps, however many it has. */
export type RankSet = {
  readonly add: (rank: number) => void
  readonly delete: (rank: number) => void
  /** The least member at or above `from`; undefined when there is none. */
  readonly next: (from: number) => number | undefined
}

const BITS = 32

/**
 * Makes a set of numbers from 0 up to, not including, `size`: a tree of bits, 32 to a word, where each bit of an upper
 * level says whether the word below has any.
 */
export function createRankSet(size: number): RankSet {
  const levels: Uint32Array[] = []
  for (let words = Math.ceil(size / BITS); ; words = Math.ceil(words / BITS)) {
    levels.push(new Uint32Array(words))
    if (words === 1) break
  }

  function add(rank: number): void {
    let at = rank
    for (const words of levels) {
      const word = Math.floor(at / BITS)
      words[word] = (words[word] ?? 0) | (1 << (at % BITS))
      at = word
    }
  }

  function remove(rank: number): void {
    let at = rank
    for (const words of levels) {
      const word = Math.floor(at / BITS)
      words[word] = (words[word] ?? 0) & ~(1 << (at % BITS))
      if (words[word] !== 0) return
      at = word
    }
  }

  function next(from: number): number | undefined {
    let at = from
    for (let level = 0; level < levels.length; level++) {
      const bit = bitAtOrAbove(levels[level]?.[Math.floor(at / BITS)] ?? 0, at % BITS)
      if (bit !== undefined) return descend(level, Math.floor(at / BITS) * BITS + bit)
      at = Math.floor(at / BITS) + 1
    }
    return undefined
  }

  function descend(level: number, at: number): number {
    let found = at
    for (let below = level - 1; below >= 0; below--) {
      found = found * BITS + (bitAtOrAbove(levels[below]?.[found] ?? 0, 0) ?? 0)
    }
    return found
  }

  return { add, delete: remove, next }
}

/** The place of the lowest bit set at or above another. */
function bitAtOrAbove(word: number, bit: number): number | undefined {
  const rest = (word >>> bit) << bit
  return rest === 0 ? undefined : 31 - Math.clz32(rest & -rest)
}
