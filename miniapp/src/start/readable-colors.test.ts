import { expect, test } from 'vitest'
import { contrast, readableColors } from './readable-colors.ts'

const night = {
  '--surface': '#17212b',
  '--ground': '#0e1621',
  '--text': '#f5f5f5',
  '--hint': '#708499',
  '--link': '#6ab3f3',
  '--button': '#5288c1',
  '--button-text': '#ffffff',
  '--bad': '#ec3942',
}

test('black on white has the contrast 21, and a colour on itself 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#5288c1', '#5288c1')).toBe(1)
})

test('what a theme makes hard to read is moved until it can be read', () => {
  expect(contrast(night['--button'], night['--button-text'])).toBeLessThan(4.5)
  const colors = readableColors(night)
  expect(contrast(colors['--button'] ?? '', '#ffffff')).toBeGreaterThanOrEqual(4.5)
  for (const name of ['--hint', '--link', '--bad']) {
    for (const behind of [night['--surface'], night['--ground']]) {
      expect(contrast(colors[name] ?? '', behind), name).toBeGreaterThanOrEqual(4.5)
    }
  }
})

test('what can be read stays as the theme has it', () => {
  expect(readableColors(night)).toMatchObject({ '--link': '#6ab3f3', '--text': '#f5f5f5' })
})

test('a theme of one colour ends at its text, and one that says nothing stays empty', () => {
  const grey = { '--surface': '#777777', '--ground': '#777777', '--text': '#787878', '--hint': '#777777' }
  expect(readableColors(grey)['--hint']).toBe('#787878')
  expect(readableColors({})).toEqual({})
})
