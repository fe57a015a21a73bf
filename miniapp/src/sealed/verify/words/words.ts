import type { Catalogue } from '../../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What is said where a receipt is checked. */
export const VERIFY_WORDS: Catalogue<typeof en> = { en, ar, ru }
