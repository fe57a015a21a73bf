import { expect, test } from 'vitest'
import { ACCOUNT_CODE_CHARS, parseAccountCode, toAccountCode } from './account-code.ts'

const IDS = [4_294_967_297, 5_000_000_000, 123_456_789_012_345, Number.MAX_SAFE_INTEGER]

test.each(IDS)('the code of %d leads back to it', (id) => {
  const code = toAccountCode(id)
  expect(code).toHaveLength(ACCOUNT_CODE_CHARS)
  expect(parseAccountCode(code)).toBe(id)
  expect(parseAccountCode(code.toUpperCase())).toBe(id)
})

test('O is read as 0, I and L as 1', () => {
  const code = toAccountCode(4_294_967_297)
  expect(code).toContain('0')
  expect(parseAccountCode(code.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(4_294_967_297)
})

test('no wrong character and no two swapped ones lead to somebody else', () => {
  for (const id of IDS) {
    const code = toAccountCode(id)
    for (let at = 0; at < code.length; at++) {
      for (const char of '0123456789abcdefghjkmnpqrstvwxyz') {
        if (char === code[at]) continue
        expect(parseAccountCode(code.slice(0, at) + char + code.slice(at + 1))).toBeUndefined()
      }
      const swapped = code.slice(0, at) + (code[at + 1] ?? '') + (code[at] ?? '') + code.slice(at + 2)
      if (swapped !== code) expect(parseAccountCode(swapped)).toBeUndefined()
    }
  }
})

test.each(['', 'abc', 'u'.repeat(13), '🎉'.repeat(7), `${toAccountCode(5_000_000_000)}0`])(
  '%j is no code',
  (text) => {
    expect(parseAccountCode(text)).toBeUndefined()
  },
)
