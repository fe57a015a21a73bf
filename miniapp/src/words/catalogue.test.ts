import { expect, test } from 'vitest'
import { LANGUAGES } from '../start/page-settings.ts'
import { cutAtPlaces, type Plural } from './words.ts'

type Words = Readonly<Record<string, string | Plural>>

const files = import.meta.glob<Record<string, unknown>>('../**/words/words.ts', { eager: true })
const catalogues = Object.entries(files).flatMap(([file, exported]) =>
  Object.entries(exported)
    .filter((entry): entry is [string, Record<string, Words>] => isCatalogue(entry[1]))
    .map(([name, catalogue]) => ({ name: `${name} of ${file.slice(3)}`, catalogue })),
)
const each = catalogues.flatMap(({ name, catalogue }) =>
  LANGUAGES.map((language) => ({ name, language, words: catalogue[language] ?? {}, en: catalogue.en ?? {} })),
)

function isCatalogue(value: unknown): boolean {
  return typeof value === 'object' && value !== null && LANGUAGES.every((language) => language in value)
}

const formsOf = (words: string | Plural | undefined) =>
  typeof words === 'string' ? [words] : Object.values(words ?? {})
const placesOf = (words: string | Plural | undefined) =>
  new Set(formsOf(words).flatMap((form) => cutAtPlaces(form).filter((_, at) => at % 2 === 1)))

test('every page has its words here', () => {
  expect(catalogues.length).toBeGreaterThanOrEqual(2)
})

test.each(each)('$name: $language says everything, and nothing of it is empty', ({ words, en }) => {
  expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort())
  expect(Object.keys(en).filter((id) => formsOf(words[id]).some((form) => form.trim() === ''))).toEqual([])
})

test.each(each)('$name: $language has the same places to fill as English', ({ words, en }) => {
  for (const id of Object.keys(en)) expect(placesOf(words[id]), id).toEqual(placesOf(en[id]))
})

test.each(each)('$name: $language has each plural form that its numbers need, and no other', (one) => {
  const needed = new Intl.PluralRules(one.language).resolvedOptions().pluralCategories.toSorted()
  for (const [id, words] of Object.entries(one.words)) {
    if (typeof words !== 'string') expect(Object.keys(words).sort(), id).toEqual(needed)
  }
})

test.each(each)('$name: $language leaves no sentence in English, and shouts at nobody', (one) => {
  const same = Object.keys(one.en).filter((id) => one.words[id] === one.en[id] && !SAME_EVERYWHERE.test(id))
  if (one.language !== 'en') expect(same).toEqual([])
  expect(JSON.stringify(one.words)).not.toMatch(/!|Oops/)
})

/** Names that are the same in every language: ids that begin or end so. */
const SAME_EVERYWHERE = /^name$|^name-|-name$/
