import { describe, expect, test } from 'vitest'
import { JOB_REASONS } from '../../../protocol/src/answer.ts'
import { REASON_WORDS } from '../chat/reason-words.ts'
import { ar } from './ar.ts'
import { en, type WordId } from './en.ts'
import { ru } from './ru.ts'
import { LANGUAGES, languageOf, resourceOf, wordsFor } from './words.ts'

const IDS = Object.keys(en) as WordId[]
const CATALOGS = { en, ar, ru }

function variablesOf(pattern: string): string[] {
  return [...new Set([...pattern.matchAll(/\$([a-z]+)/g)].map(([, name = '']) => name))].sort()
}

describe.each(LANGUAGES)('the words in %s', (language) => {
  test('are the same sentences with the same variables as in English', () => {
    const catalog = CATALOGS[language]
    expect(Object.keys(catalog).sort()).toEqual([...IDS].sort())
    for (const id of IDS) expect([id, variablesOf(catalog[id])]).toEqual([id, variablesOf(en[id])])
  })

  test('can all be said', () => {
    const words = wordsFor(language)
    for (const id of IDS) {
      const variables = Object.fromEntries(variablesOf(en[id]).map((name) => [name, 7]))
      expect(words(id, variables).trim().length).toBeGreaterThan(0)
    }
  })

  test('never shout, never say Oops, and carry no emoji', () => {
    for (const [id, sentence] of Object.entries(CATALOGS[language])) {
      expect([id, /[!¡！]|oops|\p{Extended_Pictographic}/iu.test(sentence)]).toEqual([id, false])
    }
  })

  test('never speak of machines that people do not see', () => {
    const technical = /\b(?:error|exception|timeout|server|worker|node|http|json|stack|undefined|null)\b/i
    for (const reason of JOB_REASONS) {
      expect(wordsFor(language)(REASON_WORDS[reason])).not.toMatch(technical)
    }
  })

  test('fit where Telegram puts them', () => {
    const words = wordsFor(language)
    expect(words('description').length).toBeLessThanOrEqual(512)
    expect(words('short-description').length).toBeLessThanOrEqual(120)
    for (const id of IDS.filter((name) => name.startsWith('command-'))) {
      expect(words(id).length).toBeLessThanOrEqual(256)
    }
    expect(words('invoice-title').length).toBeLessThanOrEqual(32)
    const filled = { credit: '9007199.254740991 TON', stars: '10000 Stars' }
    expect(words('invoice-description', filled).length).toBeLessThanOrEqual(255)
    for (const id of ['button-late', 'button-unknown', 'button-busy', 'button-not-yours'] as const) {
      expect(words(id).length).toBeLessThanOrEqual(200)
    }
  })
})

test('Arabic has its six plural forms wherever it counts', () => {
  const forms = ['zero', 'one', 'two', 'few', 'many', 'other']
  for (const [id, pattern] of Object.entries(ar)) {
    for (const [selector = ''] of pattern.matchAll(/\{ \$[a-z]+ ->[^}]*(?:\}[^}]*)*?\n\}/g)) {
      for (const form of forms) expect([id, selector.includes(`[${form}]`)]).toEqual([id, true])
    }
  }
  const words = wordsFor('ar')
  const said = [0, 1, 2, 3, 11, 100].map((seconds) => words('try-later', { seconds }))
  expect(new Set(said).size).toBe(6)
})

test('Russian counts as Russian does', () => {
  const words = wordsFor('ru')
  const said = (seconds: number) => words('queued', { place: 2, seconds })
  expect(said(1)).toBe('Место 2, примерно 1 секунда')
  expect(said(3)).toBe('Место 2, примерно 3 секунды')
  expect(said(5)).toBe('Место 2, примерно 5 секунд')
  expect(words('queued', { place: 1, seconds: 5 })).toBe('Вы следующий, примерно 5 секунд')
})

test('English counts as English does', () => {
  const words = wordsFor('en')
  expect(words('queued', { place: 1, seconds: 1 })).toBe('You are next, about 1 second')
  expect(words('queued', { place: 21, seconds: 8 })).toBe('Place 21, about 8 seconds')
})

test('in Arabic an amount is isolated with its sign and unit, with Latin digits', () => {
  const sentence = wordsFor('ar')('balance', { available: '0.05 TON' })
  expect(sentence).toContain('\u20680.05 TON\u2069')
  expect(wordsFor('ar')('try-later', { seconds: 12 })).toContain('12')
  expect(wordsFor('en')('balance', { available: '0.05 TON' })).toBe('You have 0.05 TON.')
})

test.each([
  ['ar', 'ar'],
  ['ar-EG', 'ar'],
  ['ru-RU', 'ru'],
  ['en-GB', 'en'],
  ['de', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('a person with %s is spoken to in %s', (tag, language) => {
  expect(languageOf(tag)).toBe(language)
})

test('a missing variable is a bug that shows itself', () => {
  expect(() => wordsFor('en')('balance')).toThrow()
})

test('a sentence may have several paragraphs', () => {
  expect(resourceOf('en')).toContain('privacy =\n')
  expect(wordsFor('en')('help').split('\n\n').length).toBe(2)
})
