import type { Nano } from '../../../protocol/src/money.ts'
import type { NetworkModel } from './network.ts'
import { wordsPrice } from './price-words.ts'

/** One price of an order book, ready to be shown. */
export type BookRow = {
  readonly id: string
  /** What about 1,000 words cost there. */
  readonly price: Nano
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly tokensPerSecond: number
  /** How deep the book is up to here, and how much of this step is free: shares of all places, from 0 to 1. */
  readonly before: number
  readonly free: number
  readonly busy: number
}

/** Lays the steps of an order book one behind the other: each bar begins where the cheaper ones end. */
export function toBook({ kind, asks }: Pick<NetworkModel, 'kind' | 'asks'>): readonly BookRow[] {
  const all = Math.max(
    1,
    asks.reduce((sum, { slots }) => sum + slots, 0),
  )
  let before = 0
  return asks.map(({ price, runners, slots, freeSlots, tokensPerSecond }) => {
    const row = {
      id: `${price.input}/${price.output}`,
      price: wordsPrice({ kind, price }),
      runners,
      slots,
      freeSlots,
      tokensPerSecond,
      before: before / all,
      free: freeSlots / all,
      busy: (slots - freeSlots) / all,
    }
    before += slots
    return row
  })
}
