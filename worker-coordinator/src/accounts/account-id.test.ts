import { expect, test } from 'vitest'
import { ACCOUNT_ID_BYTES, makeAccountId } from './account-id.ts'

const filled = (byte: number) => new Uint8Array(ACCOUNT_ID_BYTES).fill(byte)

test('an id is above 2^32 and at most 2^53 − 1, whatever the bytes', () => {
  expect(makeAccountId(filled(0))).toBe(2 ** 32 + 1)
  expect(makeAccountId(filled(255))).toBe(Number.MAX_SAFE_INTEGER)
  expect(makeAccountId(new Uint8Array([0, 0, 1, 0, 0, 0, 0]))).toBe(2 ** 33 + 1)
})

test('a thousand random ids are a thousand ids', () => {
  const ids = Array.from({ length: 1000 }, () => makeAccountId(crypto.getRandomValues(filled(0))))
  expect(new Set(ids).size).toBe(1000)
  expect(ids.every((id) => Number.isSafeInteger(id) && id > 2 ** 32)).toBe(true)
})
