import type { Catalogue } from '../../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What is said where machines are confirmed. */
export const MACHINE_WORDS: Catalogue<typeof en> = { en, ar, ru }
