import type { MessageEntity } from 'grammy/types'
import { expect, test } from 'vitest'
import { renderAnswer } from './render-answer.ts'

/** Each entity with the text it covers. */
function marks(markdown: string): string[] {
  const { text, entities } = renderAnswer(markdown)
  return entities.map(
    (entity) => `${nameOf(entity)} ${text.slice(entity.offset, entity.offset + entity.length)}`,
  )
}

function nameOf(entity: MessageEntity): string {
  if (entity.type === 'text_link') return `text_link(${entity.url})`
  return entity.type === 'pre' && entity.language ? `pre(${entity.language})` : entity.type
}

test.each([
  ['**bold**', 'bold', ['bold bold']],
  ['*soft* and _soft_', 'soft and soft', ['italic soft', 'italic soft']],
  ['~~gone~~', 'gone', ['strikethrough gone']],
  ['`x = 1`', 'x = 1', ['code x = 1']],
  ['**a _b_ c**', 'a b c', ['bold a b c', 'italic b']],
  ['```ts\nlet a = 1\n```', 'let a = 1', ['pre(ts) let a = 1']],
  ['```\n  indented\n```', '  indented', ['pre   indented']],
  ['# Title\n\ntext', 'Title\n\ntext', ['bold Title']],
  ['> said\n> so', 'said\nso', ['blockquote said\nso']],
  ['- a\n- b', '• a\n• b', []],
  ['3. a\n4. b', '3. a\n4. b', []],
  ['- a\n  - b', '• a\n  • b', []],
  ['- [x] done\n- [ ] open', '☑ done\n☐ open', []],
  ['a\n\n---\n\nb', 'a\n\n———\n\nb', []],
  ['[here](https://ton.org)', 'here', ['text_link(https://ton.org) here']],
  ['[chat](tg://user?id=1)', 'chat', ['text_link(tg://user?id=1) chat']],
  ['https://ton.org', 'https://ton.org', []],
  ['1 &lt; 2 &amp; \\*', '1 < 2 & *', []],
  ['a<br>b', 'a\nb', []],
  ['a\nb', 'a\nb', []],
])('%j becomes %j', (markdown, text, expected) => {
  expect(renderAnswer(markdown).text).toBe(text)
  expect(marks(markdown)).toEqual(expected)
})

test.each([
  ['[x](javascript:alert(1))'],
  ['[x](data:text/html,hi)'],
  ['[x](file:///etc/passwd)'],
  ['[x](/path)'],
])('%s is text, not a link', (markdown) => {
  expect(renderAnswer(markdown)).toEqual({ text: 'x', entities: [] })
})

test('code and other styles never overlap, as Telegram wants it', () => {
  expect(marks('## The `map` function')).toEqual(['bold The ', 'code map', 'bold  function'])
  expect(marks('**a `b` c**')).toEqual(['bold a ', 'code b', 'bold  c'])
  expect(marks('[`b`](https://a.b)')).toEqual(['text_link(https://a.b) b'])
})

test('a quote in a quote is one quote', () => {
  expect(marks('> a\n> > b')).toEqual(['blockquote a\n\nb'])
})

test('code in a list item keeps its own indentation', () => {
  const { text } = renderAnswer('1. run\n   ```sh\n   a\n     b\n   ```\n2. done')
  expect(text).toBe('1. run\na\n  b\n2. done')
})

test('a table is preformatted, its columns in line', () => {
  const { text, entities } = renderAnswer('|a|long|\n|-|-|\n|wide cell|1|')
  expect(text).toBe('a         │ long\n──────────┼─────\nwide cell │ 1')
  expect(entities).toEqual([{ type: 'pre', offset: 0, length: text.length }])
})

test('what is half written is shown as far as it goes', () => {
  expect(marks('text\n\n```py\nprint(')).toEqual(['pre(py) print('])
  expect(renderAnswer('half **bold').text).toBe('half **bold')
  expect(renderAnswer('').text).toBe('')
  expect(renderAnswer('```').text).toBe('')
})

test('HTML of a model is shown, not obeyed', () => {
  expect(renderAnswer('<script>x</script> <b>y</b>').text).toBe('<script>x</script> <b>y</b>')
})

test('every entity lies inside the text and covers something', () => {
  const markdown = '# a\n\n- **b**\n- `c`\n\n> d\n\n```\ne\n```\n\n|f|g|\n|-|-|\n|h|i|\n\n  _j_  '
  const { text, entities } = renderAnswer(markdown)
  for (const { offset, length } of entities) {
    expect(offset).toBeGreaterThanOrEqual(0)
    expect(offset + length).toBeLessThanOrEqual(text.length)
    expect(text.slice(offset, offset + length).trim()).not.toBe('')
  }
})

test('offsets count in UTF-16 units', () => {
  expect(renderAnswer('👨‍👩‍👧 **x**').entities).toEqual([{ type: 'bold', offset: 9, length: 1 }])
})
