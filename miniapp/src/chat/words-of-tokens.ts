const WORDS_PER_TOKEN = 0.75

/** Tokens in words, as people count: about. */
export function wordsOfTokens(tokens: number): number {
  return Math.max(1, Math.round(tokens * WORDS_PER_TOKEN))
}
