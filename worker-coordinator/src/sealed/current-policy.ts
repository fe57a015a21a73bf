import type { Bytes } from '../../../protocol/src/bytes.ts'

/** A policy as it was signed. */
export type StoredPolicy = {
  readonly seq: number
  /** SHA-256 of what was signed, hex. */
  readonly digest: string
  /** As `signPolicy` writes it. */
  readonly document: Bytes
}

export type CurrentPolicyDeps = {
  /** The number of the newest policy; 0 without one. */
  readonly readSeq: () => Promise<number>
  readonly findNewest: () => Promise<StoredPolicy | undefined>
  /** How long what was read is believed, ms. */
  readonly cacheMs: number
}

export type CurrentPolicy = {
  /** Its number, at most `cacheMs` old; 0 without one. A database that does not answer leaves what was read before. */
  readonly seq: (nowMs: number) => Promise<number>
  /** The newest policy, at most `cacheMs` old. That there is none is never believed twice. */
  readonly read: (nowMs: number) => Promise<StoredPolicy | undefined>
  /** The same, asked for anew. */
  readonly refresh: (nowMs: number) => Promise<StoredPolicy | undefined>
}

/** Remembers the newest policy. Its text is read only when its number changed. */
export function createCurrentPolicy({ readSeq, findNewest, cacheMs }: CurrentPolicyDeps): CurrentPolicy {
  let known: StoredPolicy | undefined
  let readAtMs = Number.NEGATIVE_INFINITY

  const isFresh = (nowMs: number) => nowMs - readAtMs < cacheMs && nowMs >= readAtMs
  const refresh = async (nowMs: number) => {
    if ((await readSeq()) > (known?.seq ?? 0)) {
      const found = await findNewest()
      // Two readings may overlap: policies only ever go up.
      if (found && found.seq > (known?.seq ?? 0)) known = found
    }
    readAtMs = nowMs
    return known
  }
  return {
    seq: async (nowMs) => {
      if (isFresh(nowMs)) return known?.seq ?? 0
      const isFirst = readAtMs === Number.NEGATIVE_INFINITY
      try {
        await refresh(nowMs)
      } catch (error) {
        if (isFirst) throw error
      }
      return known?.seq ?? 0
    },
    read: async (nowMs) => (known && isFresh(nowMs) ? known : refresh(nowMs)),
    refresh,
  }
}
