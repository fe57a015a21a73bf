import { expect, test } from 'vitest'
import { nameOf, TITLE_CHARS_MAX, titleOf } from './title.ts'

test('a conversation is named by its first words', () => {
  expect(titleOf('Plan a quiet weekend\nnear Aqaba')).toBe('Plan a quiet weekend near Aqaba')
  expect(titleOf('# **Heading** first')).toBe('Heading** first')
  expect(titleOf('خطّط لنا نهاية أسبوع')).toBe('خطّط لنا نهاية أسبوع')
})

test('a long question is cut between words, and never through a symbol', () => {
  const title = titleOf('Plan a quiet weekend near Aqaba for two people who like the sea')
  expect(title).toBe('Plan a quiet weekend near Aqaba for two people…')
  expect(titleOf('🧵'.repeat(60))).toMatch(/^(🧵)+…$/u)
})

test('a person’s name for it is kept as it is, within bounds; an empty one is none', () => {
  expect(nameOf('  My   trip ')).toBe('My trip')
  expect(nameOf('x'.repeat(500))).toHaveLength(TITLE_CHARS_MAX)
  expect(nameOf('   ')).toBeUndefined()
})
