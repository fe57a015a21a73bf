import { expect, test } from 'vitest'
import { canonicalJson, fromBase64Url, sha256Hex, toBase64Url } from './canonical-json.ts'

test('the order of keys does not change what is written', () => {
  expect(canonicalJson({ b: 1, a: [true, null, { d: 'x', c: 0.5 }] })).toBe(
    '{"a":[true,null,{"c":0.5,"d":"x"}],"b":1}',
  )
  expect(canonicalJson({ a: 1, gone: undefined })).toBe('{"a":1}')
})
test('a number that JSON cannot say is refused', () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow('cannot carry')
  expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow('cannot carry')
})
test('SHA-256 of "abc" is the one of FIPS 180-2, appendix B.1', async () => {
  expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
test('base64url comes back as it was, and rubbish is not read', () => {
  const bytes = Uint8Array.from([0, 250, 251, 252, 253, 254, 255])
  expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
  expect(fromBase64Url('a')).toBeUndefined()
  expect(fromBase64Url('a+b/')).toBeUndefined()
})
