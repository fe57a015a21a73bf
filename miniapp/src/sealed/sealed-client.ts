import { pinsOfBuild, simulationOfBuild } from '../../../protocol/src/build-pins.ts'
import { X25519 } from '../../../protocol/src/sealed/suite-x25519.ts'
import {
  type Candidate,
  type ChooseRunners,
  createRunnerChooser,
} from '../../../protocol/src/sealed-client/choose-runners.ts'
import { randomBelow } from '../../../protocol/src/sealed-client/random-below.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { SealedNetwork } from '../../../protocol/src/sealed-client/sealed-network.ts'
import type { TurnEvent } from '../chat/turn/next-turn.ts'
import type { SealedReading } from '../chat/turn/run-turn.ts'
import type { Reply } from '../session/session.ts'
import { checkPlace, type SealReport } from './check-place.ts'
import { readSealedTurn } from './read-sealed-turn.ts'
import type { SealMemory } from './seal-memory.ts'
import type { SealPlace } from './seal-path.ts'

// Everything from here on is its own chunk: it is loaded when something is first sealed, or its evidence looked at.

/** What this device found out by itself of who would answer. */
export type SealLook =
  | {
      readonly ok: true
      readonly isSimulated: boolean
      /** Of the first runner, to be shown. */
      readonly evidenceDigest: string
      readonly manifestDigest: string
    }
  | { readonly ok: false; readonly reason: string; readonly why?: string; readonly evidenceDigest?: string }

export type SealedClient = {
  /** Asks under a seal, or reads on. Never throws. */
  readonly read: (order: SealedReading, signal: AbortSignal) => AsyncIterable<TurnEvent>
  /** Checks a piece of evidence from nothing, and says of each step what it found. */
  readonly check: (place: SealPlace, signal: AbortSignal) => Promise<Reply<SealReport>>
  /** Checks who would answer now, without asking anybody anything. */
  readonly look: (model: string, tier: 'own' | 'confidential', signal: AbortSignal) => Promise<SealLook>
}

export type SealedClientDeps = {
  readonly network: SealedNetwork
  readonly memory: SealMemory
  readonly nowMs: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Replaces what this build believes: in tests. */
  readonly trust?: Pick<SealTrust, 'pins' | 'simulation'>
}

/** Seals in the page: the keys that open an answer are made here, and never leave the device. */
export function createSealedClient(deps: SealedClientDeps): SealedClient {
  const { network, nowMs } = deps
  const trust = trustOf(deps)
  const choose = createRunnerChooser({ network, trust, nowMs, random: randomBelow })
  const chooseRunners: ChooseRunners = async (wish, signal) => {
    const chosen = await choose(wish, signal)
    const documents = chosen.ok ? chosen.candidates.map(({ document }) => document) : [chosen.document]
    for (const document of documents) if (document) deps.memory.noteVerdict(document)
    return chosen
  }
  return {
    read: (order, signal) => readSealedTurn({ ...deps, trust, chooseRunners }, order, signal),
    check: (place, signal) => checkPlace({ ...deps, trust }, place, signal),
    look: async (model, tier, signal) => {
      const chosen = await chooseRunners({ model, tier, features: [] }, signal)
      if (!chosen.ok) {
        const { reason, why, document } = chosen
        const evidenceDigest = document?.evidenceDigest
        return { ok: false, reason, ...(why ? { why } : {}), ...(evidenceDigest ? { evidenceDigest } : {}) }
      }
      const { candidates, manifestDigest } = chosen
      const [first] = candidates
      if (!first) return { ok: false, reason: 'no-runner' }
      return {
        ok: true,
        isSimulated: isAnySimulated(candidates),
        evidenceDigest: first.evidenceDigest,
        manifestDigest,
      }
    },
  }
}

/** What is believed: it comes with this page and from the person, read anew for each question. */
function trustOf({ memory, trust }: SealedClientDeps): SealTrust {
  const pins = trust?.pins ?? pinsOfBuild()
  return {
    get pins() {
      const seen = memory.seen(pins.network)
      return seen ? { ...pins, seen: { seq: seen.seq, digest: seen.digest } } : pins
    },
    simulation: trust?.simulation ?? simulationOfBuild(),
    platforms: 'any',
    get confirmed() {
      return memory.confirmed()
    },
    suite: X25519,
    notePolicy: ({ seq, digest }) => memory.noteSeen({ network: pins.network, seq, digest }),
  }
}

function isAnySimulated(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ isSimulated }) => isSimulated)
}
