import { LANGUAGE_KEPT_AS, type Language } from './page-settings.ts'

/** The language that the person chose in the settings; null where none was, or the browser keeps nothing. */
export function readChosenLanguage(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEPT_AS)
  } catch {
    return null // storage is forbidden here: the language stays what Telegram says
  }
}

/** Keeps the chosen language, and opens the page again in it. Undefined: as Telegram has it. */
export function chooseLanguage(language: Language | undefined): void {
  const query = new URLSearchParams(location.search)
  query.delete('lang')
  try {
    if (language) localStorage.setItem(LANGUAGE_KEPT_AS, language)
    else localStorage.removeItem(LANGUAGE_KEPT_AS)
  } catch {
    if (language) query.set('lang', language) // kept by the address at least, while the page is open
  }
  const search = query.size > 0 ? `?${query}` : ''
  history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`)
  location.reload()
}
