import { z } from 'zod'

/**
 * How the mock upstream answers. It goes as JSON in the prompt, so that it passes through every program unchanged.
 * `firstMs`: from the request to the first token; `everyMs`: between two tokens, 0 for all of them at once.
 */
export const paceSchema = z.object({
  tokens: z.int().min(1).max(4096),
  firstMs: z.number().min(0).max(10_000),
  everyMs: z.number().min(0).max(1_000),
})
export type Pace = z.infer<typeof paceSchema>

/** Where requests go. */
export const targetSchema = z.object({
  name: z.string(),
  /** Ends in `/v1`. */
  url: z.string(),
  model: z.string(),
  headers: z.record(z.string(), z.string()),
})
export type Target = z.infer<typeof targetSchema>

/** What the load client is asked: so many requests, or as many as fit into a time. */
export const loadOrderSchema = z.object({
  id: z.int(),
  target: targetSchema,
  pace: paceSchema,
  concurrency: z.int().min(1).max(256),
  /** Requests, or requests of `warmMs`, that come first and are not counted. */
  until: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('requests'), warm: z.int().min(0), count: z.int().min(1).max(100_000) }),
    z.object({ kind: z.literal('time'), warmMs: z.number().min(0), countMs: z.number().max(60_000) }),
  ]),
})
export type LoadOrder = z.infer<typeof loadOrderSchema>

/** One answer. Times in ms. */
export const sampleSchema = z.object({
  /** From sending the request to the first text of the answer. */
  firstMs: z.number(),
  totalMs: z.number(),
  /** From sending the request until the upstream has it. */
  thereMs: z.number(),
  /** From the upstream's first text until it is here. */
  backMs: z.number(),
})
export type Sample = z.infer<typeof sampleSchema>

/** What the load client answers. */
export const loadResultSchema = z.object({
  type: z.literal('measured'),
  id: z.int(),
  samples: z.array(sampleSchema),
  /** With `until: time`: answers per second, an answer at the window's edge counted by the part inside. */
  answersPerSecond: z.number(),
  failures: z.int(),
  /** What the first failure was. */
  failure: z.string().optional(),
})
export type LoadResult = z.infer<typeof loadResultSchema>

/** The model that the mock upstream serves. */
export const MOCK_MODEL = 'mock-chat'
