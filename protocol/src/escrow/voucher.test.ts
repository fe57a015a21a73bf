import { beforeAll, expect, test } from 'vitest'
import { toHex } from '../canonical-json.ts'
import { nano } from '../money.ts'
import {
  registrationText,
  signVoucher,
  TERM_MAX,
  type Voucher,
  verifyRegistration,
  verifyVoucher,
  voucherBytes,
} from './voucher.ts'

const ADDRESS = `0:${'ab'.repeat(32)}`
const VOUCHER: Voucher = { address: ADDRESS, term: 46_000_001n, cumulative: nano(1_500_000_000n) }

let pair: CryptoKeyPair
let sessionKey: string
beforeAll(async () => {
  pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  sessionKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
})

test('a voucher is 84 bytes: prefix, workchain, address, term and sum', () => {
  const bytes = Buffer.from(voucherBytes(VOUCHER))
  expect(bytes.length).toBe(84)
  expect(bytes.subarray(0, 27).toString()).toBe('sharnaqa-escrow-voucher-v1\n')
  expect(bytes.subarray(27).toString('hex')).toBe(
    `00${'ab'.repeat(32)}0000000002bde781${'0000000000000000000000005968'}2f00`,
  )
})

test('what the session key signs holds for this contract, this term and this sum only', async () => {
  const signature = await signVoucher(pair.privateKey, VOUCHER)
  expect(await verifyVoucher(sessionKey, signature, VOUCHER)).toBe(true)
  for (const other of [
    { ...VOUCHER, address: `0:${'ac'.repeat(32)}` },
    { ...VOUCHER, term: VOUCHER.term + 1n },
    { ...VOUCHER, cumulative: nano(1_500_000_001n) },
  ]) {
    expect(await verifyVoucher(sessionKey, signature, other)).toBe(false)
  }
})

test('a malformed key or signature has signed nothing', async () => {
  const signature = await signVoucher(pair.privateKey, VOUCHER)
  expect(await verifyVoucher('ff'.repeat(32), signature, VOUCHER)).toBe(false)
  expect(await verifyVoucher('', signature, VOUCHER)).toBe(false)
  expect(await verifyVoucher(sessionKey.toUpperCase(), signature, VOUCHER)).toBe(false)
  expect(await verifyVoucher(sessionKey, signature.slice(1), VOUCHER)).toBe(false)
})

test('an address that is not raw, and a term that no contract has, are the caller’s bug', () => {
  expect(() => voucherBytes({ ...VOUCHER, address: ADDRESS.toUpperCase() })).toThrow(RangeError)
  expect(() => voucherBytes({ ...VOUCHER, address: `-1:${'ab'.repeat(32)}` })).toThrow(RangeError)
  expect(() => voucherBytes({ ...VOUCHER, term: 0n })).toThrow(RangeError)
  expect(() => voucherBytes({ ...VOUCHER, term: TERM_MAX + 1n })).toThrow(RangeError)
})

test('a registration holds for one account and is no voucher', async () => {
  const text = new TextEncoder().encode(registrationText({ address: ADDRESS, accountId: 7 }))
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, text))
  expect(await verifyRegistration(sessionKey, signature, { address: ADDRESS, accountId: 7 })).toBe(true)
  expect(await verifyRegistration(sessionKey, signature, { address: ADDRESS, accountId: 8 })).toBe(false)
  expect(await verifyVoucher(sessionKey, signature, VOUCHER)).toBe(false)
})
