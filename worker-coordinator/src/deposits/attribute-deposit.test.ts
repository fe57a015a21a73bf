import { expect, test } from 'vitest'
import type { DepositBody } from '../ton/deposit-body.ts'
import { type Arrival, attributeDeposit, type DepositBook } from './attribute-deposit.ts'
import { DEPOSIT_MIN } from './deposit-terms.ts'

const [ANNA, BOB, CAROL] = [5_000_000_001, 5_000_000_002, 5_000_000_003]
const WALLET = `0:${'1'.repeat(64)}`
const OPERATOR = `0:${'3'.repeat(64)}`
const STRANGER = `0:${'4'.repeat(64)}`

const book: DepositBook = {
  accounts: new Set([ANNA, BOB, CAROL]),
  senders: new Map([[WALLET, CAROL]]),
  operators: new Set([OPERATOR]),
}
const body = (given: Partial<DepositBody> = {}): DepositBody => ({
  tag: undefined,
  code: undefined,
  comment: undefined,
  ...given,
})
const arrival = (given: Partial<Arrival> = {}): Arrival => ({
  sender: STRANGER,
  amount: 1_000_000_000n,
  bounced: false,
  body: body(),
  ...given,
})

test('a tag comes before a comment, a comment before a proven sender', () => {
  const all = arrival({ sender: WALLET, body: body({ tag: ANNA, code: BOB }) })
  expect(attributeDeposit(all, book)).toEqual({ to: 'account', accountId: ANNA, via: 'tag' })
  const code = arrival({ sender: WALLET, body: body({ code: BOB }) })
  expect(attributeDeposit(code, book)).toEqual({ to: 'account', accountId: BOB, via: 'comment' })
  expect(attributeDeposit(arrival({ sender: WALLET }), book)).toEqual({
    to: 'account',
    accountId: CAROL,
    via: 'sender',
  })
})

test('a tag or a comment of an account that does not exist names nobody', () => {
  const unknown = body({ tag: 5_999_999_999, code: 5_999_999_998 })
  expect(attributeDeposit(arrival({ body: unknown }), book)).toEqual({ to: 'suspense', reason: 'nobody' })
  expect(attributeDeposit(arrival({ sender: WALLET, body: unknown }), book)).toMatchObject({ via: 'sender' })
})

test('a stranger’s coins without a name wait', () => {
  expect(attributeDeposit(arrival(), book)).toEqual({ to: 'suspense', reason: 'nobody' })
})

test('dust waits, even with a name', () => {
  const dust = arrival({ amount: DEPOSIT_MIN - 1n, body: body({ tag: ANNA }) })
  expect(attributeDeposit(dust, book)).toEqual({ to: 'suspense', reason: 'dust' })
  expect(attributeDeposit({ ...dust, amount: DEPOSIT_MIN }, book)).toMatchObject({ accountId: ANNA })
})

test('a bounced message is nobody’s deposit, not even with a name on it', () => {
  const bounced = arrival({ sender: WALLET, bounced: true, body: body({ tag: ANNA }) })
  expect(attributeDeposit(bounced, book)).toEqual({ to: 'suspense', reason: 'bounced' })
})

test('the operator’s coins are nobody’s deposit, be they ever so few', () => {
  const float = arrival({ sender: OPERATOR, amount: 1n, body: body({ tag: ANNA }) })
  expect(attributeDeposit(float, book)).toEqual({ to: 'float' })
})
