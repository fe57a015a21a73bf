import type { Catalogue } from '../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

export const LANDING_WORDS: Catalogue<typeof en> = { en, ar, ru }
