import { expect, test } from 'vitest'
import { deviceWords } from './device-words.ts'

test('a processor is not called by three letters', () => {
  expect(deviceWords('cpu', 'processor')).toBe('processor')
  expect(deviceWords('RTX 4090', 'processor')).toBe('RTX 4090')
})

test('before a runner has said what it is, nothing is said', () => {
  expect(deviceWords(null, 'processor')).toBeUndefined()
  expect(deviceWords('', 'processor')).toBeUndefined()
})
