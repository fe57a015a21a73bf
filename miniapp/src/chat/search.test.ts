import { expect, test } from 'vitest'
import { excerptOf, matches } from './search.ts'

test('all words have to be there, in any order and case', () => {
  expect(matches('The capital of France is Paris.', 'paris FRANCE')).toBe(true)
  expect(matches('The capital of France is Paris.', 'paris japan')).toBe(false)
  expect(matches('anything', '  ')).toBe(false)
})

test('accents, vowel signs and the forms of a letter make no difference', () => {
  expect(matches('Das Café in München', 'cafe munchen')).toBe(true)
  expect(matches('خَطِّطْ لنا نهايةَ أسبوع', 'خطط اسبوع')).toBe(true)
  expect(matches('Ёлка', 'елка')).toBe(true)
})

test('what was found is shown with what stands around it', () => {
  const text = `${'before '.repeat(20)}the coral garden at South Beach ${'after '.repeat(40)}`
  const excerpt = excerptOf(text, 'CORAL')
  expect(excerpt).toContain('coral garden')
  expect(excerpt.startsWith('…')).toBe(true)
  expect(excerpt.length).toBeLessThan(120)
  expect(excerptOf('Coral first', 'coral')).toBe('Coral first')
})
