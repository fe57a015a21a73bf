import type { Language } from '../start/page-settings.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** A sentence with a number in it, in the forms that the language has for numbers. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

/** Everything the page says in one language. A language that misses a sentence does not compile. */
export type Words = {
  readonly [Id in keyof typeof en]: (typeof en)[Id] extends string ? string : Plural
}

export const WORDS: Record<Language, Words> = { en, ar, ru }

/** Gives the form of a sentence that fits the number. The number itself still has to be filled in. */
export function pluralOf(language: Language, forms: Plural, count: number): string {
  const rules = pluralRules.get(language) ?? new Intl.PluralRules(language)
  pluralRules.set(language, rules)
  return forms[rules.select(count)] ?? forms.other
}

/** Made once for each language: making one takes longer than a row of a list. */
const pluralRules = new Map<Language, Intl.PluralRules>()

/** Cuts a sentence at its `{places}`: texts at even positions, the names of the places at odd ones. */
export function cutAtPlaces(sentence: string): readonly string[] {
  return sentence.split(/\{([a-z]+)\}/)
}

/** Fills the `{places}` of a sentence. A place without a value stays as it is, so that a test finds it. */
export function fillText(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return cutAtPlaces(sentence)
    .map((part, at) => (at % 2 === 0 ? part : String(values[part] ?? `{${part}}`)))
    .join('')
}
