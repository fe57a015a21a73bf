import type { SigningKey } from '../../../protocol/src/ed25519.ts'
import { EPOCH_MS, EPOCH_OVERLAP_MS } from '../../../protocol/src/sealed/epoch-open.ts'
import type { SealKeys } from '../../../protocol/src/sealed/seal-keys.ts'

/** A model that sealed requests may ask for. */
export type SealedModel = { readonly id: string; readonly manifestDigest: string }

/** What shows whose the keys of an epoch are; `document` is what `seal.keys` carries. */
export type Announced =
  | {
      readonly ok: true
      readonly document: string
      /** What requests name it by. */
      readonly digest: string
      /** When it is to be made anew, where that is before the epoch ends. */
      readonly renewAtMs?: number
    }
  | { readonly ok: false; readonly reason: string }

/** One way in which this process shows whose its keys are: by its pairing, or by a TEE. */
export type Announcer = {
  readonly kind: 'paired' | 'tee'
  /** What headers name: `run_…`, or SHA-256 of the signing key in a TEE. */
  readonly runnerId: string
  /** Signs receipts. */
  readonly signingKey: SigningKey
  readonly announce: (kem: SealKeys) => Promise<Announced>
}

/** When what is said of an epoch's keys begins to hold, and when it ends. */
export function epochWindow(epoch: number) {
  return {
    notBeforeMs: epoch * EPOCH_MS - EPOCH_OVERLAP_MS,
    expiresAtMs: (epoch + 1) * EPOCH_MS + EPOCH_OVERLAP_MS,
  }
}
