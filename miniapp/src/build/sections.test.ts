import { expect, test } from 'vitest'
import { isPublic, pathOf, SECTIONS, sectionOf } from './sections.ts'

test('every part is found at its own address', () => {
  for (const section of SECTIONS) expect(sectionOf(pathOf(section))).toBe(section)
})

test.each(['/build', '/build/', '/build/start', '/build/nothing', '/build/__proto__'])(
  '%s is the beginning',
  (pathname) => {
    expect(sectionOf(pathname)).toBe('start')
  },
)

test('who is not known sees prices and examples, and nothing that belongs to somebody', () => {
  expect(SECTIONS.filter(isPublic)).toEqual(['start', 'prices', 'reference'])
})
