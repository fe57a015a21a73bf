import { expect, test } from 'vitest'
import { nano, pricePerThousandWords } from '../../../../protocol/src/money.ts'
import { askText, perMillionTokens, readAsk } from './ask-prices.ts'

test('a price in words becomes the price in tokens that shows the same words again', () => {
  for (const words of [0n, 1n, 80_000n, 123_457n, 1_000_000_000n]) {
    const perMillion = perMillionTokens(words)
    expect(pricePerThousandWords(perMillion)).toBe(words)
    expect(readAsk(askText(perMillion), nano(0n))).toEqual({ ok: true, perMillion })
  }
})

test('the usual price of a runner reads as people write it', () => {
  expect(askText(nano(60_000_000n))).toBe('0.00008')
  expect(readAsk('0.00008', nano(1n))).toEqual({ ok: true, perMillion: 60_000_000n })
})

test('a price that nobody touched is not changed by showing it', () => {
  const odd = nano(60_000_001n)
  expect(readAsk(askText(odd), odd)).toEqual({ ok: true, perMillion: odd })
})

test('nothing is a price, too', () => {
  expect(readAsk('0', nano(1n))).toEqual({ ok: true, perMillion: 0n })
})

test.each([
  ['', 'empty'],
  ['x', 'not-a-number'],
  ['0.0000000001', 'too-fine'],
  ['99999999', 'too-large'],
])('%j is no price: %s', (typed, reason) => {
  expect(readAsk(typed, nano(1n))).toEqual({ ok: false, reason })
})
