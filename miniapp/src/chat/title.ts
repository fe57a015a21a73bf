/** Characters of a title that the first words give. */
const TITLE_CHARS = 48
/** Characters of a title that a person gives. */
export const TITLE_CHARS_MAX = 80

/** Names a conversation by the first words of its first question, cut between words. */
export function titleOf(question: string): string {
  const line = tidy(question)
  if (line.length <= TITLE_CHARS) return line
  const cut = line.slice(0, TITLE_CHARS)
  const atWord = cut.slice(0, Math.max(0, cut.lastIndexOf(' ')))
  return `${atWord.length > TITLE_CHARS / 2 ? atWord : wholeSymbols(cut)}…`
}

/** A name that a person gave; undefined where it says nothing. */
export function nameOf(text: string): string | undefined {
  return wholeSymbols(tidy(text).slice(0, TITLE_CHARS_MAX)) || undefined
}

/** One line without marks of Markdown at its beginning. */
function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[#>*`\-\s]+(?=\S)/, '')
}

/** Half of a surrogate pair at the end would be shown as a box. */
function wholeSymbols(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '').trimEnd()
}
