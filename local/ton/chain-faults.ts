/**
 * One way in which the network goes wrong.
 *
 * `drop-send`: a message vanishes though its sender hears "ok" · `lose-reply`: it arrives though its sender hears an
 * error · `duplicate-send`: it is delivered twice · `fail-read`: a question gets no answer · `lag`: the newest
 * `transactions` of every account are not visible yet; it strikes always, until cleared.
 */
export type ChainFault = {
  readonly type: 'drop-send' | 'lose-reply' | 'duplicate-send' | 'fail-read' | 'lag'
  readonly share?: number // how often it strikes, 0 to 1; 1 when missing
  readonly times?: number // after how many strikes it ends; never when missing
  readonly transactions?: number // for lag; 1 when missing
}

export const CHAIN_FAULT_TYPES = ['drop-send', 'lose-reply', 'duplicate-send', 'fail-read', 'lag'] as const

export type ChainFaults = {
  readonly add: (fault: ChainFault) => void
  readonly clear: () => void
  readonly left: () => readonly ChainFault[]
  /** Whether a fault of this type strikes now; counts the strike. */
  readonly strikes: (type: Exclude<ChainFault['type'], 'lag'>) => boolean
  readonly lag: () => number
}

/** The faults still to happen. The same seed and the same questions give the same strikes. */
export function createChainFaults(seed: number): ChainFaults {
  const random = createRandom(seed)
  let planned: { fault: ChainFault; left: number }[] = []
  return {
    add: (fault) => {
      planned.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
    },
    clear: () => {
      planned = []
    },
    left: () =>
      planned.map(({ fault, left }) => ({ ...fault, ...(Number.isFinite(left) ? { times: left } : {}) })),
    strikes: (type) => {
      const found = planned.find(({ fault }) => fault.type === type && random() < (fault.share ?? 1))
      if (!found) return false
      found.left -= 1
      planned = planned.filter(({ left }) => left > 0)
      return true
    },
    lag: () =>
      Math.max(0, ...planned.map(({ fault }) => (fault.type === 'lag' ? (fault.transactions ?? 1) : 0))),
  }
}

/** Numbers from 0 up to 1 that repeat with the seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
