import type { Catalogue } from '../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What the chat says, in each language. */
export const CHAT_WORDS: Catalogue<typeof en> = { en, ar, ru }
