import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { ledgerMark, type Movement, shortAddress, wholeOf } from './money.ts'

const MONEY = {
  available: nano(10n),
  held: nano(2n),
  withdrawable: nano(8n),
  accruing: nano(5n),
  payable: nano(3n),
}
const PAYOUT: Movement = {
  id: 'po_1',
  direction: 'out',
  state: 'queued',
  amount: nano(3n),
  atMs: 1,
  transactionId: undefined,
}

test('the whole is what the ledger has lines for: what is held, too, and nothing that accrues', () => {
  expect(wholeOf(MONEY)).toBe(15n)
})

test('earnings that came and were paid out between two looks are noticed, though the sum is the same', () => {
  const before = ledgerMark({ money: MONEY, movements: [] })
  expect(ledgerMark({ money: { ...MONEY, accruing: nano(0n) }, movements: [] })).not.toBe(before)
  expect(ledgerMark({ money: MONEY, movements: [PAYOUT] })).not.toBe(before)
  expect(ledgerMark({ money: MONEY, movements: [{ ...PAYOUT, state: 'paid' }] })).not.toBe(
    ledgerMark({ money: MONEY, movements: [PAYOUT] }),
  )
  expect(ledgerMark({ money: { ...MONEY }, movements: [] })).toBe(before)
})

test('addresses are shown by their ends', () => {
  expect(shortAddress('UQBxAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAk3fA')).toBe('UQBx…k3fA')
  expect(shortAddress('short')).toBe('short')
})
