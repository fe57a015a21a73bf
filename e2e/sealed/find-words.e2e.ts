import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findWords, toHaystacks } from './find-words.ts'

const WORD = 'Zwölfbär-7f3a'
const before = 'ab'

test.each([
  ['utf-8', Buffer.from(`x${WORD}y`)],
  ['utf-16le', Buffer.from(`x${WORD}y`, 'utf16le')],
  ['utf-16be', Buffer.from(`x${WORD}y`, 'utf16le').swap16()],
  ['base64 at 0', Buffer.from(Buffer.from(`${WORD}yz`).toString('base64'))],
  ['base64 at 1', Buffer.from(Buffer.from(`a${WORD}yz`).toString('base64'))],
  ['base64url at 2', Buffer.from(Buffer.from(`${before}${WORD}yz`).toString('base64url'))],
  ['hex', Buffer.from(Buffer.from(`x${WORD}`).toString('hex').toUpperCase())],
  ['percent', Buffer.from(encodeURIComponent(`x${WORD}`))],
  ['JSON-escaped', Buffer.from('"xZw\\u00F6lfb\\u00E4r-7f3a"')],
])('a word is found as %s', (spelling, bytes) => {
  const found = findWords([{ name: 'file', bytes }], [WORD, 'nowhere-8b1c'])
  expect(found.map((one) => one.spelling)).toContain(spelling)
  expect(new Set(found.map((one) => one.word))).toEqual(new Set([WORD]))
})
test('a word is found in a body that was compressed', () => {
  const bytes = gzipSync(`{"text":"${WORD}"}`)
  const passed = { kind: 'http-up', path: '/v1', headers: '', encoding: 'gzip', bytes } as const
  expect(findWords(toHaystacks([passed]), [WORD])).toHaveLength(1)
})
test('nothing is found in random bytes', () => {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)))
  expect(findWords([{ name: 'noise', bytes }], [WORD])).toEqual([])
})
