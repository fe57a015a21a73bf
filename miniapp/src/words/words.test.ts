import { expect, test } from 'vitest'
import { LANGUAGES } from '../start/page-settings.ts'
import { en } from './en.ts'
import { cutAtPlaces, fillText, type Plural, pluralOf, WORDS } from './words.ts'

const ids = Object.keys(en) as (keyof typeof en)[]
const formsOf = (words: string | Plural) => (typeof words === 'string' ? [words] : Object.values(words))
const placesOf = (words: string | Plural) =>
  new Set(formsOf(words).flatMap((form) => cutAtPlaces(form).filter((_, at) => at % 2 === 1)))

test.each(LANGUAGES)('%s says everything, and nothing of it is empty', (language) => {
  const words = WORDS[language]
  expect(Object.keys(words).sort()).toEqual([...ids].sort())
  expect(ids.filter((id) => formsOf(words[id]).some((form) => form.trim() === ''))).toEqual([])
})

test.each(LANGUAGES)('%s has the same places to fill as English', (language) => {
  for (const id of ids) expect(placesOf(WORDS[language][id]), id).toEqual(placesOf(en[id]))
})

test.each(LANGUAGES)('%s has each plural form that its numbers need, and no other', (language) => {
  const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
  for (const id of ids) {
    const words = WORDS[language][id]
    if (typeof words !== 'string') expect(Object.keys(words).sort(), id).toEqual(needed)
  }
})

test('no sentence is left in English', () => {
  const same = (language: 'ar' | 'ru') => ids.filter((id) => id !== 'name' && WORDS[language][id] === en[id])
  expect(same('ar')).toEqual([])
  expect(same('ru')).toEqual([])
})

test('nobody is shouted at', () => {
  for (const language of LANGUAGES) expect(JSON.stringify(WORDS[language])).not.toMatch(/!|Oops/)
})

test('the number decides the form', () => {
  const say = (language: (typeof LANGUAGES)[number], count: number) =>
    fillText(pluralOf(language, WORDS[language].waiting, count), { count })
  expect(say('en', 1)).toBe('1 job is waiting.')
  expect(say('en', 2)).toBe('2 jobs are waiting.')
  expect(say('ar', 2)).toBe('سؤالان ينتظران.')
  expect(say('ar', 11)).toBe('11 سؤالًا ينتظر.')
  expect(say('ru', 3)).toBe('В очереди 3 вопроса.')
  expect(say('ru', 5)).toBe('В очереди 5 вопросов.')
})

test('a place without a value is not swallowed', () => {
  expect(fillText('{a} and {b}', { a: 1 })).toBe('1 and {b}')
})
