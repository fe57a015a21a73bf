import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import { isEpochOpen } from '../../../protocol/src/sealed/epoch-open.ts'
import type { Clock } from '../clock.ts'
import type { RunnerEvent } from '../events.ts'
import { type Announced, type Announcer, epochWindow } from './announcer.ts'
import type { EpochKeys } from './epoch-keys.ts'

export type AnnouncementsDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly report: (event: RunnerEvent) => void
  readonly keys: EpochKeys
  /** A frame is new, or was made anew. */
  readonly tell: (frame: SealKeysFrame) => void
}

/** What one announcer shows of the epochs that are open: one after the other, failures with growing waits. */
export type Announcements = {
  readonly announcer: Announcer
  /** Shows an epoch that has begun to count; waits are short again, for its keys may fare better. */
  readonly begin: (epoch: number) => Promise<void>
  readonly forget: (epoch: number) => void
  /** What holds now, from the oldest epoch. */
  readonly frames: () => readonly SealKeysFrame[]
  /** Whether this process showed the epoch's keys under that digest. */
  readonly hasDigest: (epoch: number, digest: string) => boolean
  /** The coordinator refused something: all is made anew after a while. */
  readonly retryLater: () => void
  /** The coordinator takes it until then. Where a policy ends before the epoch does, all is made anew at its end. */
  readonly takenUntil: (untilMs: number) => void
  readonly close: () => void
}

/** Waits before something is announced again: twice as long after each failure. */
const RETRY_FIRST_MS = 5000
const RETRY_CAP_MS = 15 * 60_000
/** Digests that one epoch remembers: requests may be on their way that were sealed by an earlier one. */
const DIGESTS_KEPT = 16

type Shown = {
  readonly document: string
  readonly digests: readonly string[]
  readonly takeBackRenewal: () => void
}

export function openAnnouncements(deps: AnnouncementsDeps, announcer: Announcer): Announcements {
  const { clock, keys } = deps
  const { kind } = announcer
  const shown = new Map<number, Shown>()
  let queue = Promise.resolve()
  const retry = createRetry(deps, () => void announce(keys.epochs()))
  let takeBackLapse: (() => void) | undefined

  const keep = (epoch: number, { document, digest, renewAtMs }: Extract<Announced, { ok: true }>) => {
    const before = shown.get(epoch)
    before?.takeBackRenewal()
    const digests = [digest, ...(before?.digests ?? [])].slice(0, DIGESTS_KEPT)
    const renew = () => void announce([epoch])
    const takeBackRenewal =
      renewAtMs === undefined
        ? () => {}
        : clock.schedule(Math.max(RETRY_FIRST_MS, renewAtMs - clock.nowMs()), renew)
    shown.set(epoch, { document, digests, takeBackRenewal })
  }
  const announceOne = async (epoch: number) => {
    const kem = keys.publicKeys(epoch)
    // What broke may name files or addresses: only a reason word goes further.
    const made = kem && (await announcer.announce(kem).catch(() => BROKEN))
    // The epoch may be over by now.
    if (!made || !keys.publicKeys(epoch)) return
    if (!made.ok) {
      const retryMs = retry.later()
      if (retryMs !== undefined) deps.report({ event: 'seal-failed', kind, reason: made.reason, retryMs })
      return
    }
    keep(epoch, made)
    deps.tell({ type: 'seal.keys', kind, document: made.document })
  }
  const announce = (epochs: readonly number[]) => {
    queue = queue.then(async () => {
      for (const epoch of epochs) await announceOne(epoch)
    })
    return queue
  }

  return {
    announcer,
    begin: (epoch) => {
      retry.beginAnew()
      return announce([epoch])
    },
    forget: (epoch) => {
      shown.get(epoch)?.takeBackRenewal()
      shown.delete(epoch)
    },
    frames: () =>
      Array.from(shown)
        .filter(([epoch]) => isEpochOpen(epoch, clock.nowMs()))
        .toSorted(([a], [b]) => a - b)
        .map(([, { document }]) => ({ type: 'seal.keys', kind, document })),
    hasDigest: (epoch, digest) => shown.get(epoch)?.digests.includes(digest) ?? false,
    retryLater: () => void retry.later(),
    takenUntil: (untilMs) => {
      if (keys.epochs().some((epoch) => untilMs >= epochWindow(epoch).expiresAtMs)) return
      takeBackLapse?.()
      const waitMs = Math.max(RETRY_FIRST_MS, untilMs - clock.nowMs())
      takeBackLapse = clock.schedule(waitMs, () => void announce(keys.epochs()))
    },
    close: () => {
      retry.close()
      takeBackLapse?.()
      for (const { takeBackRenewal } of shown.values()) takeBackRenewal()
      shown.clear()
    },
  }
}

const BROKEN: Announced = { ok: false, reason: 'announcement-failed' }

/** Tries again after 5 s, 10 s, 20 s and so on, with some jitter: a new policy may refuse many runners at once. */
function createRetry({ clock, random }: Pick<AnnouncementsDeps, 'clock' | 'random'>, run: () => void) {
  let failures = 0
  let takeBack: (() => void) | undefined
  return {
    /** Gives how long it waits; undefined where it waits already. */
    later: (): number | undefined => {
      if (takeBack) return undefined
      const waitMs = Math.min(RETRY_CAP_MS, RETRY_FIRST_MS * 2 ** failures) * (1 + random() / 2)
      failures += 1
      takeBack = clock.schedule(waitMs, () => {
        takeBack = undefined
        run()
      })
      return Math.round(waitMs)
    },
    beginAnew: () => {
      failures = 0
    },
    close: () => takeBack?.(),
  }
}
