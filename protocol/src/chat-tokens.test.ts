import { expect, test } from 'vitest'
import { costOfTokens, estimateTokens, promptTokensMost, utf8Bytes } from './chat-tokens.ts'
import { nano } from './money.ts'

test.each(['', 'silk', 'خيط حرير', 'шёлк', '🦋 wing', 'a\u0000é€😀'])(
  '%j has the bytes that UTF-8 gives it',
  (text) => {
    expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length)
  },
)

test('letters of other scripts are guessed at more tokens than English ones', () => {
  expect(estimateTokens('x'.repeat(35))).toBe(18)
  expect(estimateTokens('خ'.repeat(35))).toBe(43)
})

test('a prompt has at most a token a byte, and what templates add', () => {
  expect(promptTokensMost({ bytes: 5, messages: 1 })).toBe(85)
  expect(promptTokensMost({ bytes: 0, messages: 3 })).toBe(112)
})

test('a part of a nano counts as a whole one', () => {
  const price = { input: nano(1n), output: nano(3n) }
  expect(costOfTokens(price, { prompt: 1, answer: 0 })).toBe(1n)
  expect(costOfTokens(price, { prompt: 1_000_000, answer: 1_000_000 })).toBe(4n)
  expect(costOfTokens(price, { prompt: 0, answer: 0 })).toBe(0n)
})
