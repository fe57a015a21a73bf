import { expect, test } from 'vitest'
import { regionWord } from './region-word.ts'
import { RUNNER_WORDS } from './words/words.ts'

test('a continent has its name in each language', () => {
  const word = regionWord('EU')
  expect(word && [RUNNER_WORDS.en[word], RUNNER_WORDS.ar[word], RUNNER_WORDS.ru[word]]).toEqual([
    'Europe',
    'أوروبا',
    'Европа',
  ])
})

test.each([null, 'T1', 'constructor', ''])('%j is not named', (region) => {
  expect(regionWord(region)).toBeUndefined()
})
