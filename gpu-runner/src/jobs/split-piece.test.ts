import { expect, test } from 'vitest'
import { CHUNK_BYTES_MAX } from '../../../protocol/src/sealed/answer.ts'
import { readPiece, writePiece } from '../../../protocol/src/sealed/answer-pieces.ts'
import type { Piece } from '../engine/engine.ts'
import { splitPiece } from './split-piece.ts'

function split(piece: Piece) {
  const parts = splitPiece(piece) ?? []
  for (const part of parts) {
    const bytes = writePiece(part)
    expect(bytes.length).toBeLessThanOrEqual(CHUNK_BYTES_MAX)
    expect(readPiece(bytes)).toEqual(part)
  }
  return {
    parts,
    text: parts.map(({ text }) => text).join(''),
    reasoning: parts.map(({ reasoning }) => reasoning ?? '').join(''),
    tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

test('a piece that fits stays as it is, with its ids', () => {
  const piece = { text: 'سر 🦋', tokens: 2, tokenIds: [4, 5], reasoning: 'hm', toolCalls: [{ index: 0 }] }
  expect(splitPiece(piece)).toEqual([{ type: 'text', ...piece }])
})

test.each([
  ['letters', 'a'],
  ['Arabic', 'شرنقة '],
  ['characters of two units', '🦋'],
  ['what JSON escapes', '"\\\n'],
  ['control characters, six bytes each', '\u0001'],
  ['halves of characters', '\ud800'],
])('a long text of %s arrives whole, cut between code points', (_, unit) => {
  const piece = { text: unit.repeat(5000), tokens: 77, tokenIds: [1] }
  const { parts, text, tokens } = split(piece)
  expect(parts.length).toBeGreaterThan(1)
  expect(text).toBe(piece.text)
  expect(tokens).toBe(77)
  expect(parts.some(({ tokenIds }) => tokenIds)).toBe(false)
  if (unit.length > 0 && unit !== '\ud800')
    for (const part of parts) expect(part.text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/)
})

test('thoughts and text are cut apart, thoughts first', () => {
  const { parts, text, reasoning } = split({
    text: 't'.repeat(6000),
    tokens: 3,
    reasoning: 'r'.repeat(6000),
  })
  expect({ text: text.length, reasoning: reasoning.length }).toEqual({ text: 6000, reasoning: 6000 })
  expect(parts.findLastIndex((part) => part.reasoning)).toBeLessThan(parts.findIndex((part) => part.text))
})

test('a long tool call is streamed as OpenAI streams it: named once, then its arguments', () => {
  const text = JSON.stringify({ q: '"'.repeat(9000) })
  const call = { index: 1, id: 'call_1', type: 'function', function: { name: 'find', arguments: text } }
  const { parts } = split({ text: 'so', tokens: 9, toolCalls: [{ index: 0 }, call] })
  const calls = parts.flatMap(({ toolCalls }) => toolCalls ?? []) as (typeof call)[]
  expect(calls[0]).toEqual({ index: 0 })
  expect(calls[1]).toEqual({ ...call, function: { name: 'find', arguments: '' } })
  const rest = calls.slice(2)
  expect(rest.every((one) => one.index === 1 && one.id === undefined)).toBe(true)
  expect(rest.map((one) => one.function.arguments).join('')).toBe(text)
})

test('ids alone can be too many: the text then goes without them', () => {
  const { text, tokens } = split({ text: 'x', tokens: 2000, tokenIds: Array(2000).fill(123_456) })
  expect({ text, tokens }).toEqual({ text: 'x', tokens: 2000 })
})

test.each([
  ['x'.repeat(9000)],
  [{ function: { name: 'n'.repeat(9000), arguments: '' } }],
  [{ other: 'y'.repeat(9000) }],
])('a tool call of no known shape that fits in no chunk is none', (call) => {
  expect(splitPiece({ text: '', tokens: 1, toolCalls: [call] })).toBeUndefined()
})

test.each([
  ['negative', { tokens: -1 }],
  ['half', { tokens: 0.5 }],
  ['no', { tokens: Number.NaN }],
  ['a negative id among its', { tokens: 1, tokenIds: [-1] }],
])('a piece with %s tokens is none', (_, numbers) => {
  expect(splitPiece({ text: 'x', ...numbers })).toBeUndefined()
})
