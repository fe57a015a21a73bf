const ASCII_BYTES_PER_TOKEN = 3.5
const OTHER_BYTES_PER_TOKEN = 2
/** What a chat template adds around each message. */
const MESSAGE_TOKENS = 8

/** Guesses, rather too high than too low, how many tokens a message takes. The model's tokenizer is not at hand here. */
export function estimateTokens(text: string): number {
  let ascii = 0
  let other = 0
  for (const symbol of text) {
    const point = symbol.codePointAt(0) ?? 0
    if (point < 0x80) ascii += 1
    else other += point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return Math.ceil(ascii / ASCII_BYTES_PER_TOKEN + other / OTHER_BYTES_PER_TOKEN) + MESSAGE_TOKENS
}
