import type { Catalogue } from '../../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** What a runner's own page says. */
export const RUNNER_WORDS: Catalogue<typeof en> = { en, ar, ru }
