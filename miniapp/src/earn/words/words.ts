import type { Catalogue } from '../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What the list of runners says, and what all earn pages say alike. */
export const EARN_WORDS: Catalogue<typeof en> = { en, ar, ru }
