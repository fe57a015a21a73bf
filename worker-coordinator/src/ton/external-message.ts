import { beginCell, loadMessage } from '@ton/core'
import { readCell } from './text-comment.ts'

/**
 * The hash of an external message (base64 BOC) that every way of writing it down shares, lower-case hex: no source, no
 * import fee, no state, the body in a reference (TEP-467). Undefined for what is no such message. Never throws: wallets
 * write it.
 */
export function hashExternalMessage(boc: string): string | undefined {
  const cell = readCell(boc)
  if (!cell) return undefined
  try {
    const { info, body } = loadMessage(cell.beginParse())
    if (info.type !== 'external-in') return undefined
    return beginCell()
      .storeUint(0b10, 2) // ext_in_msg_info
      .storeUint(0b00, 2) // addr_none
      .storeAddress(info.dest)
      .storeCoins(0n)
      .storeBit(false) // no state
      .storeBit(true) // the body is a reference
      .storeRef(body)
      .endCell()
      .hash()
      .toString('hex')
  } catch {
    return undefined // a cell that is no message
  }
}
