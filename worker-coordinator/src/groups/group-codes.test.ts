import { expect, test } from 'vitest'
import {
  GROUP_ID_BYTES,
  INVITATION_BYTES,
  makeGroupId,
  makeInvitation,
  parseInvitation,
} from './group-codes.ts'

test('an invitation carries 100 random bits, and a start parameter can carry it', () => {
  const code = makeInvitation(crypto.getRandomValues(new Uint8Array(INVITATION_BYTES)))
  expect(code).toMatch(/^[0-9a-z]{20}$/)
  expect(encodeURIComponent(code)).toBe(code)
  const all = new Set(Array.from({ length: 256 }, (_, byte) => makeInvitation(new Uint8Array(20).fill(byte))))
  expect(all.size).toBe(32)
})
test('too few random bytes make nothing', () => {
  expect(() => makeInvitation(new Uint8Array(19))).toThrow('20 random bytes')
  expect(() => makeGroupId(new Uint8Array(20))).toThrow('16 random bytes')
  expect(makeGroupId(new Uint8Array(GROUP_ID_BYTES))).toBe('grp_0000000000000000')
})
test.each([
  ['0123456789abcdefghjk', '0123456789abcdefghjk'],
  [' 0123456789ABCDEFGHJK\n', '0123456789abcdefghjk'],
  ['0123456789abcdefghj', undefined],
  ['0123456789abcdefghil', undefined],
  ["' or 1=1 --         ", undefined],
])('%j reads as %s', (text, code) => {
  expect(parseInvitation(text)).toBe(code)
})
