import { type Receipt, signReceipt } from '../../../protocol/src/receipt.ts'
import { inputHash, outputHash } from '../../../protocol/src/receipt-hashes.ts'
import { type OpenOffer, offerContent } from '../../../protocol/src/runner/down.ts'
import type { Usage } from '../../../protocol/src/runner/up.ts'
import type { Identity } from '../identity/identity.ts'

export type ReceiptInput = {
  readonly offer: OpenOffer
  readonly model: string
  readonly manifestDigest: string
  /** Deltas' texts, or embeddings' base64, as they went out. */
  readonly pieces: readonly string[]
  readonly usage: Usage
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** Signs what this runner did in a job. */
export async function makeReceipt(identity: Identity, input: ReceiptInput): Promise<Receipt> {
  const { offer, usage } = input
  return await signReceipt(identity.privateKey, {
    version: 1,
    jobId: offer.jobId,
    attempt: offer.attempt,
    runnerId: identity.runnerId,
    model: input.model,
    manifestDigest: input.manifestDigest,
    inputHash: await inputHash(offerContent(offer)),
    outputHash: await outputHash(offer.jobId, offer.attempt, input.pieces),
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    price: offer.price,
    startedAtMs: input.startedAtMs,
    endedAtMs: Math.max(input.startedAtMs, input.endedAtMs),
  })
}
