import { z } from 'zod'
import type { Json } from '../canonical-json.ts'
import { envelopeSchema } from '../sealed/envelope.ts'
import { chatMessageSchema, chatParamsSchema } from './chat-params.ts'

const jobRef = {
  jobId: z.string(),
  /** 0 for the first runner of a job, then 1, 2, … */ attempt: z.int().min(0),
}

/** The first frame on a link: what the runner must sign in its `hello`. */
export const challengeSchema = z.object({
  type: z.literal('challenge'),
  /** 32 random bytes, base64url. */
  nonce: z.string(),
  protocol: z.int(),
  protocolMinimum: z.int(),
})

/** The link is up. */
export const welcomeSchema = z.object({
  type: z.literal('welcome'),
  /** How long the coordinator waits for a runner whose link was lost before it gives its jobs to another, in ms. */
  leaseMs: z.int(),
  /** Jobs of the `hello` that go on: send deltas from `fromSeq` again. */
  resume: z.array(z.object({ ...jobRef, fromSeq: z.int().min(0) })),
  /** Jobs of the `hello` that are no longer this runner's: stop them. */
  drop: z.array(z.object(jobRef)),
})

/** The link is refused; the socket closes after it. `retry`: whether trying again later can help. */
export const refusedSchema = z.object({
  type: z.literal('refused'),
  reason: z.enum([
    'protocol-too-old',
    'bad-signature',
    'unknown-runner',
    'paused',
    'wrong-model-files',
    'unknown-model',
    'bad-frame',
    'replaced',
  ]),
  sentence: z.string(),
  retry: z.boolean(),
})

const offerBase = {
  type: z.literal('job.offer'),
  ...jobRef,
  /** What the runner is paid, nano per 1,000,000 tokens. */
  price: z.object({ input: z.int().min(0), output: z.int().min(0) }),
}

/** One chat to answer. The runner begins at once, or sends `job.refuse`. */
export const chatOfferSchema = z.object({
  ...offerBase,
  kind: z.literal('chat'),
  messages: z.array(chatMessageSchema),
  params: chatParamsSchema,
  /**
   * What an earlier runner of this job delivered: go on exactly behind it and do not repeat it. `tokenIds` are the
   * model's own ids of `text`, or empty where they are not known.
   */
  delivered: z
    .object({ text: z.string(), tokens: z.int().min(0), tokenIds: z.array(z.int().min(0)) })
    .optional(),
})
export type ChatOffer = z.infer<typeof chatOfferSchema>

/** Texts to turn into embeddings. */
export const embeddingOfferSchema = z.object({
  ...offerBase,
  kind: z.literal('embedding'),
  texts: z.array(z.string()),
  /** Cut each embedding to this many numbers and bring it to unit length again. */
  dimensions: z.int().min(1).optional(),
})
export type EmbeddingOffer = z.infer<typeof embeddingOfferSchema>

/** A sealed chat: whoever carries it reads the header alone. What is inside: `SealedQuestion`. */
export const sealedOfferSchema = z.object({
  ...offerBase,
  kind: z.literal('sealed'),
  envelope: envelopeSchema,
})
export type SealedOffer = z.infer<typeof sealedOfferSchema>

/** Offers a job to the runner. */
export const jobOfferSchema = z.discriminatedUnion('kind', [
  chatOfferSchema,
  embeddingOfferSchema,
  sealedOfferSchema,
])
export type JobOffer = z.infer<typeof jobOfferSchema>
/** An offer that its runner can read as it comes. */
export type OpenOffer = ChatOffer | EmbeddingOffer

/** The caller is gone or pressed Stop: end the job, answer with `job.done` and finish `cancelled`. */
export const jobCancelSchema = z.object({ type: z.literal('job.cancel'), ...jobRef })

/** What this runner's part of a job earned, after the ledger moved the money. 0 where nothing is paid, with the reason. */
export const jobPaidSchema = z.object({
  type: z.literal('job.paid'),
  ...jobRef,
  earnedNano: z.int().min(0),
  reason: z.string().optional(),
})

/** What the coordinator says of a runner's `seal.keys`. Refused: it gets no sealed job by them. */
export const sealVerdictSchema = z.object({
  type: z.literal('seal.verdict'),
  kind: z.enum(['tee', 'paired']),
  accepted: z.boolean(),
  /** Until when; absent where it was refused. */
  untilMs: z.int().min(0).optional(),
  /** A reason code, where it was refused. */
  reason: z.string().max(64).optional(),
})
export type SealVerdict = z.infer<typeof sealVerdictSchema>

export const downFrameSchema = z.union([
  challengeSchema,
  welcomeSchema,
  refusedSchema,
  jobOfferSchema,
  jobCancelSchema,
  jobPaidSchema,
  sealVerdictSchema,
])
export type DownFrame = z.infer<typeof downFrameSchema>

/** The part of an offer that a receipt's `inputHash` covers: what was asked, not what is paid. */
export function offerContent(offer: OpenOffer): Json {
  const content =
    offer.kind === 'chat'
      ? { messages: offer.messages, params: offer.params, delivered: offer.delivered }
      : { texts: offer.texts, dimensions: offer.dimensions }
  return JSON.parse(JSON.stringify(content))
}
