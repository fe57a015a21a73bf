import { z } from 'zod'
import { customIssue, kindOf, type ParsedRequest, parseRequest } from './request-fault.ts'
import { integer, maxPriceSchema, optional, tierFieldSchema } from './request-fields.ts'

/** Texts one request may carry. */
export const TEXTS_MAX = 2_048
const USER_CHARS_MAX = 512

/** The body of `POST /v1/embeddings` (OpenAI API reference, "Create embeddings"), `max_price` and `tier`. */
export const embeddingRequestSchema = z.strictObject({
  model: z.string().min(1).max(256),
  /** One text, or a list of them; comes out as a list. */
  input: z.unknown().transform(readInput),
  encoding_format: optional(z.enum(['float', 'base64'])),
  dimensions: optional(integer({ min: 1, max: 65_536 })),
  user: optional(z.string().max(USER_CHARS_MAX)),
  max_price: maxPriceSchema.nullish(),
  tier: tierFieldSchema,
})
export type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>

/** Reads the body of an embeddings request, or says what is wrong with it. */
export function parseEmbeddingRequest(body: unknown): ParsedRequest<EmbeddingRequest> {
  return parseRequest(embeddingRequestSchema, body)
}

function readInput(input: unknown, ctx: z.core.$RefinementCtx): readonly string[] {
  const texts = typeof input === 'string' ? [input] : input
  const fault = Array.isArray(texts) ? listFault(texts, input) : kindFault(texts)
  if (fault === undefined) return texts as string[]
  ctx.addIssue(customIssue(input, fault))
  return []
}

function kindFault(input: unknown) {
  if (input === undefined || input === null) {
    return { code: 'missing_required_parameter', message: 'Missing required parameter: {}.' }
  }
  const message = `Invalid type for {}: expected a string or an array of strings, but got ${kindOf(input)} instead.`
  return { code: 'invalid_type', message }
}

function listFault(texts: readonly unknown[], input: unknown) {
  if (texts.length === 0)
    return { code: 'empty_array', message: 'Invalid {}: empty array. Send at least one text.' }
  if (texts.length > TEXTS_MAX) {
    const message = `Invalid {}: array above maximum length. Expected an array with length <= ${TEXTS_MAX}.`
    return { code: 'array_above_max_length', message }
  }
  const index = texts.findIndex((text) => typeof text !== 'string' || text === '')
  return index === -1 ? undefined : textFault(texts[index], input === texts ? [index] : [])
}

function textFault(text: unknown, path: readonly number[]) {
  if (text === '') return { code: 'invalid_value', message: 'Invalid {}: the text is empty.', path }
  if (typeof text === 'number' || Array.isArray(text)) {
    const message = 'Unsupported value for {}: token ids mean something else in every model. Send text.'
    return { code: 'unsupported_value', message, path: [] }
  }
  const message = `Invalid type for {}: expected a string, but got ${kindOf(text)} instead.`
  return { code: 'invalid_type', message, path }
}

/** The answer with embeddings as lists of numbers (OpenAI's `CreateEmbeddingResponse`) or, as asked for, in base64. */
export const embeddingResponseSchema = z.strictObject({
  object: z.literal('list'),
  model: z.string().min(1),
  data: z.array(
    z.strictObject({
      object: z.literal('embedding'),
      index: z.int().min(0),
      embedding: z.union([z.array(z.number()).min(1), z.base64()]),
    }),
  ),
  usage: z.strictObject({
    prompt_tokens: z.int().min(0),
    total_tokens: z.int().min(0),
    cost_nano: z.int().min(0),
  }),
})
export type EmbeddingResponse = z.infer<typeof embeddingResponseSchema>
