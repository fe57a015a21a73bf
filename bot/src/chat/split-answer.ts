import { type RichText, sliceRich, trimRich } from './rich-text.ts'

/** The most a Telegram message holds, in UTF-16 units. */
export const MESSAGE_CHARS_MAX = 4096
const ENTITIES_MAX = 100
/** A border that would leave a part emptier than this is not worth it: readers get few messages, each well filled. */
const FILL_MIN = 0.55
/** A grapheme longer than this is cut: no writing needs one. */
const GRAPHEME_CHARS_MAX = 512

/**
 * Splits an answer into messages: at a paragraph, else a line, a sentence, a word; never inside a grapheme, and inside
 * an entity only when it is longer than a message. A code block or a quote that is cut goes on as one in the next part.
 */
export function splitAnswer(answer: RichText, charsMax = MESSAGE_CHARS_MAX): RichText[] {
  const parts: RichText[] = []
  let rest = trimRich(answer)
  while (rest.text.length > charsMax) {
    const cut = findCut(rest, charsMax)
    parts.push(trimRich(sliceRich(rest, 0, cut)))
    rest = trimRich(sliceRich(rest, cut, rest.text.length))
  }
  return [...parts, rest]
    .filter(({ text }) => text.length > 0)
    .map(({ text, entities }) => ({ text, entities: entities.slice(0, ENTITIES_MAX) }))
}

function findCut(rich: RichText, charsMax: number): number {
  const { text } = rich
  const head = text.slice(0, charsMax)
  const fillMin = Math.floor(charsMax * FILL_MIN)
  const anywhere = () => true
  const loose = (cut: number) => !cutsEntity(rich, cut, ['pre', 'blockquote'])
  const inText = (cut: number) => !cutsEntity(rich, cut, ['blockquote'])
  return (
    lastCut(head, /\n\n+/g, fillMin, inText) ??
    lastCut(head, /\n+/g, fillMin, inText) ??
    lastCut(head, /\n+/g, fillMin, loose) ??
    lastCut(head, /[.!?…؟。！？]+["'»”)\]]*\s+/g, fillMin, inText) ??
    lastCut(head, /\s+/g, 1, (cut) => loose(cut) && isBorder(text, cut)) ??
    lastBorder(text, charsMax, loose) ??
    lastBorder(text, charsMax, anywhere) ??
    wholeSymbols(text, charsMax)
  )
}

/** The end of the last match that the test allows. */
function lastCut(
  head: string,
  pattern: RegExp,
  cutMin: number,
  allows: (cut: number) => boolean,
): number | undefined {
  let found: number | undefined
  for (const match of head.matchAll(pattern)) {
    const cut = match.index + match[0].length
    if (cut >= cutMin && match.index > 0 && allows(cut)) found = cut
  }
  return found
}

function cutsEntity({ entities }: RichText, cut: number, splittable: readonly string[]): boolean {
  return entities.some(
    ({ type, offset, length }) => !splittable.includes(type) && offset < cut && cut < offset + length,
  )
}

/** A space may carry a combining mark: then the cut is none. */
function isBorder(text: string, cut: number): boolean {
  const from = Math.max(0, cut - 2)
  const next = new Intl.Segmenter().segment(text.slice(from, cut + GRAPHEME_CHARS_MAX)).containing(cut - from)
  return next?.index === cut - from
}

/** The last border between graphemes, as far as the test allows one. */
function lastBorder(text: string, charsMax: number, allows: (cut: number) => boolean): number | undefined {
  let found: number | undefined
  for (const { index } of new Intl.Segmenter().segment(text.slice(0, charsMax + GRAPHEME_CHARS_MAX))) {
    if (index > charsMax) break
    if (index > 0 && allows(index)) found = index
  }
  return found
}

function wholeSymbols(text: string, charsMax: number): number {
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(charsMax - 1))
  return isPair ? charsMax - 1 : charsMax
}
