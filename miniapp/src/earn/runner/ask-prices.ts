import { NANO_MAX, type Nano, nano } from '../../../../protocol/src/money.ts'
import { type DecimalFault, readDecimal, writeDecimal } from '../../ui/read-decimal.ts'

/** 1,000,000 tokens are about 750,000 words: 750 times 1,000. */
const THOUSANDS_OF_WORDS_PER_MILLION_TOKENS = 750n
const TON_DECIMALS = 9
/** 1,000,000 TON per 1,000,000 tokens: whatever is above is a slip of the finger. */
const ASK_MAX = nano(1_000_000_000_000_000n)

/** What 1,000,000 tokens cost where about 1,000 words cost so much. Exact. */
export function perMillionTokens(perThousandWords: bigint): Nano {
  return nano(perThousandWords * THOUSANDS_OF_WORDS_PER_MILLION_TOKENS)
}

/** A price per 1,000,000 tokens as a person edits it: TON per 1,000 words, rounded up to whole nano. */
export function askText(perMillion: Nano): string {
  const words = THOUSANDS_OF_WORDS_PER_MILLION_TOKENS
  return writeDecimal((perMillion + words - 1n) / words, TON_DECIMALS)
}

export type ReadAsk =
  | { readonly ok: true; readonly perMillion: Nano }
  | { readonly ok: false; readonly reason: DecimalFault }

/** Reads what was typed. Untouched text keeps the price to the nano, also where words cannot say it exactly. */
export function readAsk(typed: string, now: Nano): ReadAsk {
  if (typed === askText(now)) return { ok: true, perMillion: now }
  const max = (ASK_MAX < NANO_MAX ? ASK_MAX : NANO_MAX) / THOUSANDS_OF_WORDS_PER_MILLION_TOKENS
  const read = readDecimal(typed, { decimals: TON_DECIMALS, max })
  return read.ok ? { ok: true, perMillion: perMillionTokens(read.value) } : read
}
