import { ceilDiv, type Nano, nano } from '../../../protocol/src/money.ts'
import type { NetworkModel, Price } from './network.ts'

// 1,000 tokens are about 750 English words, so 1,000 words are 4,000 / 3 tokens.
const TOKENS_PER_THOUSAND_WORDS = { numerator: 4000n, denominator: 3n }
const TOKENS_PER_PRICE = 1_000_000n

/** What about 1,000 words cost: the written ones where a model writes, the read ones where it only reads. */
export function pricePerThousandWords({ kind, price }: Pick<NetworkModel, 'kind'> & { price: Price }): Nano {
  const { numerator, denominator } = TOKENS_PER_THOUSAND_WORDS
  const perMillion = kind === 'chat' ? price.output : price.input
  return nano(ceilDiv(perMillion * numerator, denominator * TOKENS_PER_PRICE))
}

/** Writes a whole number with Latin digits: `60,000,000`, in Russian `60 000 000`. */
export function formatCount(language: string, value: number | bigint): string {
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { maximumFractionDigits: 0 }).format(value)
}
