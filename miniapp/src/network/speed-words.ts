import type { NetworkModel } from './network.ts'

/** 1,000 tokens are about 750 English words. */
export const WORDS_PER_TOKEN = 0.75
const READING_WORDS_PER_SECOND = { slow: 3, fast: 6 } // people read about four words a second

/** A model's speed, measured against a reader. */
export function speedWords({
  tokensPerSecond,
}: Pick<NetworkModel, 'tokensPerSecond'>): 'speed-unknown' | 'speed-slow' | 'speed-reading' | 'speed-fast' {
  if (tokensPerSecond <= 0) return 'speed-unknown'
  const wordsPerSecond = tokensPerSecond * WORDS_PER_TOKEN
  if (wordsPerSecond < READING_WORDS_PER_SECOND.slow) return 'speed-slow'
  return wordsPerSecond < READING_WORDS_PER_SECOND.fast ? 'speed-reading' : 'speed-fast'
}
