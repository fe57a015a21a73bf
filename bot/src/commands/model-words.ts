import { ceilDiv, type Nano, nano } from '../../../protocol/src/money.ts'
import type { ModelOffer } from '../bot-deps.ts'
import type { WordId } from '../words/en.ts'

const TOKENS_PER_THOUSAND_WORDS = 1333n // 1,000 tokens are about 750 English words
const TOKENS_PER_PRICE = 1_000_000n
const WORDS_PER_TOKEN = 0.75
const READING_WORDS_PER_SECOND = { slow: 3, fast: 6 } // people read about four words a second

/** What an answer of about 1,000 words costs. */
export function pricePerThousandWords({ price }: Pick<ModelOffer, 'price'>): Nano {
  return nano(ceilDiv(price.output * TOKENS_PER_THOUSAND_WORDS, TOKENS_PER_PRICE))
}

/** A model's speed, measured against a reader. */
export function speedWords({ tokensPerSecond }: Pick<ModelOffer, 'tokensPerSecond'>): WordId {
  if (tokensPerSecond <= 0) return 'speed-unknown'
  const wordsPerSecond = tokensPerSecond * WORDS_PER_TOKEN
  if (wordsPerSecond < READING_WORDS_PER_SECOND.slow) return 'speed-slow'
  return wordsPerSecond < READING_WORDS_PER_SECOND.fast ? 'speed-reading' : 'speed-fast'
}
