import { createHash } from 'node:crypto'
import { type Clock, pause } from '../clock.ts'
import type { ChatEnd, ChatRequest, EmbeddingRequest, Engine, EngineFacts, Piece } from './engine.ts'
import { encodeVector, shorten } from './vectors.ts'

/** What goes wrong, to prove that the network copes with it. */
export type FakeMode = 'ok' | 'hang' | 'rubbish' | 'die' | 'wrong-usage' | 'slow-first' | 'fail'

export type FakeOptions = {
  readonly mode: FakeMode
  /** Tokens before the fault. */
  readonly after: number
  /** 0: as fast as it goes. */
  readonly tokensPerSecond: number
  /** Tokens of an answer; 0: 20 to 59, by the prompt's hash. */
  readonly tokens: number
  /** How long `slow-first` waits. */
  readonly firstTokenMs: number
  /** What answers are made of; the usual words where absent. */
  readonly words?: readonly string[]
}

export type FakeDeps = { readonly clock: Clock; readonly exit: (code: number) => void }

export const FAKE_DIMENSIONS = 32
const WORDS = (
  'silk thread cocoon moth leaf light night river stone paper lamp window garden bridge coin star مرحبا شرنقة ' +
  'حرير нить шёлк ночь 🦋 wing dawn quiet small warm open round first last'
).split(' ')

/** An engine for tests: words chosen by the prompt's hash, so that two runners give the same answer. */
export function createFakeEngine(deps: FakeDeps, facts: EngineFacts, options: FakeOptions): Engine {
  return {
    facts,
    chat: (request, signal) => fakeChat(deps, options, request, signal),
    embed: (request) => fakeEmbed(facts, request),
    close: async () => {},
  }
}

/** The whole answer that the fake gives to a prompt, for tests that compare. */
export function fakeAnswer(
  request: ChatRequest,
  tokens: number,
  words: readonly string[] = WORDS,
): { text: string; tokenIds: number[] } {
  const length = Math.min(tokens || 20 + (hashAt(request, 'length') % 40), request.params.maxTokens)
  const tokenIds = Array.from({ length }, (_, i) => hashAt(request, `${i}`) % words.length)
  return { text: tokenIds.map((id) => wordOf(id, words)).join(''), tokenIds }
}

async function* fakeChat(
  deps: FakeDeps,
  options: FakeOptions,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<Piece, ChatEnd, void> {
  const { tokens, words } = options
  const { tokenIds } = fakeAnswer(request, tokens, words)
  const promptTokens = request.messages.reduce((sum, message) => sum + countWords(message.content), 0)
  if (options.mode === 'slow-first') await pause(deps.clock, options.firstTokenMs, signal)
  let made = 0
  const end = (finish: 'stop' | 'length' | 'cancelled'): ChatEnd => {
    const completionTokens = options.mode === 'wrong-usage' ? made * 10 + 1000 : made
    return { ok: true, finish, usage: { promptTokens, completionTokens } }
  }
  for (const id of tokenIds.slice(request.delivered?.tokens ?? 0)) {
    if (options.tokensPerSecond > 0) await pause(deps.clock, 1000 / options.tokensPerSecond, signal)
    if (signal.aborted) return end('cancelled')
    if (made >= options.after) {
      if (options.mode === 'hang') await aborted(signal)
      if (options.mode === 'die') deps.exit(1)
      if (options.mode === 'fail') return { ok: false, reason: 'engine-failed' }
      if (options.mode === 'rubbish') yield { text: wordOf(id, words), tokens: -1, tokenIds: [-1] }
      if (signal.aborted) return end('cancelled')
    }
    made += 1
    yield { text: wordOf(id, words), tokens: 1, tokenIds: [id] }
  }
  return end(tokenIds.length >= request.params.maxTokens ? 'length' : 'stop')
}

async function* fakeEmbed(
  facts: EngineFacts,
  request: EmbeddingRequest,
): AsyncGenerator<string[], ChatEnd, void> {
  const size = facts.dimensions ?? FAKE_DIMENSIONS
  if (request.dimensions !== undefined && request.dimensions > size) {
    return { ok: false, reason: 'unsupported', param: 'dimensions' }
  }
  for (const text of request.texts) {
    const values = Float32Array.from({ length: size }, (_, i) => hashNumber(`${text}/${i}`) / 2 ** 31 - 1)
    yield [encodeVector(shorten(values, request.dimensions ?? size))]
  }
  const promptTokens = request.texts.reduce((sum, text) => sum + countWords(text), 0)
  return { ok: true, finish: 'stop', usage: { promptTokens, completionTokens: 0 } }
}

function hashAt(request: ChatRequest, label: string): number {
  return hashNumber(`${JSON.stringify(request.messages)}\n${label}`)
}

function hashNumber(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}

function wordOf(id: number, words: readonly string[] = WORDS): string {
  return `${words[id] ?? 'silk'} `
}

function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
