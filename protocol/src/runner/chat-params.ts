import { z } from 'zod'

/** One message of a conversation as a model gets it. `content` is plain text: parts were joined before. */
export const chatMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  name: z.string().optional(),
  /** OpenAI's tool calls of an assistant's message, passed on as they are. */
  toolCalls: z.array(z.unknown()).optional(),
  toolCallId: z.string().optional(),
})
export type ChatMessage = z.infer<typeof chatMessageSchema>

/** How an answer is to be made. Absent: the engine's own default. */
export const chatParamsSchema = z.object({
  /** The most tokens the answer may have, delivered ones included. */
  maxTokens: z.int().min(1),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  stop: z.array(z.string().min(1)).max(4).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  /** Only for engines that announce `tools`. OpenAI's shapes, passed on as they are. */
  tools: z.array(z.unknown()).max(128).optional(),
  toolChoice: z.unknown().optional(),
  parallelToolCalls: z.boolean().optional(),
  /** Only for engines that announce `response_format`. */
  responseFormat: z.unknown().optional(),
})
export type ChatParams = z.infer<typeof chatParamsSchema>
