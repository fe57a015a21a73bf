import { toBase64Url } from '../canonical-json.ts'

/** Requests that one epoch may have: beyond it a runner takes no more until the next key. */
const SEEN_PER_EPOCH_MAX = 200_000

/** Remembers which sealed requests came, for as long as their epoch's key lives. In memory: a new process has new keys. */
export type ReplayWindow = {
  /** False: it came before, or the epoch is full. */
  readonly add: (epoch: number, enc: Uint8Array) => boolean
  /** An epoch's key is gone: what was sealed to it cannot be opened again anyway. */
  readonly forget: (epoch: number) => void
}

export function createReplayWindow(max = SEEN_PER_EPOCH_MAX): ReplayWindow {
  const epochs = new Map<number, Set<string>>()
  return {
    add: (epoch, enc) => {
      const seen = epochs.get(epoch) ?? new Set()
      epochs.set(epoch, seen)
      // Its last 32 bytes are an X25519 key in both suites, made for this request alone.
      const name = toBase64Url(enc.subarray(-32))
      if (seen.has(name) || seen.size >= max) return false
      seen.add(name)
      return true
    },
    forget: (epoch) => void epochs.delete(epoch),
  }
}
