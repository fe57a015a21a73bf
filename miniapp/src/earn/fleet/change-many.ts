import type { Reply } from '../../session/session.ts'

/** How many are asked at the same time. */
const AT_ONCE = 4

export type ManyOutcome = {
  readonly done: number
  readonly failed: number
  /** The last refusal; undefined where all went well. */
  readonly reason: string | undefined
}

/** Changes several things, a few at a time, and says how far it is. One that fails stops no other. */
export async function changeMany<T>(
  items: readonly T[],
  change: (item: T) => Promise<Reply<unknown>>,
  onProgress: (ended: number) => void,
): Promise<ManyOutcome> {
  const left = items.values()
  let done = 0
  let failed = 0
  let reason: string | undefined
  const work = async () => {
    for (const item of left) {
      const reply = await change(item)
      if (reply.ok) done += 1
      else {
        failed += 1
        reason = reply.reason
      }
      onProgress(done + failed)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work))
  return { done, failed, reason }
}
