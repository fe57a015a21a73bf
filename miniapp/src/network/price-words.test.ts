import { expect, test } from 'vitest'
import { formatTon, NANO_MAX, nano } from '../../../protocol/src/money.ts'
import { formatCount, wordsPrice } from './price-words.ts'

const price = (input: bigint, output: bigint) => ({ input: nano(input), output: nano(output) })

test('chat costs what it writes, search what it reads', () => {
  expect(wordsPrice({ kind: 'chat', price: price(3_000_000n, 60_000_000n) })).toBe(80_000n)
  expect(wordsPrice({ kind: 'embedding', price: price(3_000_000n, 60_000_000n) })).toBe(4000n)
})

test('a part of a nano counts as a whole one, and nothing as nothing', () => {
  expect(wordsPrice({ kind: 'chat', price: price(0n, 1n) })).toBe(1n)
  expect(wordsPrice({ kind: 'chat', price: price(5n, 0n) })).toBe(0n)
})

test.each([
  [0n, '0 TON'],
  [1n, '0.000000001 TON'],
  [60_000_000n, '0.00008 TON'],
  [5_000_000n, '0.000006667 TON'],
  [1_000_000_000_000n, '1.333 TON'],
  [NANO_MAX, '12009 TON'],
])('%d nano per million tokens is shown as %s', (output, text) => {
  expect(formatTon(wordsPrice({ kind: 'chat', price: price(0n, output) }))).toBe(text)
})

test('digits are Latin in every language', () => {
  for (const language of ['en', 'ar', 'ru']) {
    expect(formatCount(language, 60_000_000n).replace(/[^0-9]/g, '')).toBe('60000000')
  }
})
