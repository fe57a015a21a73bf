/** What a search found in a conversation: where in the text, or in its title alone. */
export type Hit = { readonly conversation: string; readonly excerpt: string | undefined }

const EXCERPT_BEFORE = 24
const EXCERPT_CHARS = 96

/**
 * Whether a text has all the words that are looked for. Case, accents, and the vowel signs and stretches of Arabic make no
 * difference.
 */
export function matches(text: string, query: string): boolean {
  const words = wordsOf(query)
  if (words.length === 0) return false
  const folded = fold(text)
  return words.every((word) => folded.includes(word))
}

/** The part of a text around the first word that is looked for, in one line. */
export function excerptOf(text: string, query: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const [word = ''] = wordsOf(query)
  const at = Math.max(0, findFolded(line, word) - EXCERPT_BEFORE)
  const start = at === 0 ? 0 : line.indexOf(' ', at) + 1
  return `${start > 0 ? '…' : ''}${line.slice(start, start + EXCERPT_CHARS)}`
}

function wordsOf(query: string): readonly string[] {
  return fold(query).split(/\s+/).filter(Boolean)
}

/** Letters without their marks; the forms of alef, and ё with е, are one. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{Mn}\u0640]/gu, '')
    .replace(/[\u0671\u0672\u0673\u0675]/g, '\u0627')
    .toLowerCase()
}

/** Where a folded word begins in a text that is not folded. */
function findFolded(text: string, word: string): number {
  const folded = fold(text)
  const at = folded.indexOf(word)
  if (at <= 0) return 0
  let passed = 0
  let place = 0
  for (const symbol of text) {
    if (passed >= at) break
    passed += fold(symbol).length
    place += symbol.length
  }
  return place
}
