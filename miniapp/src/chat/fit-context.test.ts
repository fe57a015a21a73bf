import { expect, test } from 'vitest'
import { estimateTokens } from '../../../protocol/src/chat-tokens.ts'
import { makeAnswer, makeQuestion, makeTalk } from './chat-fixture.ts'
import { ANSWER_TOKENS_MAX, cutToFit, fitContext, toChatMessages } from './fit-context.ts'

const user = (content: string) => ({ role: 'user' as const, content })

test('a model reads questions with their answers, and never a question that got none', () => {
  const messages = [
    makeQuestion(0, 'a'),
    makeAnswer(1, { text: 'b' }),
    makeQuestion(2, 'unanswered'),
    makeAnswer(3, { text: '', ending: { how: 'failed' } }),
    makeQuestion(4, 'c'),
  ]
  expect(toChatMessages(messages)).toEqual([user('a'), { role: 'assistant', content: 'b' }, user('c')])
})

test('what is sent fits the model beside an answer, the newest first', () => {
  const talk = toChatMessages(makeTalk(400))
  for (const context of [256, 1024, 4096]) {
    const { messages, promptTokens, maxTokens } = fitContext([...talk, user('now')], context)
    expect(promptTokens + maxTokens).toBeLessThanOrEqual(context)
    expect(messages.at(-1)).toEqual(user('now'))
    expect(messages[0]?.role).toBe('user')
    expect(messages.length).toBeLessThan(talk.length)
  }
})

test('a short conversation is sent whole, with room for a long answer', () => {
  const talk = [...toChatMessages(makeTalk(4)), user('now')]
  expect(fitContext(talk, 32_768)).toMatchObject({
    messages: talk,
    maxTokens: ANSWER_TOKENS_MAX,
    tooLongWords: 0,
  })
})

test('a question that does not fit is said to be too long, in words', () => {
  const { tooLongWords, messages } = fitContext([user('silk and light '.repeat(1400))], 1024)
  expect(messages).toHaveLength(1)
  expect(tooLongWords).toBeGreaterThan(1000)
  expect(tooLongWords).toBeLessThan(6000)
})

test('cutting a question makes it fit, between words, and leaves what fits alone', () => {
  for (const text of ['silk and light '.repeat(1400), 'نسيج وضوء '.repeat(2000), '🧵'.repeat(9000)]) {
    const cut = cutToFit(text, 1024)
    expect(fitContext([user(cut)], 1024).tooLongWords).toBe(0)
    expect(text.startsWith(cut)).toBe(true)
    expect(cut).not.toMatch(/[\ud800-\udbff]$/)
    expect(cut.length).toBeGreaterThan(500)
  }
  expect(cutToFit('short', 1024)).toBe('short')
})

test('a context that is not known does not stop anybody', () => {
  expect(fitContext([user('x'.repeat(20_000))], 0).tooLongWords).toBe(0)
})

test('tokens are guessed rather too high than too low', () => {
  expect(estimateTokens('a'.repeat(350))).toBeGreaterThanOrEqual(100)
  expect(estimateTokens('ش'.repeat(100))).toBeGreaterThanOrEqual(100)
  expect(estimateTokens('🧵'.repeat(100))).toBeGreaterThanOrEqual(200)
})
