import { expect, test } from 'vitest'
import { payoutBody, readPayoutId } from '../ton/payout-body.ts'
import { textCommentBody } from '../ton/text-comment.ts'
import { payoutIdOf } from './payout-id.ts'

const boc = (cell: ReturnType<typeof payoutBody>) => cell.toBoc().toString('base64')

test('the same cause gives the same id, another gives another', () => {
  expect(payoutIdOf('demand/5000000000/abc')).toBe(payoutIdOf('demand/5000000000/abc'))
  const causes = ['demand/1/a', 'demand/1/b', 'demand/11/a', 'automatic/1/a', 'return/1/a'] as const
  expect(new Set(causes.map(payoutIdOf)).size).toBe(causes.length)
})

test('ids never change: a payout that was paid under one would be paid again under another', () => {
  expect(payoutIdOf('demand/5000000000/abc')).toMatchInlineSnapshot(`"po_ybx1yavr6nw7gfvfqpk41pfwps"`)
})

test('a payout’s message is read back by its id, and nothing else is', () => {
  const id = payoutIdOf('automatic/5000000000/0')
  expect(readPayoutId(boc(payoutBody(id)))).toBe(id)
  for (const text of [
    id,
    `sharnaqa payout ${id} `,
    `sharnaqa payout ${id.slice(0, -1)}`,
    'sharnaqa payout po_',
    '',
  ]) {
    expect(readPayoutId(boc(textCommentBody(text)))).toBeUndefined()
  }
  expect(readPayoutId('AAAA')).toBeUndefined()
})
