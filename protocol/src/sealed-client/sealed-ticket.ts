import * as z from 'zod/mini'
import { toCanonicalBase64Url, utf8 } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { tierSchema } from '../miniapp/fields.ts'
import type { SealedQuestion } from '../runner/sealed-question.ts'
import { envelopeSchema, writeEnvelope } from '../sealed/envelope.ts'
import { outBucketOf } from '../sealed/header.ts'
import { sealRequest } from '../sealed/seal-request.ts'
import type { SealSuite } from '../sealed/suites.ts'
import type { Candidate, Chosen } from './choose-runners.ts'

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.minimum(0))

/**
 * A sealed request with what opens its answer: as JSON, to be kept on the device that asked, and nowhere else, until the
 * answer was read. Bytes are base64url.
 */
export const sealedTicketSchema = z.strictObject({
  version: z.literal(1),
  /** Its `Idempotency-Key`. */
  key: z.string(),
  model: z.string(),
  tier: tierSchema,
  envelope: envelopeSchema,
  requestHash: hash,
  manifestDigest: hash,
  tokensMax: z.strictObject({ prompt: count, completion: count }),
  candidates: z.array(
    z.strictObject({
      runnerId: z.string(),
      kind: z.enum(['tee', 'paired']),
      epoch: count,
      evidenceDigest: hash,
      signingKey: z.string(),
      /** What the answer is sealed with, and what it was encapsulated in. */
      secret: z.string(),
      enc: z.string(),
      price: z.strictObject({ input: count, output: count }),
    }),
  ),
  isSimulated: z.boolean(),
  sealedAtMs: count,
  /** Tokens that earlier runners delivered, which this one goes on behind. */
  deliveredTokens: count,
})
export type SealedTicket = z.infer<typeof sealedTicketSchema>

/** What AES-GCM adds. */
const TAG_BYTES = 16

export type TicketOrder = {
  readonly key: string
  readonly model: string
  readonly tier: 'own' | 'confidential'
  readonly question: SealedQuestion
  readonly chosen: Extract<Chosen, { ok: true }>
  readonly suite: SealSuite
  readonly nowMs: number
}

export type MadeTicket =
  | { readonly ok: true; readonly ticket: SealedTicket }
  | { readonly ok: false; readonly reason: 'context-length-exceeded' | 'evidence-refused' }

/** Seals a question to the runners that were chosen. */
export async function makeTicket(order: TicketOrder): Promise<MadeTicket> {
  const { chosen, question, suite, nowMs, tier } = order
  const { candidates, manifestDigest } = chosen
  const deliveredTokens = question.delivered?.tokens ?? 0
  const completion = outBucketOf(Math.max(1, question.params.maxTokens - deliveredTokens))
  const sealed = await sealRequest({
    suite,
    to: candidates,
    plaintext: utf8(JSON.stringify(question)),
    header: {
      job_id: toHex(crypto.getRandomValues(new Uint8Array(16))),
      policy_seq: chosen.policySeq,
      dir_digest: chosen.directoryDigest,
      tier,
      model_manifest: manifestDigest,
      max_out_bucket: completion,
      ts: nowMs,
    },
  })
  if (!sealed.ok) {
    return {
      ok: false,
      reason: sealed.reason === 'too-long' ? 'context-length-exceeded' : 'evidence-refused',
    }
  }
  const { request, secrets } = sealed
  return {
    ok: true,
    ticket: {
      version: 1,
      key: order.key,
      model: order.model,
      tier,
      envelope: writeEnvelope(request),
      requestHash: toHex(sealed.requestHash),
      manifestDigest,
      // As the header's `len_bucket` says: what is sealed, without the tag.
      tokensMax: { prompt: request.ct.length - TAG_BYTES, completion },
      candidates: candidates.map((candidate, at) =>
        keepCandidate(candidate, secrets[at] ?? new Uint8Array(), request.wraps[at]?.enc ?? new Uint8Array()),
      ),
      isSimulated: candidates.some(({ isSimulated }) => isSimulated),
      sealedAtMs: nowMs,
      deliveredTokens,
    },
  }
}

function keepCandidate(candidate: Candidate, secret: Uint8Array, enc: Uint8Array) {
  const { runnerId, kind, epoch, evidenceDigest, price } = candidate
  return {
    runnerId,
    kind,
    epoch,
    evidenceDigest,
    price,
    signingKey: toCanonicalBase64Url(candidate.signingKey),
    secret: toCanonicalBase64Url(secret),
    enc: toCanonicalBase64Url(enc),
  }
}
