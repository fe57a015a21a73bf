import { z } from 'zod'
import { jobReasonSchema } from '../answer.ts'

/** OpenAI's finish reasons that this network gives. */
export const finishReasonSchema = z.enum(['stop', 'length', 'tool_calls', 'content_filter'])
export type FinishReason = z.infer<typeof finishReasonSchema>

/** Tokens of a request and what it cost: `cost_nano` is our addition, a whole number of nanoTON. */
export const usageSchema = z.strictObject({
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  total_tokens: z.int().min(0),
  cost_nano: z.int().min(0),
})

/** A call of a function in a whole answer. */
export const toolCallSchema = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
})
export type ToolCall = z.infer<typeof toolCallSchema>

/** A piece of a call; pieces with the same `index` belong together and their `arguments` are joined. */
export const toolCallPieceSchema = z.strictObject({
  index: z.int().min(0),
  id: z.string().optional(),
  type: z.literal('function').optional(),
  function: z.strictObject({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
})
export type ToolCallPiece = z.infer<typeof toolCallPieceSchema>

const common = {
  id: z.string().startsWith('chatcmpl-'),
  created: z.int().min(0),
  model: z.string().min(1),
}

/** The answer to a request without `stream` (OpenAI's `CreateChatCompletionResponse`). */
export const chatCompletionSchema = z.strictObject({
  ...common,
  object: z.literal('chat.completion'),
  choices: z
    .array(
      z.strictObject({
        index: z.literal(0),
        message: z.strictObject({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          refusal: z.null(),
          reasoning_content: z.string().optional(),
          tool_calls: z.array(toolCallSchema).min(1).optional(),
        }),
        logprobs: z.null(),
        finish_reason: finishReasonSchema,
      }),
    )
    .length(1),
  usage: usageSchema,
  /** Only where the answer is not whole: why it ended early. */
  sharnaqa: z.strictObject({ reason: jobReasonSchema }).optional(),
})
export type ChatCompletion = z.infer<typeof chatCompletionSchema>

/** One event of a streamed answer (OpenAI's `CreateChatCompletionStreamResponse`). */
export const chatCompletionChunkSchema = z.strictObject({
  ...common,
  object: z.literal('chat.completion.chunk'),
  choices: z
    .array(
      z.strictObject({
        index: z.literal(0),
        delta: z.strictObject({
          role: z.literal('assistant').optional(),
          content: z.string().nullable().optional(),
          refusal: z.null().optional(),
          reasoning_content: z.string().optional(),
          tool_calls: z.array(toolCallPieceSchema).min(1).optional(),
        }),
        logprobs: z.null(),
        finish_reason: finishReasonSchema.nullable(),
      }),
    )
    .max(1),
  /** With `include_usage` null in every chunk but the last, else absent. */
  usage: usageSchema.nullable().optional(),
})
export type ChatCompletionChunk = z.infer<typeof chatCompletionChunkSchema>
