import { describe, expect, test } from 'vitest'
import { estimateTokens } from '../../../protocol/src/chat-tokens.ts'
import type { ChatMessage } from '../../../protocol/src/runner/chat-params.ts'
import { beginTurn, endTurn, messagesOf } from './begin-turn.ts'
import type { Turn } from './conversation-state.ts'
import {
  answerRoom,
  estimateMessages,
  fitMessages,
  forgetFrom,
  MEMORY_CHARS_MAX,
  MEMORY_MESSAGES_MAX,
  type Memory,
  rememberAnswer,
  rememberQuestion,
  toMessages,
} from './memory.ts'

function talk(...exchanges: readonly (readonly [question: string, answer?: string])[]): Memory {
  let memory: Memory = []
  exchanges.forEach(([question, answer], index) => {
    const seq = index + 1
    memory = rememberQuestion(memory, { seq, text: question, messageId: 100 + seq })
    if (answer !== undefined) memory = rememberAnswer(memory, seq, answer)
  })
  return memory
}

function contents(messages: readonly ChatMessage[]): string[] {
  return messages.map(({ content }) => content)
}

function turn(change: Partial<Turn>): Turn {
  return { seq: 9, kind: 'ask', userId: 1, language: 'en', text: 'new', deaths: 0, ...change }
}

describe('what is remembered', () => {
  test('questions with their answers, in order', () => {
    expect(contents(toMessages(talk(['a', 'b'], ['c', 'd'], ['e'])))).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('a question that got no answer is not shown to the model later', () => {
    expect(contents(toMessages(talk(['a'], ['b', 'c'], ['d'])))).toEqual(['b', 'c', 'd'])
  })

  test('an answer to a forgotten question is forgotten too', () => {
    expect(rememberAnswer([], 1, 'late')).toEqual([])
  })

  test('an answer that comes again replaces the first', () => {
    expect(contents(toMessages(rememberAnswer(talk(['a', 'b']), 1, 'c')))).toEqual(['a', 'c'])
  })

  test('an edit takes out its message and all that followed', () => {
    expect(contents(toMessages(forgetFrom(talk(['a', 'b'], ['c', 'd']), 102)))).toEqual(['a', 'b'])
    expect(forgetFrom(talk(['a', 'b']), 999)).toEqual(talk(['a', 'b']))
  })

  test('never more than the bounds, the newest stay', () => {
    const many = talk(...Array.from({ length: 300 }, (_, index) => [`q${index}`, `a${index}`] as const))
    expect(many.length).toBe(MEMORY_MESSAGES_MAX)
    expect(many.at(-1)?.text).toBe('a299')
    const large = talk(...Array.from({ length: 10 }, () => ['q', 'x'.repeat(50_000)] as const))
    expect(large.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MEMORY_CHARS_MAX)
  })
})

describe('what the model gets', () => {
  const messages = toMessages(talk(['a'.repeat(70), 'b'.repeat(70)], ['c'.repeat(70), 'd'.repeat(70)], ['e']))

  test('as much as fits, from the newest, beginning with a person', () => {
    expect(contents(fitMessages(messages, 10_000)).length).toBe(5)
    expect(contents(fitMessages(messages, 70)).map(([first]) => first)).toEqual(['c', 'd', 'e'])
    expect(contents(fitMessages(messages, 40))).toEqual(['e'])
  })

  test('the last message always', () => {
    expect(contents(fitMessages(messages, 0))).toEqual(['e'])
  })

  test('half of it is really less', () => {
    expect(fitMessages(messages, Math.floor(estimateMessages(messages) / 2)).length).toBeLessThan(5)
  })

  test('room for the answer: half of a small context, 2048 of a large one', () => {
    expect([answerRoom(128), answerRoom(4096), answerRoom(131_072), answerRoom(1)]).toEqual([
      64, 2048, 2048, 1,
    ])
  })
})

test('tokens are guessed rather too high', () => {
  expect(estimateTokens('')).toBe(8)
  expect(estimateTokens('a'.repeat(35))).toBe(18)
  expect(estimateTokens('مرحبا')).toBe(13)
  expect(estimateTokens('😀')).toBe(10)
})

describe('a turn', () => {
  const memory = talk(['a', 'b'], ['c', 'd'])

  test('that asks adds its question', () => {
    const begun = beginTurn(memory, turn({ messageId: 200 }))
    expect(begun?.question).toBe(9)
    expect(contents(messagesOf(begun ?? { memory: [], question: 0 }, turn({})))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'new',
    ])
  })

  test('that begins again after a death adds it once', () => {
    const once = beginTurn(memory, turn({}))?.memory ?? []
    expect(beginTurn(once, turn({}))?.memory).toEqual(once)
  })

  test('that edits replaces the message and what followed', () => {
    const begun = beginTurn(memory, turn({ kind: 'edit', messageId: 101 }))
    expect(begun?.memory.map(({ text }) => text)).toEqual(['new'])
  })

  test('that retries takes the old answer out', () => {
    const begun = beginTurn(memory, turn({ kind: 'retry', target: 2 }))
    expect(begun?.memory.map(({ text }) => text)).toEqual(['a', 'b', 'c'])
    expect(begun?.question).toBe(2)
  })

  test('that continues asks for more, and the parts become one answer', () => {
    const continuing = turn({ kind: 'continue', target: 2 })
    const begun = beginTurn(memory, continuing)
    if (!begun) throw new Error('there is something to continue')
    expect(
      messagesOf(begun, continuing)
        .map(({ role }) => role)
        .slice(-2),
    ).toEqual(['assistant', 'user'])
    expect(endTurn(begun.memory, begun.question, begun.before, 'e').at(-1)?.text).toBe('d e')
    expect(endTurn(begun.memory, begun.question, begun.before, ', e').at(-1)?.text).toBe('d, e')
    expect(endTurn(begun.memory, begun.question, 'd\n', 'e').at(-1)?.text).toBe('d\ne')
    expect(endTurn(begun.memory, begun.question, begun.before, '  ')).toEqual(begun.memory)
  })

  test('about what was forgotten does not begin', () => {
    expect(beginTurn([], turn({ kind: 'retry', target: 2 }))).toBeUndefined()
    expect(beginTurn(talk(['a']), turn({ kind: 'continue', target: 1 }))).toBeUndefined()
  })
})
