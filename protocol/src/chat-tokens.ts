import { ceilDiv, type Nano, nano } from './money.ts'

// How tokens are counted before there are any: coordinator, bot and pages must agree on it.

/** Tokens of an answer when the caller sets no limit. */
export const DEFAULT_MAX_TOKENS = 4096

/** Tokens that a chat template may add: once, and around each message. */
const TEMPLATE_TOKENS = 64
const TEMPLATE_TOKENS_PER_MESSAGE = 16

const ASCII_BYTES_PER_TOKEN = 3.5
const OTHER_BYTES_PER_TOKEN = 2
/** What a chat template adds around each message, as a rule. */
const USUAL_MESSAGE_TOKENS = 8

/**
 * The most tokens that a prompt can have. No byte-level tokenizer makes more tokens than bytes, so this holds without
 * knowing the model's.
 */
export function promptTokensMost({
  bytes,
  messages,
}: {
  readonly bytes: number
  readonly messages: number
}): number {
  return bytes + TEMPLATE_TOKENS + TEMPLATE_TOKENS_PER_MESSAGE * messages
}

/** What tokens cost at prices per 1,000,000; a part of a nano counts as a whole one. */
export function costOfTokens(
  price: { readonly input: Nano; readonly output: Nano },
  { prompt, answer }: { readonly prompt: number; readonly answer: number },
): Nano {
  return nano(ceilDiv(BigInt(prompt) * price.input + BigInt(answer) * price.output, 1_000_000n))
}

/** Guesses, rather too high than too low, how many tokens a message takes. The model's tokenizer is not at hand here. */
export function estimateTokens(text: string): number {
  const { ascii, other } = countBytes(text)
  return Math.ceil(ascii / ASCII_BYTES_PER_TOKEN + other / OTHER_BYTES_PER_TOKEN) + USUAL_MESSAGE_TOKENS
}

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  const { ascii, other } = countBytes(text)
  return ascii + other
}

function countBytes(text: string): { readonly ascii: number; readonly other: number } {
  let ascii = 0
  let other = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) ascii += 1
    else if (unit < 0x800) other += 2
    else if (unit >= 0xd800 && unit <= 0xdfff)
      other += 2 // half of a pair that has four bytes
    else other += 3
  }
  return { ascii, other }
}
