import { z } from 'zod'
import { estimateTokens } from '../../../protocol/src/chat-tokens.ts'
import type { ChatMessage } from '../../../protocol/src/runner/chat-params.ts'

/** One message of a conversation as the bot remembers it. Text only. */
export const rememberedSchema = z.object({
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  /** Of a person's message: the turn that it began. Of an answer: the turn that it answers. */
  seq: z.int(),
  /** A person's message in Telegram, so that an edit finds it. */
  messageId: z.int().optional(),
})
export type Remembered = z.infer<typeof rememberedSchema>
export type Memory = readonly Remembered[]

export const MEMORY_MESSAGES_MAX = 200
export const MEMORY_CHARS_MAX = 200_000
export const ANSWER_TOKENS_MAX = 2048

/** Adds a person's message, and lets the oldest go when the memory is full. */
export function rememberQuestion(memory: Memory, question: Omit<Remembered, 'role'>): Memory {
  return withinBounds([...memory, { role: 'user', ...question }])
}

/** Puts an answer behind its question. A question that was forgotten meanwhile (`/new`, an edit) takes no answer. */
export function rememberAnswer(memory: Memory, seq: number, text: string): Memory {
  const rest = forgetAnswer(memory, seq)
  const at = rest.findIndex((entry) => entry.seq === seq)
  return at < 0 ? memory : withinBounds(rest.toSpliced(at + 1, 0, { role: 'assistant', text, seq }))
}

/** Takes an answer out, so that its question can be answered again. */
export function forgetAnswer(memory: Memory, seq: number): Memory {
  return memory.filter((entry) => entry.seq !== seq || entry.role !== 'assistant')
}

/** Takes out a message that was edited, and everything after it. */
export function forgetFrom(memory: Memory, messageId: number): Memory {
  const at = memory.findIndex((entry) => entry.messageId === messageId)
  return at < 0 ? memory : memory.slice(0, at)
}

/** What a model gets to read: questions with their answers in pairs, then the last question. */
export function toMessages(memory: Memory): ChatMessage[] {
  return memory.flatMap((entry, index): ChatMessage[] => {
    const isLast = index === memory.length - 1
    const isAnswered = memory[index + 1]?.role === 'assistant'
    // A question that got no answer would break the turns that many chat templates insist on.
    if (entry.role === 'user' && !isAnswered && !isLast) return []
    return [{ role: entry.role, content: entry.text }]
  })
}

/** Keeps the newest messages that fit into `tokensMax`, beginning with a person's; the last one always. */
export function fitMessages(messages: readonly ChatMessage[], tokensMax: number): ChatMessage[] {
  let first = messages.length - 1
  let tokens = estimateTokens(messages[first]?.content ?? '')
  while (first > 0) {
    tokens += estimateTokens(messages[first - 1]?.content ?? '')
    if (tokens > tokensMax) break
    first -= 1
  }
  const kept = messages.slice(Math.max(first, 0))
  while (kept.length > 1 && kept[0]?.role === 'assistant') kept.shift()
  return kept
}

/** The room kept for an answer, in tokens. */
export function answerRoom(contextTokens: number): number {
  return Math.max(1, Math.min(Math.floor(contextTokens / 2), ANSWER_TOKENS_MAX))
}

export function estimateMessages(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content), 0)
}

function withinBounds(memory: Memory): Memory {
  let chars = memory.reduce((sum, { text }) => sum + text.length, 0)
  let first = 0
  while (
    first < memory.length - 2 &&
    (memory.length - first > MEMORY_MESSAGES_MAX || chars > MEMORY_CHARS_MAX)
  ) {
    chars -= memory[first]?.text.length ?? 0
    first += 1
  }
  return memory.slice(first)
}
