import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { readInvoice, signInvoice } from './star-invoice.ts'

const SECRET = '123456:TEST-TOKEN'
const INVOICE = {
  accountId: Number.MAX_SAFE_INTEGER,
  stars: 1000,
  credit: nano(9_007_199_254_740_991n),
  nonce: 'x'.repeat(32),
}

test('an invoice comes back as it was signed, in 128 bytes', async () => {
  const payload = await signInvoice(SECRET, INVOICE)
  expect(new TextEncoder().encode(payload).length).toBeLessThanOrEqual(128)
  expect(await readInvoice(SECRET, payload)).toEqual(INVOICE)
})

test.each([
  ['another account', (payload: string) => payload.replace('9007199254740991.1000', '9007199254740990.1000')],
  ['more Stars', (payload: string) => payload.replace('.1000.', '.1001.')],
  ['more credit', (payload: string) => payload.replace('.5000.', '.6000.')],
  ['another nonce', (payload: string) => payload.replace('.n1.', '.n2.')],
  ['a shorter signature', (payload: string) => payload.slice(0, -1)],
  ['more behind it', (payload: string) => `${payload}.x`],
  ['another version', (payload: string) => payload.replace('s1.', 's2.')],
  ['nothing', () => ''],
])('a payload with %s is nobody’s', async (_what, change) => {
  const payload = await signInvoice(SECRET, { ...INVOICE, credit: nano(5000n), nonce: 'n1' })
  expect(change(payload)).not.toBe(payload)
  expect(await readInvoice(SECRET, change(payload))).toBeUndefined()
})

test('a payload of another bot is nobody’s', async () => {
  expect(await readInvoice(SECRET, await signInvoice('other', INVOICE))).toBeUndefined()
})

test('a nonce that would break the payload is a bug', async () => {
  await expect(signInvoice(SECRET, { ...INVOICE, nonce: 'a.b' })).rejects.toThrow()
  await expect(signInvoice(SECRET, { ...INVOICE, nonce: '' })).rejects.toThrow()
})
