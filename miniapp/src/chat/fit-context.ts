import { estimateTokens } from '../../../protocol/src/chat-tokens.ts'
import type { ChatMessage, Message } from './conversation.ts'
import { wordsOfTokens } from './words-of-tokens.ts'

/** The longest answer that is asked for, tokens. */
export const ANSWER_TOKENS_MAX = 2048
/** The largest context that this page makes use of, tokens: a request's body has at most 1 MiB. */
const CONTEXT_TOKENS_MAX = 131_072
const ANSWER_TOKENS_MIN = 64

/** What of a conversation is sent, and how much the question is too long. */
export type Fitted = {
  readonly messages: readonly ChatMessage[]
  readonly promptTokens: number
  readonly maxTokens: number
  /** 0: it fits. */
  readonly tooLongWords: number
}

/** What a model gets to read of a conversation: questions with their answers, then the last question. */
export function toChatMessages(messages: readonly Message[]): ChatMessage[] {
  return messages.flatMap((message, index): ChatMessage[] => {
    if (message.from === 'model') {
      return message.text === '' ? [] : [{ role: 'assistant', content: message.text }]
    }
    const next = messages[index + 1]
    const isAnswered = next?.from === 'model' && next.text !== ''
    // A question that got no answer would break the turns that many chat templates insist on.
    return isAnswered || next === undefined ? [{ role: 'user', content: message.text }] : []
  })
}

/**
 * Keeps the newest messages that fit into the model's context beside an answer; the last one always. A context of 0 is
 * one that is not known.
 */
export function fitContext(messages: readonly ChatMessage[], contextTokens: number): Fitted {
  const context = Math.min(contextTokens || CONTEXT_TOKENS_MAX, CONTEXT_TOKENS_MAX)
  const maxTokens = answerRoom(context)
  const room = context - maxTokens
  let first = messages.length - 1
  let promptTokens = estimateTokens(messages[first]?.content ?? '')
  const tooMany = promptTokens - room
  while (first > 0) {
    const more = estimateTokens(messages[first - 1]?.content ?? '')
    if (promptTokens + more > room) break
    promptTokens += more
    first -= 1
  }
  const kept = messages.slice(Math.max(first, 0))
  while (kept.length > 1 && kept[0]?.role === 'assistant') kept.shift()
  return { messages: kept, promptTokens, maxTokens, tooLongWords: tooMany > 0 ? wordsOfTokens(tooMany) : 0 }
}

/** Cuts a text so that it fits a context as the only message, between words where it can. */
export function cutToFit(text: string, contextTokens: number): string {
  const context = Math.min(contextTokens || CONTEXT_TOKENS_MAX, CONTEXT_TOKENS_MAX)
  const room = context - answerRoom(context)
  let [fits, tooLong] = [0, text.length + 1]
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2)
    if (estimateTokens(text.slice(0, middle)) <= room) fits = middle
    else tooLong = middle
  }
  if (fits === text.length) return text
  const cut = text.slice(0, fits)
  return cut.replace(/\s+\S*$/, '') || cut.replace(/[\ud800-\udbff]$/, '')
}

/** The room kept for an answer, in tokens. */
function answerRoom(contextTokens: number): number {
  return Math.max(ANSWER_TOKENS_MIN, Math.min(Math.floor(contextTokens / 2), ANSWER_TOKENS_MAX))
}
