import { expect, test } from 'vitest'
import { wordsFor } from '../words/words.ts'
import { exportText } from './export-command.ts'
import { speedWords } from './model-words.ts'

test.each([
  [0, 'speed-unknown'],
  [2, 'speed-slow'],
  [6, 'speed-reading'],
  [50, 'speed-fast'],
])('%d tokens a second are %s', (tokensPerSecond, word) => {
  expect(speedWords({ tokensPerSecond })).toBe(word)
})

test('an export has every message with who said it, in the language of the reader', () => {
  const memory = [
    { role: 'user', text: 'hello', seq: 1 },
    { role: 'assistant', text: 'hi **you**', seq: 1 },
  ] as const
  expect(exportText(memory, wordsFor('en'))).toBe('## You\n\nhello\n\n## Answer\n\nhi **you**\n')
  expect(exportText(memory, wordsFor('ar'))).toContain('## أنت')
})
