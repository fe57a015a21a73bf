import type { ChatEnd, ChatRequest, Engine, Piece } from '../src/engine/engine.ts'

export type Collected = {
  readonly text: string
  readonly tokenIds: readonly number[]
  readonly tokens: number
  readonly pieces: readonly Piece[]
  readonly end: ChatEnd
}

/** Reads a whole answer. */
export async function collect(answer: AsyncGenerator<Piece, ChatEnd, void>): Promise<Collected> {
  const pieces: Piece[] = []
  for (;;) {
    const next = await answer.next()
    if (!next.done) {
      pieces.push(next.value)
      continue
    }
    return {
      text: pieces.map(({ text }) => text).join(''),
      tokenIds: pieces.flatMap(({ tokenIds }) => tokenIds ?? []),
      tokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0),
      pieces,
      end: next.value,
    }
  }
}

/** Asks an engine one question and reads the whole answer. */
export function ask(
  engine: Engine,
  content: string,
  params: Partial<ChatRequest['params']> = {},
  delivered?: ChatRequest['delivered'],
): Promise<Collected> {
  const request = { messages: [{ role: 'user' as const, content }], params: { maxTokens: 400, ...params } }
  const whole = delivered ? { ...request, delivered } : request
  return collect(engine.chat(whole, new AbortController().signal))
}

/** Embeds texts and reads all vectors. */
export async function embedAll(engine: Engine, texts: string[], dimensions?: number) {
  const request = dimensions === undefined ? { texts } : { texts, dimensions }
  const batches = engine.embed(request, new AbortController().signal)
  const vectors: string[] = []
  for (;;) {
    const next = await batches.next()
    if (next.done) return { vectors, end: next.value }
    vectors.push(...next.value)
  }
}
