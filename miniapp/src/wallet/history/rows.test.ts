import { expect, test } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import type { Movement } from '../money.ts'
import { toRows } from './rows.ts'
import type { Line } from './statement.ts'

const dayOf = (atMs: number) => String(Math.floor(atMs / 100))
const HASH = 'a'.repeat(64)

function line(kind: string, id: string, amount: bigint, atMs: number, more: Partial<Line> = {}): Line {
  return { id, kind, place: 'balance', amount, subject: undefined, atMs, ...more }
}

test("a day's questions are one row, another day's another", () => {
  const rows = toRows(
    [line('usage', 'j3', -3n, 205), line('usage', 'j2', -2n, 110), line('usage', 'j1', -1n, 105)],
    [],
    dayOf,
  )
  expect(rows.map(({ kind, amount, count, atMs }) => [kind, amount, count, atMs])).toEqual([
    ['questions', -3n, 1, 205],
    ['questions', -3n, 2, 110],
  ])
})

test('what runners earned on a day is a row for each of them', () => {
  const earned = (id: string, subject: string, amount: bigint) =>
    line('mature', id, amount, 10, { subject, place: 'earnings' })
  const rows = toRows(
    [earned('1', 'attic', 4n), earned('2', 'cellar', 5n), earned('3', 'attic', 6n)],
    [],
    dayOf,
  )
  expect(rows.map(({ subject, amount }) => [subject, amount])).toEqual([
    ['attic', 10n],
    ['cellar', 5n],
  ])
})

test('a deposit leads to its transaction, and a payout to its state', () => {
  const payout: Movement = {
    id: 'po_1',
    direction: 'out',
    state: 'paid',
    amount: nano(9n),
    atMs: 20,
    transactionId: `9:${HASH}`,
  }
  const [out, came, claimed] = toRows(
    [
      line('payout', 'po_1', -10n, 20),
      line('deposit', `7:${HASH}/deposit`, 5n, 10),
      line('claim', `8:${HASH}/claim`, 6n, 5),
    ],
    [payout],
    dayOf,
  )
  expect(out).toMatchObject({ kind: 'payout', movement: payout, transactionId: `9:${HASH}` })
  expect(came).toMatchObject({ kind: 'deposit', transactionId: `7:${HASH}` })
  expect(claimed).toMatchObject({ kind: 'deposit', transactionId: `8:${HASH}` })
})

test('a payout that came back is one row with its fee', () => {
  const rows = toRows(
    [line('payout-back', 'po_1/back', 9n, 10), line('refund', 'po_1/fee-back', 1n, 10)],
    [],
    dayOf,
  )
  expect(rows.map(({ kind, amount }) => [kind, amount])).toEqual([['payout-back', 10n]])
})

test('coins that only changed places are nothing gained, and say how many they were', () => {
  const [row] = toRows(
    [line('earnings-use', 'use/1', -50n, 10, { place: 'earnings' }), line('earnings-use', 'use/1', 50n, 10)],
    [],
    dayOf,
  )
  expect(row).toMatchObject({ kind: 'moved', amount: 0n, came: 50n })
})

test('rows add up to what their lines add up to, whatever kinds there are', () => {
  const lines = ['usage', 'stars', 'grant', 'refund', 'sweep', 'constructor', 'toString'].map((kind, at) =>
    line(kind, `t${at}`, BigInt(at + 1), at),
  )
  const rows = toRows(lines, [], dayOf)
  expect(rows.reduce((sum, { amount }) => sum + amount, 0n)).toBe(28n)
  expect(rows.map(({ kind }) => kind)).toEqual([
    'other',
    'other',
    'other',
    'other',
    'grant',
    'stars',
    'questions',
  ])
})
