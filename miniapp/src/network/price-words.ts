import { type Nano, pricePerThousandWords } from '../../../protocol/src/money.ts'
import type { NetworkModel, Price } from './network.ts'

/** What about 1,000 words cost: the written ones where a model writes, the read ones where it only reads. */
export function wordsPrice({ kind, price }: Pick<NetworkModel, 'kind'> & { price: Price }): Nano {
  return pricePerThousandWords(kind === 'chat' ? price.output : price.input)
}

/** Writes a whole number with Latin digits: `60,000,000`, in Russian `60 000 000`. */
export function formatCount(language: string, value: number | bigint): string {
  const form =
    countForms.get(language) ?? new Intl.NumberFormat(`${language}-u-nu-latn`, { maximumFractionDigits: 0 })
  countForms.set(language, form)
  return form.format(value)
}

/** Made once for each language: making one takes longer than a row of a list. */
const countForms = new Map<string, Intl.NumberFormat>()
