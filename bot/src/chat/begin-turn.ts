import type { ChatMessage } from '../../../protocol/src/runner/chat-params.ts'
import { wordsFor } from '../words/words.ts'
import type { Turn } from './conversation-state.ts'
import {
  forgetAnswer,
  forgetFrom,
  type Memory,
  rememberAnswer,
  rememberQuestion,
  toMessages,
} from './memory.ts'

export type BegunTurn = {
  readonly memory: Memory
  /** The question that the answer belongs to. */
  readonly question: number
  /** What was written of the answer before. */
  readonly before?: string
}

/** Changes the memory as a turn needs it; undefined when what it is about has been forgotten. */
export function beginTurn(memory: Memory, turn: Turn): BegunTurn | undefined {
  switch (turn.kind) {
    case 'ask':
    case 'edit': {
      const { seq, text, messageId } = turn
      // After a death the question is there already.
      const others = memory.filter((entry) => entry.seq !== seq)
      const base = messageId === undefined ? others : forgetFrom(others, messageId)
      const question = { seq, text, ...(messageId === undefined ? {} : { messageId }) }
      return { memory: rememberQuestion(base, question), question: seq }
    }
    case 'retry': {
      const question = findQuestion(memory, turn)
      return question && { memory: forgetAnswer(memory, question.seq), question: question.seq }
    }
    case 'continue': {
      const question = findQuestion(memory, turn)
      const answer = memory.find(({ role, seq }) => role === 'assistant' && seq === question?.seq)
      return question && answer && { memory, question: question.seq, before: answer.text }
    }
    case 'notice':
      return { memory, question: turn.seq }
    default:
      return turn.kind satisfies never
  }
}

/**
 * What is sent to the model. A continuation ends with a short message of the person: chat templates close an
 * assistant's message, and a model that is not asked to go on starts over or says nothing.
 */
export function messagesOf(begun: BegunTurn, turn: Turn): ChatMessage[] {
  const messages = toMessages(begun.memory)
  if (turn.kind !== 'continue') return messages
  return [...messages, { role: 'user', content: wordsFor(turn.language)('continue-please') }]
}

/** Remembers an answer; a continuation becomes one answer with what it continues. */
export function endTurn(memory: Memory, question: number, before: string | undefined, text: string): Memory {
  if (!text.trim()) return memory
  return rememberAnswer(memory, question, before === undefined ? text : joined(before, text))
}

function joined(before: string, after: string): string {
  const isTogether = /\s$/.test(before) || /^[\s.,;:!?)\]}»”،؛؟]/.test(after)
  return isTogether ? before + after : `${before} ${after}`
}

function findQuestion(memory: Memory, turn: Turn) {
  return memory.find(({ role, seq }) => role === 'user' && seq === turn.target)
}
