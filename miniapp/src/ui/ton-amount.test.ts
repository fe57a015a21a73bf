import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { readTonAmount, writeTonAmount } from './ton-amount.ts'

test.each([
  ['1', 1_000_000_000n],
  ['1.5', 1_500_000_000n],
  ['1,5', 1_500_000_000n],
  [' 0.000000001 ', 1n],
  ['.5', 500_000_000n],
  ['٢٫٥', 2_500_000_000n],
  ['1.', 1_000_000_000n],
])('%j is an amount', (typed, amount) => {
  expect(readTonAmount(typed)).toEqual({ ok: true, amount })
})

test.each([
  ['', 'empty'],
  ['.', 'not-a-number'],
  ['abc', 'not-a-number'],
  ['-1', 'not-a-number'],
  ['1e3', 'not-a-number'],
  ['1.2.3', 'not-a-number'],
  ['1 TON', 'not-a-number'],
  ['0.0000000001', 'too-fine'],
  ['0', 'zero'],
  ['0.000', 'zero'],
  ['99999999', 'too-large'],
])('%j is not: %s', (typed, reason) => {
  expect(readTonAmount(typed)).toEqual({ ok: false, reason })
})

test('what is written is read back', () => {
  for (const amount of [1n, 10n, 1_000_000_000n, 1_234_567_890n, 9_007_199_254_740_991n]) {
    expect(readTonAmount(writeTonAmount(nano(amount)))).toEqual({ ok: true, amount })
  }
})
