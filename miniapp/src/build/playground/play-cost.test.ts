import { expect, test } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import { helloBody } from '../examples/examples.ts'
import { mostCost } from './play-cost.ts'

const price = { input: nano(1_000_000n), output: nano(2_000_000n) }
const hello = helloBody('silkworm') // 5 bytes: at most 85 tokens with the template

test('the most that a request can cost is its bytes and its longest answer', () => {
  expect(mostCost({ ...hello, max_tokens: 10 }, price, 4096)).toBe(105n)
  expect(mostCost(hello, price, 100_000)).toBe(85n + 2n * 4096n)
})

test('nothing is longer than the context of its model', () => {
  expect(mostCost(hello, price, 50)).toBe(150n)
  expect(mostCost({ ...hello, max_tokens: 1_000_000 }, price, 1024)).toBe(85n + 2n * 1024n)
})

test('a letter of another script counts as many tokens as it has bytes, and a part of a nano as one', () => {
  const arabic = { ...hello, messages: [{ role: 'user' as const, content: 'مرحبا' }], max_tokens: 1 }
  expect(mostCost(arabic, { input: nano(1_000_000n), output: nano(1n) }, 4096)).toBe(91n)
})
