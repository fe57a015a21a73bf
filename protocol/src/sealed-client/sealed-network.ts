import type { Beacon } from '../attestation/policy/binding.ts'
import type { Bytes } from '../bytes.ts'
import type { Tier } from '../miniapp/fields.ts'
import type { Envelope } from '../sealed/envelope.ts'

/** What was asked for, or a reason: `unreachable`, or one of the coordinator's. */
export type NetworkReply<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly reason: string
      readonly param?: string
      readonly retryAfterSeconds?: number
    }

/** A sealed request on its way. */
export type SealedOrder = {
  readonly model: string
  readonly envelope: Envelope
  /** `Idempotency-Key`: the same order again reads the same answer, from its beginning. */
  readonly key: string
  /** How long the job goes on without a reader. */
  readonly lingerSeconds: number
  /** No runner may ask more, nano per 1,000,000 tokens. */
  readonly maxPrice: { readonly input: number; readonly output: number }
}

/** What a sealed client asks of the network. Nothing that comes from there is believed unchecked. */
export type SealedNetwork = {
  /** `GET /v1/sealed/directory`: the signed directory. */
  readonly readDirectory: (model: string, tier: Tier, signal?: AbortSignal) => Promise<NetworkReply<Bytes>>
  /** `GET /v1/sealed/evidence/:digest`. */
  readonly readEvidence: (digest: string, signal?: AbortSignal) => Promise<NetworkReply<Bytes>>
  /** `GET /v1/policy`: the signed policy. */
  readonly readPolicy: (signal?: AbortSignal) => Promise<NetworkReply<Bytes>>
  /** Public values and when they were published. */
  readonly readBeacons: (signal?: AbortSignal) => Promise<NetworkReply<readonly Beacon[]>>
  /** Lets go of what it remembers. True where something remembered was given since the last time: asking again may help. */
  readonly forget?: () => boolean
  /** `POST /v1/sealed/chat`: frames, one JSON object a line. */
  readonly open: (
    order: SealedOrder,
    signal: AbortSignal,
  ) => Promise<NetworkReply<ReadableStream<Uint8Array>>>
}
