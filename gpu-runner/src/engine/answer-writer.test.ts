import { expect, test } from 'vitest'
import { createAnswerWriter, heldLength } from './answer-writer.ts'
import type { Piece } from './engine.ts'

/** Writes words as units of one token each, and gives what came out. */
function write(words: readonly string[], stops: readonly string[]) {
  const writer = createAnswerWriter(stops)
  const pieces: Piece[] = []
  for (const [id, text] of words.entries()) {
    const { piece, stopped } = writer.push({ ids: [id], text })
    if (piece) pieces.push(piece)
    if (stopped) return { pieces, stopped: true, text: textOf(pieces) }
  }
  const rest = writer.flush()
  if (rest) pieces.push(rest)
  return { pieces, stopped: false, text: textOf(pieces) }
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('')
}

test('without stop strings every unit goes out at once, with its ids', () => {
  const { pieces } = write(['one ', 'two'], [])
  expect(pieces).toEqual([
    { text: 'one ', tokens: 1, tokenIds: [0] },
    { text: 'two', tokens: 1, tokenIds: [1] },
  ])
})

test('no part of a stop string is delivered, wherever the tokens cut it', () => {
  const whole = 'begin STOP end'
  for (let first = 1; first < whole.length; first++) {
    for (let second = first + 1; second < whole.length; second++) {
      const words = [whole.slice(0, first), whole.slice(first, second), whole.slice(second)]
      expect(write(words, ['STOP'])).toMatchObject({ stopped: true, text: 'begin ' })
    }
  }
})

test('what only looked like a stop string is delivered after all', () => {
  expect(write(['a S', 'TO', 'RY'], ['STOP'])).toMatchObject({ stopped: false, text: 'a STORY' })
  expect(write(['a ST'], ['STOP'])).toMatchObject({ stopped: false, text: 'a ST' })
})

test('of several stop strings the earliest place counts', () => {
  expect(write(['abc def ghi'], ['ghi', 'def'])).toMatchObject({ stopped: true, text: 'abc ' })
})

test('a piece that ends inside a token has no ids, and counts that token', () => {
  expect(write(['one ', 'two###'], ['###']).pieces).toEqual([
    { text: 'one ', tokens: 1, tokenIds: [0] },
    { text: 'two', tokens: 1 },
  ])
})

test('a piece that ends where a token ends keeps its ids, and the stop’s tokens are not counted', () => {
  expect(write(['one', '#', '##'], ['###']).pieces).toEqual([{ text: 'one', tokens: 1, tokenIds: [0] }])
})

test('ids say what the text says, piece by piece', () => {
  const words = ['x', 'S', 'T', 'y', 'ST', 'OQ', 'z']
  for (const piece of write(words, ['STOP']).pieces) {
    expect(piece.tokenIds?.map((id) => words[id]).join('')).toBe(piece.text)
  }
})

test('only the longest possible beginning is held', () => {
  expect(heldLength('abcab', ['abd', 'bx'])).toBe(2)
  expect(heldLength('aaaa', ['aaab'])).toBe(3)
  expect(heldLength('xyz', ['abc'])).toBe(0)
  expect(heldLength('anything', [])).toBe(0)
})
