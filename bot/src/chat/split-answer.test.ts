import { describe, expect, test } from 'vitest'
import { renderAnswer } from './render-answer.ts'
import { plain, type RichText } from './rich-text.ts'
import { MESSAGE_CHARS_MAX, splitAnswer } from './split-answer.ts'

const FAMILY = '👨‍👩‍👧‍👦' // 11 UTF-16 units, one symbol

function texts(parts: readonly RichText[]): string[] {
  return parts.map(({ text }) => text)
}

test('a short answer is one part, an empty one is none', () => {
  expect(texts(splitAnswer(plain(' hello \n')))).toEqual(['hello'])
  expect(splitAnswer(plain(' \n '))).toEqual([])
})

test('exactly as much as fits stays one part', () => {
  expect(splitAnswer(plain('x'.repeat(MESSAGE_CHARS_MAX))).length).toBe(1)
  expect(splitAnswer(plain('x'.repeat(MESSAGE_CHARS_MAX + 1))).length).toBe(2)
})

describe('the cut is', () => {
  test.each([
    ['at a paragraph', 'aaaa bbbb\n\ncccc. dddd eeee', ['aaaa bbbb', 'cccc. dddd eeee']],
    ['else at a line', 'aaaa bbbb\ncccc dd eeee fff', ['aaaa bbbb', 'cccc dd eeee fff']],
    ['else behind a sentence', 'aaa bbb cccc. ddd eee fff', ['aaa bbb cccc.', 'ddd eee fff']],
    ['else at a word', 'aaaa bbbb cccc ddd eeee ff', ['aaaa bbbb cccc', 'ddd eeee ff']],
    ['else between symbols', 'abcdefghijklmnopqrstuvw', ['abcdefghijklmnop', 'qrstuvw']],
    [
      'not at a paragraph that leaves the part nearly empty',
      'a\n\nbbbb cccc dddd',
      ['a\n\nbbbb cccc', 'dddd'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(texts(splitAnswer(plain(text), 16))).toEqual(expected)
  })
})

test('symbols of many units are never cut', () => {
  for (const symbol of [FAMILY, '😀', '🇪🇬', 'e\u0301', '👩🏽‍🚀', 'நி']) {
    const parts = splitAnswer(plain(symbol.repeat(1000)))
    expect(parts.length).toBeGreaterThan(0)
    for (const { text } of parts) {
      expect(text.length % symbol.length).toBe(0)
      expect(text.isWellFormed()).toBe(true)
    }
    expect(texts(parts).join('')).toBe(symbol.repeat(1000))
  }
})

test('a symbol longer than a message is cut between code points', () => {
  const parts = splitAnswer(plain(`e${'\u0301'.repeat(5000)}`))
  expect(texts(parts).join('').length).toBe(5001)
})

test('a space that carries a mark is no place for a cut', () => {
  const parts = splitAnswer(plain(`aaaaaaaaaa \u0301bbbb cccc`), 14)
  for (const { text } of parts) expect(text.startsWith('\u0301')).toBe(false)
})

test('a code block that is cut goes on as one, in the same language, at whole lines', () => {
  const lines = Array.from({ length: 400 }, (_, index) => `  line(${index})`)
  const parts = splitAnswer(renderAnswer(`\`\`\`js\n${lines.join('\n')}\n\`\`\``))
  expect(parts.length).toBe(2)
  for (const { text, entities } of parts) {
    expect(entities).toEqual([{ type: 'pre', language: 'js', offset: 0, length: text.length }])
  }
  expect(texts(parts).join('\n')).toBe(lines.join('\n'))
})

test('a link or a bold phrase is moved rather than cut', () => {
  const text = `${'word '.repeat(815)}**bold phrase that crosses the border** end`
  const parts = splitAnswer(renderAnswer(text))
  const bold = parts.flatMap(({ entities }) => entities)
  expect(bold).toEqual([{ type: 'bold', offset: 0, length: 35 }])
})

test('an entity longer than a message is cut, and goes on', () => {
  const parts = splitAnswer(renderAnswer(`**${'bold '.repeat(1500).trim()}**`))
  expect(parts.map(({ entities }) => entities.map(({ type }) => type))).toEqual([['bold'], ['bold']])
  for (const { text, entities } of parts)
    expect(entities[0]).toMatchObject({ offset: 0, length: text.length })
})

test('no part has more entities than Telegram keeps', () => {
  const [part] = splitAnswer(renderAnswer('**a** b '.repeat(150)))
  expect(part?.entities.length).toBe(100)
})

test('nothing is lost, whatever the size', () => {
  const text = `${'Ein Satz mit Wörtern. '.repeat(40)}\n\n${FAMILY.repeat(30)}\n${'كلمة '.repeat(90)}`
  for (const size of [40, 97, 256, 1000, 4096]) {
    const parts = splitAnswer(plain(text), size)
    expect(texts(parts).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
    expect(parts.every((part) => part.text.length <= size)).toBe(true)
  }
})
