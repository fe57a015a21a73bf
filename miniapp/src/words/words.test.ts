import { expect, test } from 'vitest'
import { NETWORK_WORDS } from '../network/words/words.ts'
import type { LANGUAGES } from '../start/page-settings.ts'
import { fillText, pluralOf } from './words.ts'

test('the number decides the form', () => {
  const say = (language: (typeof LANGUAGES)[number], count: number) =>
    fillText(pluralOf(language, NETWORK_WORDS[language].waiting, count), { count })
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
