import { createContext, Fragment, type ReactNode, use } from 'react'
import type { Language } from '../start/page-settings.ts'
import { cutAtPlaces, WORDS, type Words } from './words.ts'

type Speech = { readonly language: Language; readonly words: Words }

/** The language of the page. It never changes while a page is open: another language is another address. */
export const SpeechContext = createContext<Speech>({ language: 'en', words: WORDS.en })

export function useSpeech(): Speech {
  return use(SpeechContext)
}

/** A sentence whose `{places}` are filled with elements. */
export function Sentence({
  text,
  ...values
}: { readonly text: string } & Readonly<Record<string, ReactNode>>): ReactNode {
  return cutAtPlaces(text).map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
    at % 2 === 0 ? part : <Fragment key={at}>{values[part]}</Fragment>,
  )
}
