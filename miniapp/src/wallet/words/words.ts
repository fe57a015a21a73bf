import type { Catalogue, WordsOf } from '../../words/define-words.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** Everything the wallet page says in one language. */
export type WalletWords = WordsOf<typeof en>

export const WALLET_WORDS: Catalogue<typeof en> = { en, ar, ru }
