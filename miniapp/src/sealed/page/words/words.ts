import type { Catalogue } from '../../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What the page says that shows why nobody can read a question. */
export const SEAL_PAGE_WORDS: Catalogue<typeof en> = { en, ar, ru }
