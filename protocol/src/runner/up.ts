import { z } from 'zod'
import { modelIdSchema, modelKindSchema } from '../model-manifest.ts'
import { receiptSchema } from '../receipt.ts'
import { sealedReceiptSchema } from '../sealed/sealed-receipt.ts'

/** Deltas a job may have: a bound for both sides. */
export const DELTAS_MAX = 200_000

const jobRef = { jobId: z.string().max(64), attempt: z.int().min(0).max(100) }

/** Tokens of a job: those of the prompt, and those of the answer that this runner made. */
export const usageSchema = z.object({ promptTokens: z.int().min(0), completionTokens: z.int().min(0) })
export type Usage = z.infer<typeof usageSchema>

/** What the owner asks, in nano per 1,000,000 tokens. */
export const askSchema = z.object({
  input: z.int().min(0).max(1_000_000_000_000),
  output: z.int().min(0).max(1_000_000_000_000),
})
export type Ask = z.infer<typeof askSchema>

/** The runner's answer to `challenge`: who it is and what it serves. One link serves one model. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.int(),
  runnerId: z.string().max(64),
  /** Ed25519 over `helloSigningText`, base64url. */
  signature: z.string().max(128),
  software: z.string().max(64),
  model: modelIdSchema,
  kind: modelKindSchema,
  manifestDigest: z.string().regex(/^[0-9a-f]{64}$/),
  contextTokens: z.int().min(16).max(10_000_000),
  parameters: z.int().min(0),
  dimensions: z.int().min(1).max(65_536).optional(),
  /** What the engine can do beyond plain text. */
  features: z.array(z.enum(['tools', 'response_format', 'penalties'])),
  engine: z.enum(['onnx', 'upstream', 'fake']),
  /** Where the model runs: `cpu`, `cuda`, `webgpu`, or what the upstream is. */
  device: z.string().max(64),
  slots: z.int().min(1).max(1024),
  freeSlots: z.int().min(0).max(1024),
  /** Measured tokens per second of one stream; 0 where not measured yet. */
  tokensPerSecond: z.number().min(0).max(1_000_000),
  ask: askSchema,
  /** Jobs that still run here since a link was lost. `seq`: deltas made so far. */
  jobs: z.array(z.object({ ...jobRef, seq: z.int().min(0) })).max(1024),
})
export type Hello = z.infer<typeof helloSchema>

/** What a runner signs to prove who it is: bound to this link by the nonce. */
export function helloSigningText(
  nonce: string,
  hello: Pick<Hello, 'runnerId' | 'model' | 'manifestDigest'>,
): string {
  return ['sharnaqa-link-v1', nonce, hello.runnerId, hello.model, hello.manifestDigest].join('\n')
}

/** How many jobs the runner can take right now, and its measured speed. */
export const slotsSchema = z.object({
  type: z.literal('slots'),
  freeSlots: z.int().min(0).max(1024),
  tokensPerSecond: z.number().min(0).max(1_000_000),
})

/** A piece of an answer. `seq` counts from 0 without a gap within one attempt. */
export const jobDeltaSchema = z.object({
  type: z.literal('job.delta'),
  ...jobRef,
  seq: z.int().min(0).max(DELTAS_MAX),
  text: z.string().max(200_000),
  /** Tokens in this delta. */
  tokens: z.int().min(0).max(100_000),
  /** The model's own ids of these tokens, where the engine knows them: lets another runner go on exactly here. */
  tokenIds: z.array(z.int().min(0)).max(100_000).optional(),
  /** What a reasoning model thinks before it answers (`reasoning_content` of many servers). Shown apart, paid like text. */
  reasoning: z.string().max(200_000).optional(),
  /** Pieces of tool calls in OpenAI's chunk shape (`choices[0].delta.tool_calls`). */
  toolCalls: z.array(z.unknown()).max(128).optional(),
})
export type JobDelta = z.infer<typeof jobDeltaSchema>

/** Embeddings of a job, as base64 of little-endian float32, in the order of the texts. Counted by `seq` like deltas. */
export const jobVectorsSchema = z.object({
  type: z.literal('job.vectors'),
  ...jobRef,
  seq: z.int().min(0).max(DELTAS_MAX),
  vectors: z.array(z.string().max(400_000)).min(1).max(2048),
})
export type JobVectors = z.infer<typeof jobVectorsSchema>

export const finishSchema = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'cancelled'])
export type Finish = z.infer<typeof finishSchema>

/** The job ended well, or was cancelled. The receipt covers what this runner did. */
export const jobDoneSchema = z.object({
  type: z.literal('job.done'),
  ...jobRef,
  finish: finishSchema,
  usage: usageSchema,
  receipt: receiptSchema,
})
export type JobDone = z.infer<typeof jobDoneSchema>

export const jobFailReasonSchema = z.enum([
  /** Prompt and answer do not fit the model. Action: send less; another runner cannot help. */
  'context-length-exceeded',
  /** The engine does not do what was asked (tools, say). Action: another model. */
  'unsupported',
  /** The engine broke. Action: another runner may do it. */
  'engine-failed',
  /** The server behind the runner did not answer or answered with an error. Action: another runner may do it. */
  'upstream-failed',
])
export const jobFailSchema = z.object({
  type: z.literal('job.fail'),
  ...jobRef,
  reason: jobFailReasonSchema,
  /** With `unsupported`: OpenAI's name of the field. */
  param: z.string().max(64).optional(),
})
export type JobFail = z.infer<typeof jobFailSchema>

/** The runner cannot take the job now; nothing was begun. */
export const jobRefuseSchema = z.object({
  type: z.literal('job.refuse'),
  ...jobRef,
  reason: z.enum(['busy', 'leaving']),
})

/**
 * Keys that requests are sealed to, with what shows whose they are; on every link, at each epoch, and again whenever the
 * evidence is renewed. `tee`: evidence (`writeEvidence`); `paired`: an announcement (`signPairedKeys`). JSON text.
 */
export const sealKeysFrameSchema = z.object({
  type: z.literal('seal.keys'),
  kind: z.enum(['tee', 'paired']),
  document: z.string().max(900_000),
})
export type SealKeysFrame = z.infer<typeof sealKeysFrameSchema>

/** A chunk of a sealed answer. `seq` counts from 0 without a gap within one attempt. */
export const jobChunkSchema = z.object({
  type: z.literal('job.chunk'),
  ...jobRef,
  seq: z.int().min(0).max(DELTAS_MAX),
  /** Ciphertext, base64url. */
  data: z
    .string()
    .min(1)
    .max(8192)
    .regex(/^[A-Za-z0-9_-]+$/),
  /** With `seq` 0: the response nonce, 32 bytes, base64url. */
  nonce: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
})
export type JobChunk = z.infer<typeof jobChunkSchema>

/** The runner cannot open a sealed request; nothing was begun. None of the reasons says anything of what was asked. */
export const jobUnsealableSchema = z.object({
  type: z.literal('job.unsealable'),
  ...jobRef,
  reason: z.enum([
    'malformed',
    'not-for-me',
    'key-epoch',
    'wrong-evidence',
    'wrong-model',
    'too-old',
    'replayed',
    'cannot-open',
  ]),
})
export type JobUnsealable = z.infer<typeof jobUnsealableSchema>

/** A sealed job ended well, or was cancelled. The same receipt stands inside its last chunk. */
export const jobSealedDoneSchema = z.object({
  type: z.literal('job.sealed-done'),
  ...jobRef,
  receipt: sealedReceiptSchema,
})
export type JobSealedDone = z.infer<typeof jobSealedDoneSchema>

/** The runner finishes what runs and takes nothing new. */
export const byeSchema = z.object({ type: z.literal('bye') })

export const upFrameSchema = z.discriminatedUnion('type', [
  helloSchema,
  slotsSchema,
  jobDeltaSchema,
  jobVectorsSchema,
  jobDoneSchema,
  jobFailSchema,
  jobRefuseSchema,
  sealKeysFrameSchema,
  jobChunkSchema,
  jobUnsealableSchema,
  jobSealedDoneSchema,
  byeSchema,
])
export type UpFrame = z.infer<typeof upFrameSchema>
