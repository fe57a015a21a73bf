import { type Nano, nano, parseNano } from '../../../protocol/src/money.ts'

/** How many Stars can be bought at once. */
export const STAR_PACKAGES = [50, 250, 1000] as const

/**
 * What one Star buys, in nano, when the operator says nothing else. A placeholder: the operator sets the variable
 * `STAR_NANO` to what Telegram pays for a Star at present, less what the operator keeps. A change counts at once;
 * invoices that were sent before it are refused at the checkout.
 */
export const STAR_NANO_DEFAULT = nano(5_000_000n)

/** Reads `STAR_NANO`. Throws on what is no whole number of nano above 0: a wrong price would invent money. */
export function readStarPrice(value: string | undefined): Nano {
  if (value === undefined || value === '') return STAR_NANO_DEFAULT
  const price = parseNano(value)
  if (price === undefined || price === 0n) {
    throw new Error(`STAR_NANO must be a whole number of nano above 0, got ${JSON.stringify(value)}`)
  }
  return price
}

/** What a number of Stars buys. */
export function creditFor(stars: number, starNano: Nano): Nano {
  return nano(BigInt(stars) * starNano)
}
