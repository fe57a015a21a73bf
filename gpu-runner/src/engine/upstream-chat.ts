import { z } from 'zod'
import type { ChatMessage } from '../../../protocol/src/runner/chat-params.ts'
import type { Finish } from '../../../protocol/src/runner/up.ts'
import type { ChatEnd, ChatRequest, EngineFailure, Piece } from './engine.ts'
import { createSseParser } from './sse-parser.ts'
import { askUpstream, type UpstreamHttp } from './upstream-http.ts'
import { refusalOf } from './upstream-refusal.ts'

const chunkSchema = z.looseObject({
  error: z.unknown().optional(),
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: z.string().nullish(),
            /** A thinking model's thoughts: paid for and shown apart, not part of the answer. vLLM and llama.cpp, then Ollama and OpenRouter. */
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
            tool_calls: z.array(z.unknown()).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.looseObject({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish(),
})
type Chunk = z.infer<typeof chunkSchema>

/** Answers a chat through an OpenAI-compatible server. Of its errors only the reason word is passed on. */
export async function* upstreamChat(
  http: UpstreamHttp,
  model: string,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<Piece, ChatEnd, void> {
  const room = request.params.maxTokens - (request.delivered?.tokens ?? 0)
  const tally = createTally(request, room)
  if (room <= 0) return tally.end('length')
  try {
    const answer = await openAnswer(http, model, request, room, signal)
    if (!answer.ok) return answer
    return yield* readAnswer(answer, tally)
  } catch {
    // Unreachable, cut off, silent, or not what a server of this kind says.
    if (signal.aborted) return tally.end('cancelled')
    const finish = tally.finish()
    return finish ? tally.end(finish) : { ok: false, reason: 'upstream-failed' }
  }
}

/** The request in OpenAI's shape. `maxTokens` undefined leaves the length to the server. */
export function toUpstreamBody(model: string, request: ChatRequest, maxTokens: number | undefined) {
  const { params, delivered } = request
  // vLLM and SGLang go on with the last message when told so; llama.cpp and Ollama do it for any assistant's message.
  const goesOn = delivered !== undefined && delivered.text !== ''
  const messages = request.messages.map(toOpenAiMessage)
  return {
    model,
    messages: goesOn ? [...messages, { role: 'assistant', content: delivered.text }] : messages,
    ...(goesOn ? { continue_final_message: true, add_generation_prompt: false } : {}),
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: maxTokens,
    temperature: params.temperature,
    top_p: params.topP,
    seed: params.seed,
    stop: params.stop,
    frequency_penalty: params.frequencyPenalty,
    presence_penalty: params.presencePenalty,
    tools: params.tools,
    tool_choice: params.toolChoice,
    parallel_tool_calls: params.parallelToolCalls,
    response_format: params.responseFormat,
  }
}

type OpenAnswer = {
  readonly ok: true
  readonly chunks: AsyncGenerator<Uint8Array, void, void>
  /** Who sees to it that the answer is not too long. */
  readonly boundBy: 'server' | 'us'
}

/** Tokens beyond the bound that a server may send before it is hung up on: its usage comes last, and is worth waiting for. */
const OVERRUN_TOKENS = 2

async function openAnswer(
  http: UpstreamHttp,
  model: string,
  request: ChatRequest,
  room: number,
  signal: AbortSignal,
): Promise<OpenAnswer | EngineFailure> {
  const path = '/v1/chat/completions'
  const first = await askUpstream(http, path, toUpstreamBody(model, request, room), signal)
  if (first.ok) return { ...first, boundBy: 'server' }
  const refusal = refusalOf(first.status, first.text, request.params)
  if (refusal.reason !== 'context-length-exceeded') return refusal
  // Some servers count the longest possible answer too: let them choose the length, and cut it here.
  const second = await askUpstream(http, path, toUpstreamBody(model, request, undefined), signal)
  return second.ok ? { ...second, boundBy: 'us' } : refusalOf(second.status, second.text, request.params)
}

async function* readAnswer(
  { chunks, boundBy }: OpenAnswer,
  tally: Tally,
): AsyncGenerator<Piece, ChatEnd, void> {
  const parser = createSseParser()
  for await (const data of readData(chunks, parser)) {
    if (data === '[DONE]') return yield* settle(tally, 'stop')
    const chunk = chunkSchema.parse(JSON.parse(data))
    if (chunk.error !== undefined && chunk.error !== null) return { ok: false, reason: 'upstream-failed' }
    const piece = tally.take(chunk)
    if (piece) yield piece
    const tooLong = boundBy === 'us' ? tally.isFull() : tally.overrun() > OVERRUN_TOKENS
    if (tooLong) return yield* settle(tally, 'length')
  }
  // A stream that ends without a finish was cut.
  const finish = tally.finish()
  return finish ? yield* settle(tally, finish) : { ok: false, reason: 'upstream-failed' }
}

async function* readData(
  chunks: AsyncGenerator<Uint8Array, void, void>,
  parser: ReturnType<typeof createSseParser>,
): AsyncGenerator<string, void, void> {
  for await (const bytes of chunks) for (const { data } of parser.push(bytes)) yield data
  for (const { data } of parser.end()) yield data
}

/** Where the server counted more tokens than it showed, the rest goes out without text: deltas and usage agree. */
async function* settle(tally: Tally, otherwise: Finish): AsyncGenerator<Piece, ChatEnd, void> {
  const missing = tally.missing()
  if (missing > 0) yield { text: '', tokens: missing }
  return tally.end(tally.finish() ?? otherwise)
}

type Tally = ReturnType<typeof createTally>

/** Counts what one answer had: one token per chunk until the server says better. */
function createTally(request: ChatRequest, room: number) {
  let made = 0
  let overrun = 0
  let finish: Finish | undefined
  let usage: Chunk['usage']
  return {
    take: (chunk: Chunk): Piece | undefined => {
      usage = chunk.usage ?? usage
      const choice = chunk.choices[0]
      finish = toFinish(choice?.finish_reason) ?? finish
      const text = choice?.delta?.content ?? ''
      const toolCalls = choice?.delta?.tool_calls ?? []
      const thought = choice?.delta?.reasoning_content || choice?.delta?.reasoning
      if (text === '' && toolCalls.length === 0 && !thought) return undefined
      if (made >= room) {
        overrun += 1
        return undefined
      }
      made += 1
      return {
        text,
        tokens: 1,
        ...(thought ? { reasoning: thought } : {}),
        ...(toolCalls.length > 0 ? { toolCalls } : {}),
      }
    },
    isFull: () => made >= room,
    /** Tokens that came although there was no room for them. They are not passed on. */
    overrun: () => overrun,
    finish: () => (overrun > 0 ? 'length' : finish),
    missing: () => Math.max(0, Math.min(usage?.completion_tokens ?? 0, room) - made),
    end: (end: Finish): ChatEnd => {
      const before = request.delivered?.tokens ?? 0
      const promptTokens = usage ? Math.max(0, usage.prompt_tokens - before) : estimateTokens(request)
      return {
        ok: true,
        finish: end,
        usage: { promptTokens, completionTokens: Math.min(usage?.completion_tokens ?? made, room) },
      }
    },
  }
}

/** Where a server counts nothing: about four characters a token. */
function estimateTokens({ messages }: ChatRequest): number {
  return Math.ceil(messages.reduce((sum, message) => sum + message.content.length, 0) / 4)
}

function toOpenAiMessage({ role, content, name, toolCalls, toolCallId }: ChatMessage) {
  return { role, content, name, tool_calls: toolCalls, tool_call_id: toolCallId }
}

function toFinish(reason: string | null | undefined): Finish | undefined {
  switch (reason) {
    case null:
    case undefined:
    case '':
      return undefined
    case 'length':
      return 'length'
    case 'tool_calls':
    case 'function_call':
      return 'tool_calls'
    case 'content_filter':
      return 'content_filter'
    default:
      return 'stop'
  }
}
