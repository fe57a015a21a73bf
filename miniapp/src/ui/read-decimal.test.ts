import { expect, test } from 'vitest'
import { readDecimal, shortDecimal, writeDecimal } from './read-decimal.ts'

const WIDE = { decimals: 9, max: 10n ** 18n }

test.each([
  ['1.5', 1_500_000_000n],
  ['1,5', 1_500_000_000n],
  ['٠٫٠٠٠٠٨', 80_000n],
  ['.5', 500_000_000n],
  ['0', 0n],
  ['2.', 2_000_000_000n],
  ['0.1000000000000', 100_000_000n],
])('%s is read to the last nano', (typed, value) => {
  expect(readDecimal(typed, WIDE)).toEqual({ ok: true, value })
})

test.each([
  ['', 'empty'],
  ['.', 'not-a-number'],
  ['-1', 'not-a-number'],
  ['1e3', 'not-a-number'],
  ['1.2.3', 'not-a-number'],
  ['0.0000000001', 'too-fine'],
  ['9999999999', 'too-large'],
])('%j is refused: %s', (typed, reason) => {
  expect(readDecimal(typed, WIDE)).toEqual({ ok: false, reason })
})

test('what was written is read as the same', () => {
  for (const value of [0n, 1n, 80_000n, 1_500_000_000n]) {
    expect(readDecimal(writeDecimal(value, 9), WIDE)).toEqual({ ok: true, value })
  }
  expect(writeDecimal(450n, 0)).toBe('450')
})

test('people get four digits that say something', () => {
  expect(shortDecimal(1_234_567n, 6)).toBe('1.234')
  expect(shortDecimal(123_456_789_000n, 6)).toBe('123456')
  expect(shortDecimal(12n, 6)).toBe('0.000012')
  expect(shortDecimal(0n, 6)).toBe('0')
})
