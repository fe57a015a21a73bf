import type { ChatEnd, ChatRequest, Engine, EngineFacts, Piece } from '../src/engine/engine.ts'

/** One chat that runs on a scripted engine: the test says what comes out of it, and when. */
export type ScriptedChat = {
  readonly request: ChatRequest
  readonly signal: AbortSignal
  readonly push: (piece: Piece) => void
  readonly end: (end: ChatEnd) => void
  readonly break: (error: Error) => void
}

export const FACTS: EngineFacts = {
  model: 'silkworm',
  kind: 'chat',
  manifestDigest: 'a'.repeat(64),
  contextTokens: 1024,
  parameters: 4_000_000,
  features: ['penalties'],
  engine: 'fake',
  device: 'cpu',
  slots: 2,
  note: 'Runs on cpu.',
}

/** An engine whose answers a test writes token by token. Embeddings are the texts in base64. */
export function createScriptedEngine(facts: Partial<EngineFacts> = {}): {
  engine: Engine
  chats: readonly ScriptedChat[]
} {
  const chats: ScriptedChat[] = []
  const engine: Engine = {
    facts: { ...FACTS, ...facts },
    chat: (request, signal) => {
      const { chat, answer } = scriptChat(request, signal)
      chats.push(chat)
      return answer
    },
    embed: async function* (request) {
      yield request.texts.map((text) => btoa(text))
      return { ok: true, finish: 'stop', usage: { promptTokens: request.texts.length, completionTokens: 0 } }
    },
    close: async () => {},
  }
  return { engine, chats }
}

function scriptChat(request: ChatRequest, signal: AbortSignal) {
  const steps: (Piece | ChatEnd | Error)[] = []
  let wake = () => {}
  const add = (step: Piece | ChatEnd | Error) => {
    steps.push(step)
    wake()
  }
  async function* answer(): AsyncGenerator<Piece, ChatEnd, void> {
    for (;;) {
      const step = steps.shift()
      if (step instanceof Error) throw step
      if (step && 'ok' in step) return step
      if (step) yield step
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }
  return { chat: { request, signal, push: add, end: add, break: add }, answer: answer() }
}
