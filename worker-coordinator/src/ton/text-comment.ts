import { beginCell, Cell } from '@ton/core'

/** The most cells of a comment that are read. A longer one is cut. */
const COMMENT_CELLS_MAX = 16

/**
 * Reads the text comment of a message's body (TEP-74: 32 zero bits, then UTF-8, going on in the first reference).
 * Undefined for anything else. Never throws: strangers write bodies.
 */
export function readTextComment(body: Cell): string | undefined {
  try {
    const first = body.beginParse()
    if (first.remainingBits < 32 || first.loadUint(32) !== 0) return undefined
    const parts: Buffer[] = []
    let rest = first
    for (let cells = 0; cells < COMMENT_CELLS_MAX; cells++) {
      if (rest.remainingBits % 8 !== 0) return undefined
      parts.push(rest.loadBuffer(rest.remainingBits / 8))
      if (rest.remainingRefs === 0) break
      rest = rest.loadRef().beginParse()
    }
    return Buffer.concat(parts).toString('utf8')
  } catch {
    return undefined // an exotic cell where text should be
  }
}

/** A body that carries a text. */
export function textCommentBody(text: string): Cell {
  return beginCell().storeUint(0, 32).storeStringTail(text).endCell()
}

/** Reads a BOC of one root in base64. Undefined when it is none. */
export function readCell(boc: string): Cell | undefined {
  try {
    const roots = Cell.fromBoc(Buffer.from(boc, 'base64'))
    return roots.length === 1 ? roots[0] : undefined
  } catch {
    return undefined // not a bag of cells
  }
}
