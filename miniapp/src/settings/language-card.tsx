import { type ReactNode, useId } from 'react'
import { chooseLanguage, readChosenLanguage } from '../start/chosen-language.ts'
import { LANGUAGES, type Language } from '../start/page-settings.ts'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { useWords } from '../words/define-words.ts'
import { SETTINGS_WORDS } from './words/words.ts'

/** The language of this app; the bot keeps to Telegram's. */
export function LanguageCard(): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  const telegram = useTelegram()
  const name = useId()
  const chosen = LANGUAGES.find((one) => one === readChosenLanguage())
  const choices: readonly (Language | undefined)[] = [undefined, ...LANGUAGES]
  const auto = words[telegram.isInside ? 'language-auto' : 'language-auto-browser']
  return (
    <fieldset className="card choices" data-testid="language">
      <legend>{words.language}</legend>
      {choices.map((one) => (
        <label key={one ?? 'auto'}>
          <input
            type="radio"
            name={name}
            value={one ?? 'auto'}
            checked={one === chosen}
            onChange={() => chooseLanguage(one)}
          />
          {one ? <bdi lang={one}>{words[`name-${one}`]}</bdi> : <span>{auto}</span>}
        </label>
      ))}
    </fieldset>
  )
}
