import type { SealVerdict } from '../../../protocol/src/runner/down.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import type { Clock } from '../clock.ts'
import type { RunnerEvent } from '../events.ts'
import { type Announcements, openAnnouncements } from './announcements.ts'
import type { Announcer } from './announcer.ts'
import { openEpochKeys } from './epoch-keys.ts'
import { type OpenSealed, openSealed } from './open-sealed.ts'

export type SealKeeperDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly announcers: readonly Announcer[]
  readonly report: (event: RunnerEvent) => void
}

/** Keeps the keys that requests are sealed to, and what is shown of them; one for all models of a process. */
export type SealKeeper = {
  /** What a new link is told: all that holds now. */
  readonly frames: () => readonly SealKeysFrame[]
  /** Tells of each frame that comes new; the returned function ends that. */
  readonly subscribe: (listener: (frame: SealKeysFrame) => void) => () => void
  /**
   * The coordinator took a frame, or refused it: then all of its kind is made anew after a while. What is taken of one
   * epoch says nothing of the next, so only a new epoch makes the waits short again.
   */
  readonly noteVerdict: (verdict: Pick<SealVerdict, 'kind' | 'accepted' | 'untilMs'>) => void
  readonly open: OpenSealed
  readonly close: () => void
}

/** Begins with the epoch that runs. What the pairing shows is there when this ends; a TEE's evidence follows. */
export async function openSealKeeper(deps: SealKeeperDeps): Promise<SealKeeper> {
  const listeners = new Set<(frame: SealKeysFrame) => void>()
  const tell = (frame: SealKeysFrame) => {
    for (const listener of listeners) listener(frame)
  }
  let all: readonly Announcements[] = []
  const keys = await openEpochKeys({
    clock: deps.clock,
    onMade: (epoch) => {
      for (const announcements of all) void announcements.begin(epoch)
    },
    onDropped: (epoch) => {
      for (const announcements of all) announcements.forget(epoch)
    },
  })
  all = deps.announcers.map((announcer) => openAnnouncements({ ...deps, keys, tell }, announcer))
  const begun = all.flatMap((announcements) =>
    keys.epochs().map((epoch) => ({ announcements, done: announcements.begin(epoch) })),
  )
  await Promise.all(
    begun.map(({ announcements, done }) => (announcements.announcer.kind === 'paired' ? done : undefined)),
  )
  return {
    frames: () => all.flatMap((announcements) => announcements.frames()),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    noteVerdict: ({ kind, accepted, untilMs }) => {
      for (const announcements of all.filter(({ announcer }) => announcer.kind === kind)) {
        if (!accepted) announcements.retryLater()
        else if (untilMs !== undefined) announcements.takenUntil(untilMs)
      }
    },
    open: (envelope, modelManifest) =>
      openSealed({ clock: deps.clock, keys, announced: all }, envelope, modelManifest),
    close: () => {
      for (const announcements of all) announcements.close()
      keys.close()
      listeners.clear()
    },
  }
}
