import type { ReactNode } from 'react'
import { LANGUAGES, type Language } from '../start/page-settings.ts'
import { Mark } from '../ui/mark.tsx'
import { useSpeech } from '../words/words-context.tsx'

const NAMES: Record<Language, { readonly short: string; readonly full: string }> = {
  en: { short: 'EN', full: 'English' },
  ar: { short: 'ع', full: 'العربية' },
  ru: { short: 'RU', full: 'Русский' },
}

export function Header(): ReactNode {
  const { language, words } = useSpeech()
  return (
    <header className="top">
      <div className="top-row">
        <Mark />
        <div>
          <h1>{words.name}</h1>
          <p className="hint">{words['under-name']}</p>
        </div>
        <nav className="languages" aria-label={words.languages}>
          {LANGUAGES.map((one) => (
            <a
              key={one}
              href={addressIn(one)}
              lang={one}
              hrefLang={one}
              aria-label={`${NAMES[one].short}, ${NAMES[one].full}`}
              aria-current={one === language ? 'true' : undefined}
            >
              {NAMES[one].short}
            </a>
          ))}
        </nav>
      </div>
    </header>
  )
}

/** This page in another language. What Telegram wrote behind the `#` stays, and with it the theme. */
function addressIn(language: Language): string {
  const query = new URLSearchParams(location.search)
  query.set('lang', language)
  return `?${query}${location.hash}`
}
