import { expect, test } from 'vitest'
import { LANGUAGES } from '../../start/page-settings.ts'
import { cutAtPlaces } from '../../words/words.ts'
import { en } from './en.ts'
import { WALLET_WORDS } from './words.ts'

const ids = Object.keys(en) as (keyof typeof en)[]
const placesOf = (text: string) => new Set(cutAtPlaces(text).filter((_, at) => at % 2 === 1))

test.each(LANGUAGES)('%s says everything, with the same places to fill as English', (language) => {
  const words = WALLET_WORDS[language]
  expect(Object.keys(words).sort()).toEqual([...ids].sort())
  expect(ids.filter((id) => words[id].trim() === '')).toEqual([])
  for (const id of ids) expect(placesOf(words[id]), id).toEqual(placesOf(en[id]))
})

test('no sentence is left in English, and nobody is shouted at', () => {
  for (const language of ['ar', 'ru'] as const) {
    expect(ids.filter((id) => WALLET_WORDS[language][id] === en[id])).toEqual([])
  }
  for (const language of LANGUAGES) expect(JSON.stringify(WALLET_WORDS[language])).not.toMatch(/!|Oops/)
})
