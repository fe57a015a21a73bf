import type { ChatParams } from '../runner/chat-params.ts'
import type { Hello } from '../runner/up.ts'
import type { ChatRequest } from './chat-request.ts'

/** `maxTokens` absent: as much as the model's context leaves. */
export type WantedParams = Omit<ChatParams, 'maxTokens'> & { readonly maxTokens?: number }

/** A feature of an engine, with OpenAI's name of the field that asks for it. */
export type Need = { readonly feature: Hello['features'][number]; readonly param: string }

/** How an answer is to be made, as runners get it. What asks for nothing (a penalty of 0, plain text) is left out. */
export function toChatParams(request: ChatRequest): WantedParams {
  return withoutUndefined({
    maxTokens: smaller(request.max_completion_tokens, request.max_tokens),
    temperature: request.temperature,
    topP: request.top_p,
    seed: request.seed,
    stop: toStop(request.stop),
    frequencyPenalty: request.frequency_penalty || undefined,
    presencePenalty: request.presence_penalty || undefined,
    responseFormat: toResponseFormat(request),
    ...toToolParams(request),
  })
}

function toToolParams(request: ChatRequest) {
  if (!hasTools(request)) return {}
  return {
    tools: request.tools,
    toolChoice: request.tool_choice,
    parallelToolCalls: request.parallel_tool_calls,
  }
}

function toStop(stop: string | readonly string[] | undefined): string[] | undefined {
  if (stop === undefined || stop.length === 0) return undefined
  return typeof stop === 'string' ? [stop] : [...stop]
}

function toResponseFormat({ response_format: format }: ChatRequest) {
  return format?.type === 'text' ? undefined : format
}

/** What an engine must be able to do for a request. */
export function toChatNeeds(request: ChatRequest): readonly Need[] {
  const toolParam = hasTools(request) ? 'tools' : firstToolMessage(request)
  const penalty = request.frequency_penalty ? 'frequency_penalty' : 'presence_penalty'
  return [
    ...(toolParam === undefined ? [] : [{ feature: 'tools' as const, param: toolParam }]),
    ...(toResponseFormat(request) === undefined
      ? []
      : [{ feature: 'response_format' as const, param: 'response_format' }]),
    ...(request.frequency_penalty || request.presence_penalty
      ? [{ feature: 'penalties' as const, param: penalty }]
      : []),
  ]
}

/** A conversation in which tools were used needs an engine that can read it, also when it offers none any more. */
function firstToolMessage({ messages }: ChatRequest): string | undefined {
  const index = messages.findIndex(({ role, toolCalls }) => role === 'tool' || toolCalls !== undefined)
  if (index === -1) return undefined
  return `messages[${index}].${messages[index]?.role === 'tool' ? 'role' : 'tool_calls'}`
}

function hasTools({ tools }: ChatRequest): boolean {
  return tools !== undefined && tools.length > 0
}

/** Old clients send `max_tokens`, new ones `max_completion_tokens`; of both, neither is exceeded. */
function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
}
