import { toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { type EpochKey, makeEpochKey } from '../../../protocol/src/sealed/epoch-key.ts'
import { EPOCH_MS, EPOCH_OVERLAP_MS, epochAt, isEpochOpen } from '../../../protocol/src/sealed/epoch-open.ts'
import { createReplayWindow, type ReplayWindow } from '../../../protocol/src/sealed/replay-window.ts'
import type { SealKeys } from '../../../protocol/src/sealed/seal-keys.ts'
import { SUITE_FACTS, SUITES, type Suite } from '../../../protocol/src/sealed/suites.ts'
import type { Clock } from '../clock.ts'

/** The keys that requests are sealed to. They are in this process' memory alone, and never leave it. */
export type EpochKeys = {
  /** Epochs whose keys open requests now, from the oldest. */
  readonly epochs: () => readonly number[]
  /** What is told of an epoch's keys; undefined where they are not open. */
  readonly publicKeys: (epoch: number) => SealKeys | undefined
  readonly privateKey: (suite: Suite, epoch: number) => EpochKey['privateKey'] | undefined
  /** Which requests came before, for all models of this process together. */
  readonly seen: ReplayWindow
  /** Drops every key. */
  readonly close: () => void
}

export type EpochKeysDeps = {
  readonly clock: Clock
  /** Keys of a new epoch are there. */
  readonly onMade: (epoch: number) => void
  /** An epoch's keys are gone: nothing that was sealed to them can be opened any more. */
  readonly onDropped: (epoch: number) => void
}

/** How long before its epoch a key is made: less than the overlap, for clocks that are a little behind this one. */
const LEAD_MS = EPOCH_OVERLAP_MS - 60_000
/** The longest time between two looks at the clock: after a machine slept, timers are late. */
const LOOK_MS = 60_000

/** Makes keys for the epoch that runs, and from then on for each epoch shortly before it begins. */
export async function openEpochKeys({ clock, onMade, onDropped }: EpochKeysDeps): Promise<EpochKeys> {
  const keys = new Map<number, readonly EpochKey[]>()
  const seen = createReplayWindow()
  let isClosed = false
  let takeBack = () => {}

  const drop = (epoch: number) => {
    // All that JavaScript can do: nothing refers to the key any more.
    keys.delete(epoch)
    seen.forget(epoch)
    onDropped(epoch)
  }
  const turn = async () => {
    const nowMs = clock.nowMs()
    for (const epoch of Array.from(keys.keys())) if (!isEpochOpen(epoch, nowMs)) drop(epoch)
    for (const epoch of wantedEpochs(nowMs)) {
      if (keys.has(epoch)) continue
      const made = await Promise.all(SUITES.map((suite) => makeEpochKey(suite, epoch)))
      if (isClosed) return
      keys.set(epoch, made)
      onMade(epoch)
    }
  }
  const wait = () => {
    if (isClosed) return
    // A key that could not be made is tried again at the next look.
    takeBack = clock.schedule(untilNextTurnMs(clock.nowMs()), () => void turn().then(wait, wait))
  }

  await turn()
  wait()
  return {
    epochs: () =>
      Array.from(keys.keys())
        .filter((epoch) => isEpochOpen(epoch, clock.nowMs()))
        .toSorted((a, b) => a - b),
    publicKeys: (epoch) => {
      const pair = isEpochOpen(epoch, clock.nowMs()) ? keys.get(epoch) : undefined
      return pair && { epoch, keys: pair.map(toPublic) }
    },
    privateKey: (suite, epoch) =>
      isEpochOpen(epoch, clock.nowMs())
        ? keys.get(epoch)?.find((key) => key.suite === suite)?.privateKey
        : undefined,
    seen,
    close: () => {
      isClosed = true
      takeBack()
      for (const epoch of Array.from(keys.keys())) drop(epoch)
    },
  }
}

function toPublic({ suite, publicKey }: EpochKey): SealKeys['keys'][number] {
  return { id: SUITE_FACTS[suite].kemId, publicKey: toCanonicalBase64Url(publicKey) }
}

/** The running epoch, and the next one when it is near. */
function wantedEpochs(nowMs: number): readonly number[] {
  const epoch = epochAt(nowMs)
  return nowMs >= (epoch + 1) * EPOCH_MS - LEAD_MS ? [epoch, epoch + 1] : [epoch]
}

function untilNextTurnMs(nowMs: number): number {
  const startMs = epochAt(nowMs) * EPOCH_MS
  const turns = [startMs + EPOCH_OVERLAP_MS, startMs + EPOCH_MS - LEAD_MS, startMs + EPOCH_MS]
  const next = turns.find((atMs) => atMs > nowMs) ?? nowMs + LOOK_MS
  return Math.min(LOOK_MS, next - nowMs)
}
