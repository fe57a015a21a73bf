import { expect, test } from 'vitest'
import { ceilDiv, formatTon, NANO_MAX, nano, parseNano, pricePerThousandWords } from './money.ts'

test('an amount is never negative and never beyond what the database keeps', () => {
  expect(() => nano(-1n)).toThrow('must not be negative')
  expect(() => nano(NANO_MAX + 1n)).toThrow('at most')
  expect(nano(NANO_MAX)).toBe(9007199254740991n)
})
test.each([
  1.5,
  Number.NaN,
  -1,
  2 ** 53,
  '1e3',
  '1.0',
  '-1',
  '+1',
  ' 1',
  '01',
  '',
  '9007199254740992',
  null,
  {},
  true,
])('an amount is not read from %j', (input) => {
  expect(parseNano(input)).toBeUndefined()
})
test('an amount is read from a whole number or its text', () => {
  expect(parseNano(7)).toBe(7n)
  expect(parseNano('9007199254740991')).toBe(NANO_MAX)
  expect(parseNano('0')).toBe(0n)
})
test('a division rounds up, and an exact one stays exact', () => {
  expect(ceilDiv(10n, 5n)).toBe(2n)
  expect(ceilDiv(11n, 5n)).toBe(3n)
  expect(ceilDiv(0n, 5n)).toBe(0n)
})
test.each([
  [0n, '0 TON'],
  [1n, '0.000000001 TON'],
  [204_300n, '0.0002043 TON'],
  [50_000_000n, '0.05 TON'],
  [1_234_567_890n, '1.234 TON'],
  [12_000_000_000n, '12 TON'],
  [123_456_000_000_000n, '123456 TON'],
])('%d nano is shown as %s', (amount, text) => {
  expect(formatTon(nano(amount))).toBe(text)
})

test('1,000 words are 4,000/3 tokens, and their price is rounded up', () => {
  expect(pricePerThousandWords(nano(60_000_000n))).toBe(80_000n)
  expect(pricePerThousandWords(nano(1n))).toBe(1n)
  expect(pricePerThousandWords(nano(0n))).toBe(0n)
})
