import { type AnswerKeys, chunkParams } from './answer-keys.ts'
import { CHUNK_BUCKETS, pad, unpad } from './padding.ts'

/** Chunks that one answer may have: the counter never comes near its end. */
export const CHUNKS_MAX = 1_000_000
/** The most that one chunk carries. */
export const CHUNK_BYTES_MAX = (CHUNK_BUCKETS.at(-1) ?? 0) - 4

/** Seals an answer piece by piece, each padded to a bucket. */
export type AnswerSealer = {
  /** Pieces are at most `CHUNK_BYTES_MAX` bytes. After the last one there is none. */
  readonly seal: (piece: Uint8Array, place: 'middle' | 'last') => Promise<Uint8Array<ArrayBuffer>>
}

/** Opens an answer chunk by chunk, in order. */
export type AnswerOpener = {
  /** Undefined: this is not the next chunk of this answer. Then nothing of it counts any more. */
  readonly open: (
    chunk: Uint8Array<ArrayBuffer>,
  ) => Promise<{ readonly piece: Uint8Array<ArrayBuffer>; readonly isLast: boolean } | undefined>
  /** True after the last chunk: an answer that ends before it was cut off by somebody. */
  readonly isWhole: () => boolean
}

export function createAnswerSealer(keys: AnswerKeys): AnswerSealer {
  let index = 0
  let ended = false
  return {
    seal: async (piece, place) => {
      if (ended || index >= CHUNKS_MAX) throw new RangeError('this answer is over')
      const padded = pad(piece, CHUNK_BUCKETS)
      if (!padded) throw new RangeError(`a piece has ${CHUNK_BYTES_MAX} bytes at most`)
      ended = place === 'last'
      const params = chunkParams(keys, index++, ended)
      return new Uint8Array(await crypto.subtle.encrypt(params, keys.key, padded))
    },
  }
}

export function createAnswerOpener(keys: AnswerKeys): AnswerOpener {
  let index = 0
  let state: 'open' | 'whole' | 'broken' = 'open'
  const decrypt = async (chunk: Uint8Array<ArrayBuffer>, isLast: boolean) => {
    try {
      const params = chunkParams(keys, index, isLast)
      return unpad(new Uint8Array(await crypto.subtle.decrypt(params, keys.key, chunk)), CHUNK_BUCKETS)
    } catch {
      return undefined // altered, dropped, repeated, in another order, or the other kind of chunk
    }
  }
  return {
    open: async (chunk) => {
      if (state !== 'open' || index >= CHUNKS_MAX) return undefined
      const middle = await decrypt(chunk, false)
      const piece = middle ?? (await decrypt(chunk, true))
      if (!piece) {
        state = 'broken'
        return undefined
      }
      index += 1
      if (!middle) state = 'whole'
      return { piece, isLast: !middle }
    },
    isWhole: () => state === 'whole',
  }
}
