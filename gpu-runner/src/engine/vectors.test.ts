import { expect, test } from 'vitest'
import { decodeVector, encodeVector, shorten } from './vectors.ts'

test('the wire carries little-endian float32', () => {
  expect(encodeVector([1, -2])).toBe('AACAPwAAAMA=')
  expect([...decodeVector('AACAPwAAAMA=')]).toEqual([1, -2])
})

test('a shortened vector has unit length, and one without length stays as it is', () => {
  expect([...shorten(Float32Array.of(3, 4, 12), 2)].map((value) => Math.round(value * 10) / 10)).toEqual([
    0.6, 0.8,
  ])
  expect([...shorten(Float32Array.of(0, 0, 1), 2)]).toEqual([0, 0])
})
