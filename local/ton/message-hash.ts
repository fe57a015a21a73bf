import { beginCell, Cell, type Message, storeMessage } from '@ton/core'
import { parseExternal } from './sandbox-chain.ts'

export function messageHash(message: Message): string {
  return beginCell().store(storeMessage(message)).endCell().hash().toString('hex')
}

/**
 * The hash of an external message that every way of writing it down shares (TEP-467): no source, no import fee, no
 * state, the body in a reference. Undefined for other messages.
 */
export function normalizedHash({ info, body }: Message): string | undefined {
  if (info.type !== 'external-in') return undefined
  const normal = beginCell()
    .storeUint(0b10, 2) // ext_in_msg_info
    .storeUint(0b00, 2) // addr_none
    .storeAddress(info.dest)
    .storeCoins(0n)
    .storeBit(false) // no state
    .storeBit(true) // the body is a reference
    .storeRef(body)
    .endCell()
  return normal.hash().toString('hex')
}

/** Both hashes of an external message's BOC (base64). Throws when it is none: check it first. */
export function hashesOfBoc(boc: string): { readonly hash: string; readonly normalized: string } {
  const message = parseExternal(boc)
  const normalized = message && normalizedHash(message)
  if (normalized === undefined) throw new Error('not an external message')
  return { hash: Cell.fromBase64(boc).hash().toString('hex'), normalized }
}

/** The text of a message's body, when it is a plain comment. */
export function commentOf(body: Cell): string | undefined {
  const slice = body.beginParse()
  if (slice.remainingBits < 32 || slice.loadUint(32) !== 0) return undefined
  try {
    return slice.loadStringTail()
  } catch {
    return undefined // an odd number of bits, or not a chain of cells
  }
}
