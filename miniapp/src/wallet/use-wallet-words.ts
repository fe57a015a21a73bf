import type { Language } from '../start/page-settings.ts'
import { useSpeech } from '../words/words-context.tsx'
import { WALLET_WORDS, type WalletWords } from './words/words.ts'

/** The wallet page's sentences in the language of the page. */
export function useWalletWords(): { readonly language: Language; readonly words: WalletWords } {
  const { language } = useSpeech()
  return { language, words: WALLET_WORDS[language] }
}
