import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { toBook } from './book-rows.ts'

const ask = (output: bigint, slots: number, freeSlots: number) => ({
  price: { input: nano(3_000_000n), output: nano(output) },
  runners: 1,
  slots,
  freeSlots,
  tokensPerSecond: 40,
})

test('each bar begins where the cheaper places end, and all of them fill the whole', () => {
  const rows = toBook({ kind: 'chat', asks: [ask(60_000_000n, 2, 1), ask(90_000_000n, 6, 6)] })
  expect(rows.map(({ before, free, busy }) => [before, free, busy])).toEqual([
    [0, 0.125, 0.125],
    [0.25, 0.75, 0],
  ])
})

test('a step costs what 1,000 words cost: written ones in a chat, read ones in a search', () => {
  const asks = [ask(60_000_000n, 1, 1)]
  expect(toBook({ kind: 'chat', asks })[0]?.price).toBe(80_000n)
  expect(toBook({ kind: 'embedding', asks })[0]?.price).toBe(4000n)
})

test('a book without steps, and steps without places, are drawn all the same', () => {
  expect(toBook({ kind: 'chat', asks: [] })).toEqual([])
  expect(toBook({ kind: 'chat', asks: [ask(1n, 0, 0)] })[0]).toMatchObject({ before: 0, free: 0, busy: 0 })
})
