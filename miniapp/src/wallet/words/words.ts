import type { Language } from '../../start/page-settings.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** Everything the wallet page says in one language. A language that misses a sentence does not compile. */
export type WalletWords = { readonly [Id in keyof typeof en]: string }

export const WALLET_WORDS: Record<Language, WalletWords> = { en, ar, ru }
