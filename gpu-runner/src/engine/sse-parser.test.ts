import { describe, expect, test } from 'vitest'
import { createSseParser, type SseEvent } from './sse-parser.ts'

function parse(parts: readonly Uint8Array[]): SseEvent[] {
  const parser = createSseParser()
  return [...parts.flatMap((part) => [...parser.push(part)]), ...parser.end()]
}

function parseText(text: string, partBytes = Number.POSITIVE_INFINITY): SseEvent[] {
  const bytes = new TextEncoder().encode(text)
  const size = Math.min(partBytes, bytes.length)
  return parse(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size)),
  )
}

const stream = [
  ': a comment, and the next line is one too',
  ':',
  'data: {"text":"حرير 🦋"}',
  '',
  'event: error',
  'id: 7',
  'retry: 1000',
  'data:no space',
  'data: second line',
  '',
  'data',
  '',
  'data: [DONE]',
  '',
  '',
]
const events = [
  { event: 'message', data: '{"text":"حرير 🦋"}' },
  { event: 'error', data: 'no space\nsecond line' },
  { event: 'message', data: '' },
  { event: 'message', data: '[DONE]' },
]

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
])('lines that end in %s', (_, end) => {
  test('give the same events in one part', () => expect(parseText(stream.join(end))).toEqual(events))
  test.each([1, 2, 3, 5, 7])('and in parts of %i bytes', (size) => {
    expect(parseText(stream.join(end), size)).toEqual(events)
  })
})

test('a last event without its empty line is not lost', () => {
  expect(parseText('data: last')).toEqual([{ event: 'message', data: 'last' }])
})

test('a byte order mark at the start is no part of a field', () => {
  expect(parseText('\uFEFFdata: x\n\n')).toEqual([{ event: 'message', data: 'x' }])
})

test('empty parts between CR and LF do not make an empty line', () => {
  const encode = (text: string) => new TextEncoder().encode(text)
  expect(parse([encode('data: a\r'), encode(''), encode('\ndata: b\r\n\r\n')])).toEqual([
    { event: 'message', data: 'a\nb' },
  ])
})

test('an event without end is refused, not collected for ever', () => {
  const parser = createSseParser()
  const part = new TextEncoder().encode('x'.repeat(50_000))
  parser.push(new TextEncoder().encode('data: '))
  expect(() => {
    for (let i = 0; i < 10; i++) parser.push(part)
  }).toThrow('larger than allowed')
})
