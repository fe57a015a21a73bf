import { expect, test } from 'vitest'
import { hashApiKey, looksLikeApiKey, makeApiKey, parseApiKey } from './api-key.ts'

test('a key is sk-shq- and 43 characters, with a prefix that gives little away', async () => {
  const { key, prefix, hash } = await makeApiKey(new Uint8Array(32).fill(255))
  expect(key).toBe(`sk-shq-${'_'.repeat(42)}8`)
  expect(prefix).toBe('sk-shq-____')
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(hashApiKey(key)).toBe(hash)
  expect(parseApiKey(key)).toBe(key)
})

test('a key is never made of fewer random bytes', async () => {
  await expect(makeApiKey(new Uint8Array(31))).rejects.toThrow('32 random bytes')
})

test('what only looks like a key is refused', () => {
  const body = 'a'.repeat(43)
  for (const text of [
    `sk-${body}`,
    `sk-shq-${body}a`,
    `sk-shq-${body.slice(1)}`,
    `sk-shq-${body}\n`,
    `SK-SHQ-${body}`,
  ]) {
    expect(parseApiKey(text)).toBeUndefined()
  }
  expect(looksLikeApiKey('sk-proj-123')).toBe(true)
  expect(looksLikeApiKey('eyJhbGciOiJIUzI1NiJ9.e30.x')).toBe(false)
})
