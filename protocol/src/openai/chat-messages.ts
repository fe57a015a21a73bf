import { z } from 'zod'
import type { ChatMessage } from '../runner/chat-params.ts'
import { customIssue, kindOf } from './request-fault.ts'
import { boundedList, optional, unsupported, withBoundedDepth } from './request-fields.ts'

/** Messages one request may carry. */
export const MESSAGES_MAX = 2_000
/** Parts one message's content may be split into. */
export const PARTS_MAX = 2_000
const NAME_CHARS_MAX = 256

/** A call of a function as an assistant's message repeats it to the model. Other members travel along unread. */
const toolCallSchema = withBoundedDepth(
  z.looseObject({
    id: z.string(),
    type: z.literal('function').optional(),
    function: z.looseObject({ name: z.string(), arguments: z.string() }),
  }),
)

const common = { content: z.unknown().optional(), name: optional(z.string().max(NAME_CHARS_MAX)) }

/** What clients repeat from an earlier reply (`refusal`, `annotations`, `reasoning_content`, …) is not refused. */
const anyMessageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), ...common }),
  z.object({
    role: z.literal('assistant'),
    ...common,
    refusal: optional(z.string()),
    tool_calls: optional(boundedList(toolCallSchema, { min: 0, max: 128 })),
    function_call: unsupported(),
    audio: unsupported(),
  }),
  z.object({ role: z.literal('tool'), ...common, tool_call_id: z.string().max(NAME_CHARS_MAX) }),
])
type AnyMessage = z.infer<typeof anyMessageSchema>

/** One message in OpenAI's shape, read into the plain one that runners get: text only, `developer` as `system`. */
export const messageSchema = anyMessageSchema.transform((message, ctx): ChatMessage => {
  const toolCalls = message.role === 'assistant' ? message.tool_calls : undefined
  const hasToolCalls = toolCalls !== undefined && toolCalls.length > 0
  return {
    role: message.role === 'developer' ? 'system' : message.role,
    content: readContent(message, hasToolCalls, ctx),
    ...(message.name === undefined ? {} : { name: message.name }),
    ...(hasToolCalls ? { toolCalls: [...toolCalls] } : {}),
    ...(message.role === 'tool' ? { toolCallId: message.tool_call_id } : {}),
  }
})

export const messagesSchema = boundedList(messageSchema, { min: 1, max: MESSAGES_MAX })

function readContent(message: AnyMessage, hasToolCalls: boolean, ctx: z.core.$RefinementCtx): string {
  const { content } = message
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return joinParts(content, message.role, ctx)
  if (content === undefined || content === null) {
    if (hasToolCalls) return ''
    if (message.role === 'assistant' && message.refusal !== undefined) return message.refusal
    const code = content === null ? 'invalid_type' : 'missing_required_parameter'
    const text = content === null ? 'Invalid value for {}: expected a string, got null.' : MISSING
    ctx.addIssue(customIssue(content, { code, message: text, path: ['content'] }))
    return ''
  }
  const text = `Invalid type for {}: expected a string or an array of objects, but got ${kindOf(content)} instead.`
  ctx.addIssue(customIssue(content, { code: 'invalid_type', message: text, path: ['content'] }))
  return ''
}

const MISSING = 'Missing required parameter: {}.'
const MEDIA_PARTS = new Set(['image_url', 'input_audio', 'file', 'image', 'audio_url', 'video_url'])

/** Joins text parts line by line. A part that is no text is refused: no model here sees or hears. */
function joinParts(parts: readonly unknown[], role: string, ctx: z.core.$RefinementCtx): string {
  if (parts.length === 0 || parts.length > PARTS_MAX) {
    const code = parts.length === 0 ? 'empty_array' : 'array_above_max_length'
    const message = `Invalid {}: expected an array with 1 to ${PARTS_MAX} parts.`
    ctx.addIssue(customIssue(parts, { code, message, path: ['content'] }))
    return ''
  }
  const texts: string[] = []
  for (const [index, part] of parts.entries()) {
    const text = readPart(part, index, { role, ctx })
    if (text === undefined) return ''
    texts.push(text)
  }
  return texts.join('\n')
}

/** The text of one part; undefined after it was refused. */
function readPart(
  part: unknown,
  index: number,
  { role, ctx }: { role: string; ctx: z.core.$RefinementCtx },
): string | undefined {
  const path = ['content', index]
  if (typeof part !== 'object' || part === null || Array.isArray(part)) {
    const message = `Invalid type for {}: expected an object, but got ${kindOf(part)} instead.`
    ctx.addIssue(customIssue(part, { code: 'invalid_type', message, path }))
    return undefined
  }
  const { type, text, refusal } = part as Record<string, unknown>
  const isRefusal = type === 'refusal' && role === 'assistant'
  const said = isRefusal ? refusal : text
  if ((type === 'text' || isRefusal) && typeof said === 'string') return said
  ctx.addIssue(customIssue(part, partFault(type, said, [...path, isRefusal ? 'refusal' : 'text'])))
  return undefined
}

function partFault(type: unknown, said: unknown, textPath: readonly PropertyKey[]) {
  if (type === 'text' || type === 'refusal') {
    if (said === undefined) return { code: 'missing_required_parameter', message: MISSING, path: textPath }
    const message = `Invalid type for {}: expected a string, but got ${kindOf(said)} instead.`
    return { code: 'invalid_type', message, path: textPath }
  }
  if (typeof type === 'string' && MEDIA_PARTS.has(type)) {
    const message = 'Unsupported content in {}: images, audio and files are not supported. Send text only.'
    return { code: 'unsupported_value', message, path: ['content'] }
  }
  const path = [...textPath.slice(0, -1), 'type']
  if (type === undefined) return { code: 'missing_required_parameter', message: MISSING, path }
  return { code: 'invalid_value', message: "Invalid value for {}. Supported values are: 'text'.", path }
}
