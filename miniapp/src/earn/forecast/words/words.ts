import type { Catalogue } from '../../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What the forecast says. */
export const FORECAST_WORDS: Catalogue<typeof en> = { en, ar, ru }
