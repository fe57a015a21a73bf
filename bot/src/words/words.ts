import { FluentBundle, FluentResource } from '@fluent/bundle'
import { ar } from './ar.ts'
import { en, type WordId } from './en.ts'
import { ru } from './ru.ts'

export const LANGUAGES = ['en', 'ar', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

/** Says a sentence in one language. Throws when a variable is missing: that is a bug. */
export type Words = (id: WordId, variables?: Readonly<Record<string, string | number>>) => string

const CATALOGS: Record<Language, Readonly<Record<WordId, string>>> = { en, ar, ru }
// Latin digits in every language: amounts and places read the same everywhere.
const LOCALES: Record<Language, string> = { en: 'en', ar: 'ar-u-nu-latn', ru: 'ru' }
const opened = new Map<Language, Words>()

/** Picks the language for an IETF tag as Telegram gives it; English for all that is not spoken here. */
export function languageOf(tag: string | undefined): Language {
  const base = tag?.toLowerCase().split(/[-_]/)[0]
  return LANGUAGES.find((language) => language === base) ?? 'en'
}

export function wordsFor(language: Language): Words {
  const known = opened.get(language)
  if (known) return known
  const words = openWords(language)
  opened.set(language, words)
  return words
}

/** The catalog of a language as one Fluent resource. */
export function resourceOf(language: Language): string {
  return Object.entries(CATALOGS[language])
    .map(([id, pattern]) => `${id} =\n${pattern.replace(/^(?=.)/gm, '    ')}\n`)
    .join('\n')
}

/** Writes a moment to the minute, in UTC: nobody knows where the reader is. */
export function formatTime(language: Language, atMs: number): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  return `${format.format(new Date(atMs))} UTC`
}

/** Writes a day, in UTC. */
export function formatDay(language: Language, atMs: number): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeZone: 'UTC' })
  return format.format(new Date(atMs))
}

function openWords(language: Language): Words {
  // In Arabic each variable is isolated, so that a sign or a unit stays on its side of the number.
  const bundle = new FluentBundle(LOCALES[language], { useIsolating: language === 'ar' })
  const problems = bundle.addResource(new FluentResource(resourceOf(language)))
  if (problems[0]) throw problems[0]
  return (id, variables = {}) => {
    const pattern = bundle.getMessage(id)?.value
    if (!pattern) throw new Error(`no words for "${id}" in "${language}"`)
    return bundle.formatPattern(pattern, { ...variables })
  }
}
