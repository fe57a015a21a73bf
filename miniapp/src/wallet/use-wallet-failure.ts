import { useFailureWords } from '../ui/failure-words.ts'
import { useWords } from '../words/define-words.ts'
import { walletFailure } from './failure-words.ts'
import { WALLET_WORDS } from './words/words.ts'

/** Says in the person's language why something with the wallet did not work. */
export function useWalletFailure(): (reason: string) => string {
  const words = useWords(WALLET_WORDS)
  const general = useFailureWords()
  return (reason) => walletFailure(words, reason) ?? general({ reason })
}
