import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../canonical-json.ts'
import { sha256 } from './sha256.ts'

test('every length around the block borders hashes as in OpenSSL', () => {
  for (let length = 0; length <= 300; length++) {
    const bytes = randomBytes(length)
    expect(toHex(sha256(bytes)), `length ${length}`).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
})
test('the examples of FIPS 180-4 come out', () => {
  const hash = (text: string) => toHex(sha256(new TextEncoder().encode(text)))
  expect(hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(hash('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(hash('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  )
})
test('a long message, and a part of a larger buffer, hash as in OpenSSL', () => {
  const bytes = randomBytes(1_000_003)
  expect(toHex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(toHex(sha256(bytes.subarray(7, 107)))).toBe(
    createHash('sha256').update(bytes.subarray(7, 107)).digest('hex'),
  )
})
