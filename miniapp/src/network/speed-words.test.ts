import { expect, test } from 'vitest'
import { speedWords } from './speed-words.ts'

test.each([
  [0, 'speed-unknown'],
  [1, 'speed-slow'],
  [3.9, 'speed-slow'],
  [4, 'speed-reading'],
  [7.9, 'speed-reading'],
  [8, 'speed-fast'],
  [596, 'speed-fast'],
])('%d tokens a second: %s', (tokensPerSecond, words) => {
  expect(speedWords({ tokensPerSecond })).toBe(words)
})
