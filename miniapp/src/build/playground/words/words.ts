import type { Catalogue } from '../../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What the playground says. */
export const PLAYGROUND_WORDS: Catalogue<typeof en> = { en, ar, ru }
