import type { Language } from '../../start/page-settings.ts'

/** A moment as people write it, with Latin digits. */
export function momentWords(language: Language, ms: number): string {
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, { dateStyle: 'medium', timeStyle: 'short' }).format(
    ms,
  )
}
