import { z } from 'zod'
import { messagesSchema } from './chat-messages.ts'
import { responseFormatSchema, toolChoiceSchema, toolsSchema } from './chat-tools.ts'
import { customIssue, type ParsedRequest, parseRequest } from './request-fault.ts'
import {
  boundedList,
  integer,
  maxPriceSchema,
  optional,
  tierFieldSchema,
  unsupported,
} from './request-fields.ts'

/** Bytes a request's body may have. */
export const BODY_BYTES_MAX = 1024 * 1024
const STOP_CHARS_MAX = 1_000
const USER_CHARS_MAX = 512
/** The longest that an answer can go on without a reader, in seconds. */
export const LINGER_SECONDS_MAX = 120

const penalty = optional(z.number().min(-2).max(2))
const stopText = z.string().min(1).max(STOP_CHARS_MAX)
const label = optional(z.string().max(USER_CHARS_MAX))
const tokens = optional(integer({ min: 1 }))

/** Where a caller wants its usage chunk. `include_obfuscation` is taken and has no effect. */
const streamOptionsSchema = z.strictObject({
  include_usage: optional(z.boolean()),
  include_obfuscation: optional(z.boolean()),
})

/**
 * The body of `POST /v1/chat/completions` (OpenAI API reference, "Create chat completion"), and `max_price`,
 * `tier` and `linger_seconds`. Fields come out as they are named there; messages come out as runners get them.
 */
export const chatRequestSchema = z
  .strictObject({
    model: z.string().min(1).max(256),
    messages: messagesSchema,
    stream: optional(z.boolean()),
    stream_options: optional(streamOptionsSchema),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    temperature: optional(z.number().min(0).max(2)),
    top_p: optional(z.number().min(0).max(1)),
    frequency_penalty: penalty,
    presence_penalty: penalty,
    seed: optional(z.int()),
    stop: optional(z.union([stopText, boundedList(stopText, { min: 0, max: 4 })])),
    n: optional(z.int()).superRefine(onlyOneAnswer),
    user: label,
    tools: optional(toolsSchema),
    tool_choice: optional(toolChoiceSchema),
    parallel_tool_calls: optional(z.boolean()),
    response_format: optional(responseFormatSchema),
    max_price: maxPriceSchema.nullish(),
    tier: tierFieldSchema,
    /** How long the answer goes on when its last reader is gone; a repeat with the same `Idempotency-Key` reads on. */
    linger_seconds: optional(integer({ min: 0, max: LINGER_SECONDS_MAX })),
    prompt_cache_key: label,

    // Taken, and without effect here: none of them changes what a correct answer is.
    metadata: optional(z.record(z.string(), z.string())),
    store: optional(z.boolean()),
    service_tier: label,
    reasoning_effort: label,
    verbosity: label,
    safety_identifier: label,
    prompt_cache_retention: label,
    prompt_cache_options: z.unknown().optional(),

    // Refused where they ask for something: ignoring them would change the answer behind the caller's back.
    logprobs: unsupported((value) => value === false),
    top_logprobs: unsupported((value) => value === 0),
    logit_bias: unsupported(isEmptyObject),
    modalities: unsupported((value) => Array.isArray(value) && value.every((kind) => kind === 'text')),
    functions: unsupported(),
    function_call: unsupported(),
    audio: unsupported(),
    prediction: unsupported(),
    web_search_options: unsupported(),
    moderation: unsupported(),
  })
  .superRefine((request, ctx) => {
    if (request.stream_options !== undefined && request.stream !== true) {
      const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
      ctx.addIssue(customIssue(request, { code: 'invalid_value', message, path: ['stream_options'] }))
    }
    const hasTools = request.tools !== undefined && request.tools.length > 0
    if (!hasTools && request.tool_choice !== undefined && !isIdleChoice(request.tool_choice)) {
      const message = "'tool_choice' is only allowed when 'tools' are specified."
      ctx.addIssue(customIssue(request, { code: 'invalid_value', message, path: ['tool_choice'] }))
    }
  })
export type ChatRequest = z.infer<typeof chatRequestSchema>

/** Reads the body of a chat request, or says what is wrong with it. */
export function parseChatRequest(body: unknown): ParsedRequest<ChatRequest> {
  return parseRequest(chatRequestSchema, body)
}

function onlyOneAnswer(n: number | undefined, ctx: z.core.$RefinementCtx): void {
  if (n === undefined || n === 1) return
  const message = 'Unsupported value for {}: one answer per request. Send the request again for another.'
  ctx.addIssue(customIssue(n, { code: 'unsupported_value', message }))
}

function isIdleChoice(choice: unknown): boolean {
  return choice === 'none' || choice === 'auto'
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
