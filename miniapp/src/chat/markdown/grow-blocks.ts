import { Lexer, type Token } from 'marked'

/** One block of Markdown: a paragraph, a list, code. `at` is where its source begins, and names it as long as it grows. */
export type Block = { readonly at: number; readonly raw: string; readonly token: Token }

/** A text cut into blocks. What is `sure` does not change any more, however the text goes on. */
export type Blocks = {
  readonly text: string
  readonly sure: readonly Block[]
  readonly open: readonly Block[]
}

export const NO_BLOCKS: Blocks = { text: '', sure: [], open: [] }

/** Blocks at the end of a growing text that what comes next can still change: `- a`, a blank line, and `-` become one list. */
const OPEN_BLOCKS = 2

/**
 * Cuts a text into blocks. Of a text that has grown only the end is read again, and the blocks before it stay the same
 * objects: they need not be drawn again.
 */
export function growBlocks(before: Blocks, written: string): Blocks {
  const text = written.replace(/\r\n?/g, '\n')
  if (text === before.text) return before
  const hasGrown = text.startsWith(before.text)
  const sure = hasGrown ? before.sure : []
  const last = sure.at(-1)
  const from = last ? last.at + last.raw.length : 0
  const read = readBlocks(text.slice(from), from)
  const isBlock = ({ token }: Block) => token.type !== 'space'
  let open = read.length
  for (let kept = 0; open > 0 && kept < OPEN_BLOCKS; open--) {
    const block = read[open - 1]
    if (block && isBlock(block)) kept += 1
  }
  return { text, sure: [...sure, ...read.slice(0, open)], open: keepSame(before.open, read.slice(open)) }
}

function readBlocks(source: string, from: number): readonly Block[] {
  let at = from
  return lex(source).map((token) => {
    const block = { at, raw: token.raw, token }
    at += token.raw.length
    return block
  })
}

/** Blocks whose source is the same stay the same objects. */
function keepSame(before: readonly Block[], now: readonly Block[]): readonly Block[] {
  return now.map((block) => before.find(({ at, raw }) => at === block.at && raw === block.raw) ?? block)
}

/** A quote in a quote in a quote, and lists likewise. */
const DEEP = /(?:^|\n)(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){32}/
/** So many marks of emphasis, and more than a quarter of the text, are no emphasis any more. */
const MARKS_MAX = 2000

/** Texts that take the lexer seconds: nobody means them. */
function isKnotted(source: string): boolean {
  const marks = source.match(/[_*]/g)?.length ?? 0
  return (marks > MARKS_MAX && marks * 4 > source.length) || DEEP.test(source)
}

function lex(source: string): readonly Token[] {
  if (isKnotted(source)) return plain(source)
  try {
    const tokens: readonly Token[] = new Lexer({ gfm: true }).lex(source)
    const isWhole = tokens.reduce((sum, { raw }) => sum + raw.length, 0) === source.length
    return isWhole ? tokens : plain(source)
  } catch {
    return plain(source) // nested deeper than the stack: shown as it was written
  }
}

function plain(source: string): readonly Token[] {
  return [{ type: 'text', raw: source, text: source, escaped: false }]
}
