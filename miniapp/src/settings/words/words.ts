import type { Catalogue, WordsOf } from '../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** Everything the settings say in one language. */
export type SettingsWords = WordsOf<typeof en>

export const SETTINGS_WORDS: Catalogue<typeof en> = { en, ar, ru }
