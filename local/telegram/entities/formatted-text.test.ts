import { expect, test } from 'vitest'
import type { Params } from '../params.ts'
import { readFormattedText } from './formatted-text.ts'

const read = (params: Params) => readFormattedText(params, { text: 'text', entities: 'entities' })
const html = (text: string) => read({ text, parse_mode: 'HTML' })
const markdown = (text: string) => read({ text, parse_mode: 'MarkdownV2' })
const refusal = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  return 'no refusal'
}

test('HTML becomes text and entities that count UTF-16 units', () => {
  expect(
    html('😀<b>bold <i>both</i></b> &lt;x&gt; <a href="https://a.example/?x=1&amp;y=2">link</a>'),
  ).toEqual({
    text: '😀bold both <x> link',
    entities: [
      { type: 'bold', offset: 2, length: 9 },
      { type: 'italic', offset: 7, length: 4 },
      { type: 'text_link', offset: 16, length: 4, url: 'https://a.example/?x=1&y=2' },
    ],
  })
})

test('a pre with a code inside is one block with a language', () => {
  expect(html('<pre><code class="language-python">x = 1</code></pre>').entities).toEqual([
    { type: 'pre', offset: 0, length: 5, language: 'python' },
  ])
})

test('an expandable quotation and a spoiler are known in HTML', () => {
  const { entities } = html('<blockquote expandable>long</blockquote> <span class="tg-spoiler">s</span>')
  expect(entities.map(({ type }) => type)).toEqual(['expandable_blockquote', 'spoiler'])
})

test.each([
  ['<b>x', `Can't find end tag corresponding to start tag "b"`],
  ['x</b>', 'Unexpected end tag at byte offset 1'],
  ['я<i>x</b>', 'Unmatched end tag at byte offset 6, expected "</i>", found "</b>"'],
  ['<p>x</p>', 'Unsupported start tag "p" at byte offset 0'],
  ['a <b', 'Unclosed start tag at byte offset 2'],
  ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
])('HTML %j is refused in the words of Telegram', (text, reason) => {
  expect(refusal(() => html(text))).toBe(`Bad Request: can't parse entities: ${reason}`)
})

test('MarkdownV2 becomes text and entities', () => {
  expect(markdown('*bold* _it_ __un__ ~st~ ||sp|| `c` [l](https://a.example/) 1\\.')).toEqual({
    text: 'bold it un st sp c l 1.',
    entities: [
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 5, length: 2 },
      { type: 'underline', offset: 8, length: 2 },
      { type: 'strikethrough', offset: 11, length: 2 },
      { type: 'spoiler', offset: 14, length: 2 },
      { type: 'code', offset: 17, length: 1 },
      { type: 'text_link', offset: 19, length: 1, url: 'https://a.example/' },
    ],
  })
})

test('MarkdownV2 code keeps its language and its own signs', () => {
  expect(markdown('```js\na.b(1) - 2!\n```')).toEqual({
    text: 'a.b(1) - 2!',
    entities: [{ type: 'pre', offset: 0, length: 11, language: 'js' }],
  })
})

test('MarkdownV2 quotations end with their lines, and two bars make one expandable', () => {
  expect(markdown('>a\n>b\nc').entities).toEqual([{ type: 'blockquote', offset: 0, length: 3 }])
  expect(markdown('>a\n>b||\nc').entities).toEqual([{ type: 'expandable_blockquote', offset: 0, length: 3 }])
})

test.each([
  ['a.b', "Character '.' is reserved and must be escaped with the preceding '\\'"],
  ['a-b', "Character '-' is reserved and must be escaped with the preceding '\\'"],
  ['я *x', "Can't find end of Bold entity at byte offset 3"],
  ['```js\nx', "Can't find end of PreCode entity at byte offset 0"],
  ['[x](https://a.example', "Can't find end of a URL at byte offset 4"],
])('MarkdownV2 %j is refused in the words of Telegram', (text, reason) => {
  expect(refusal(() => markdown(text))).toBe(`Bad Request: can't parse entities: ${reason}`)
})

test('an unknown parse mode is refused', () => {
  expect(refusal(() => read({ text: 'x', parse_mode: 'RTF' }))).toBe('Bad Request: unsupported parse_mode')
})

test('given entities may come as JSON text', () => {
  const entities = JSON.stringify([{ type: 'bold', offset: 0, length: 2 }])
  expect(read({ text: 'hi you', entities }).entities).toEqual([{ type: 'bold', offset: 0, length: 2 }])
})

test.each([
  [{ type: 'bold', offset: 9, length: 1 }, 'entity begins after the end of the text at UTF-16 offset 9'],
  [
    { type: 'bold', offset: 1, length: 9 },
    'entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10',
  ],
  [{ type: 'bold', offset: 2, length: 1 }, 'entity begins in a middle of a UTF-16 symbol at byte offset 5'],
  [
    { type: 'bold', offset: 0, length: 2 },
    'entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5',
  ],
  [{ type: 'bold', offset: -1, length: 2 }, 'receive an entity with incorrect offset -1'],
  [{ type: 'bold', length: 2 }, `can't parse MessageEntity: Can't find field "offset"`],
  [{ type: 'text_link', offset: 0, length: 1 }, `can't parse MessageEntity: Can't find field "url"`],
  [{ type: 'shiny', offset: 0, length: 1 }, "can't parse MessageEntity: Unsupported type specified"],
])('entity %j is refused', (entity, reason) => {
  expect(refusal(() => read({ text: 'a😀bcd', entities: [entity] }))).toBe(`Bad Request: ${reason}`)
})

test('spaces around the text go, and the entities move with it', () => {
  expect(read({ text: '  \n hello  ', entities: [{ type: 'bold', offset: 4, length: 7 }] })).toEqual({
    text: 'hello',
    entities: [{ type: 'bold', offset: 0, length: 5 }],
  })
})

test('commands, mentions and links are marked, but not inside code', () => {
  const types = (text: string, entities: object[] = []) =>
    read({ text, entities }).entities.map(({ type }) => type)
  expect(types('/start see https://a.example. and @some_bot #news me@a.example')).toEqual([
    'bot_command',
    'url',
    'mention',
    'hashtag',
    'email',
  ])
  expect(types('/start', [{ type: 'code', offset: 0, length: 6 }])).toEqual(['code'])
  expect(types('and/or 1/2')).toEqual([])
})
