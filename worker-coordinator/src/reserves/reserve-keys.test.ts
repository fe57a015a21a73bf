import { expect, test } from 'vitest'
import {
  isSignedReserveDocument,
  signReserveDocument,
} from '../../../protocol/src/reserves/reserve-document.ts'
import { drawSalt, makeReserveKeys } from './reserve-keys.ts'

const seed = (byte: number) => new Uint8Array(32).fill(byte)

test('one seed gives one key, another seed another', async () => {
  const [first, again, other] = await Promise.all([seed(1), seed(1), seed(2)].map(makeReserveKeys))
  expect(again?.publicKey).toBe(first?.publicKey)
  expect(again?.saltKeyId).toBe(first?.saltKeyId)
  expect(other?.publicKey).not.toBe(first?.publicKey)
  expect(other?.saltKeyId).not.toBe(first?.saltKeyId)
})
test('what is signed with the key is checked with its public half', async () => {
  const { signingKey, publicKey } = await makeReserveKeys(seed(1))
  const document = await signReserveDocument(signingKey, {
    version: 1,
    network: '-3',
    day: '2026-11-22',
    root: '0'.repeat(64),
    total: '0',
    leaves: 0,
    hotWallet: `0:${'0'.repeat(64)}`,
    hot: '0',
    cold: '0',
    scannedLt: '',
    scannedHash: '',
    createdAtMs: 1,
    publicKey,
  })
  expect(await isSignedReserveDocument(document)).toBe(true)
})
test('the key does not give the seed of the wallet away, nor can it be taken out', async () => {
  const { signingKey } = await makeReserveKeys(seed(1))
  expect(signingKey.extractable).toBe(false)
})
test.each([0, 31, 33, 64])('a seed of %i bytes is refused', async (length) => {
  await expect(makeReserveKeys(new Uint8Array(length))).rejects.toThrow(RangeError)
})
test('each account and each day has its own salt', async () => {
  const { saltSecret } = await makeReserveKeys(seed(1))
  const salts = [
    drawSalt(saltSecret, 20_000, 100),
    drawSalt(saltSecret, 20_001, 100),
    drawSalt(saltSecret, 20_000, 101),
    drawSalt(seed(9), 20_000, 100),
  ]
  expect(new Set(salts).size).toBe(4)
  expect(salts.every((salt) => /^[0-9a-f]{32}$/.test(salt))).toBe(true)
  expect(drawSalt(saltSecret, 20_000, 100)).toBe(salts[0])
})
