declare const nanoBrand: unique symbol

/** An amount in nanoTON (1 TON = 1,000,000,000 nano). Always whole, never negative, at most 2^53 − 1. */
export type Nano = bigint & { readonly [nanoBrand]: true }

/** The largest amount that the ledger's database keeps exactly. */
export const NANO_MAX = 9_007_199_254_740_991n

/** Makes an amount. Throws a RangeError below 0 and above NANO_MAX: such an amount is a bug, not an input. */
export function nano(value: bigint): Nano {
  if (value < 0n) throw new RangeError(`an amount must not be negative, got ${value}`)
  if (value > NANO_MAX) throw new RangeError(`an amount must be at most ${NANO_MAX}, got ${value}`)
  return value as Nano
}

/** Reads an amount that came in as text or a number. Floats, exponents, signs and what exceeds NANO_MAX give undefined. */
export function parseNano(value: unknown): Nano | undefined {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const text = String(value)
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined
  const amount = BigInt(text)
  return amount <= NANO_MAX ? nano(amount) : undefined
}

/** Divides and rounds up. `numerator` ≥ 0, `denominator` > 0. */
export function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}

/** Writes an amount in TON for people: at most four significant digits, `0.0002 TON`. */
export function formatTon(amount: Nano): string {
  if (amount === 0n) return '0 TON'
  const digits = amount.toString().padStart(10, '0')
  const whole = digits.slice(0, -9)
  const fraction = digits.slice(-9)
  const lead = whole === '0' ? fraction.search(/[1-9]/) : 0
  const kept = whole === '0' ? lead + 4 : Math.max(0, 4 - whole.length)
  const shown = fraction.slice(0, kept).replace(/0+$/, '')
  return `${whole}${shown ? `.${shown}` : ''} TON`
}

/** Tokens of 1,000 English words: 1,000 tokens are about 750 words. */
const TOKENS_PER_THOUSAND_WORDS = { numerator: 4_000n, denominator: 3n }

/** What about 1,000 words cost at a price per 1,000,000 tokens. Rounded up, so that nobody is promised less than it costs. */
export function pricePerThousandWords(perMillionTokens: Nano): Nano {
  const { numerator, denominator } = TOKENS_PER_THOUSAND_WORDS
  return nano(ceilDiv(perMillionTokens * numerator, denominator * 1_000_000n))
}
