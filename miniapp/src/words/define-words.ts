import type { Language } from '../start/page-settings.ts'
import type { Plural } from './words.ts'
import { useSpeech } from './words-context.tsx'

/** What one part of the app says in one language: the same names as in English. */
export type WordsOf<English> = {
  readonly [Id in keyof English]: English[Id] extends string ? string : Plural
}

/** What one part of the app says in all languages. A language that misses a sentence does not compile. */
export type Catalogue<English> = Readonly<Record<Language, WordsOf<English>>>

/** The words of one part of the app, in the language of the page. */
export function useWords<English>(catalogue: Catalogue<English>): WordsOf<English> {
  return catalogue[useSpeech().language]
}
