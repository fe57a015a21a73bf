import { type Address, beginCell, type Cell, type StateInit, storeStateInit } from '@ton/core'

/** One message that a wallet is asked to send. `amount` in nano. */
export type Transfer = {
  readonly to: Address
  readonly amount: bigint
  readonly body?: Cell
  readonly init?: StateInit
}

/**
 * A link that wallet apps open (`ton://transfer`): address, amount in nano, body and code as base64url
 * BOCs. As text in a QR code it works as well.
 */
export function transferLink({ to, amount, body, init }: Transfer, testOnly: boolean): string {
  // A contract that is not deployed yet would send the coins back.
  const address = to.toString({ bounceable: init === undefined, testOnly })
  const query = [
    `amount=${amount}`,
    ...(body ? [`bin=${toBase64Url(body)}`] : []),
    ...(init ? [`init=${toBase64Url(beginCell().store(storeStateInit(init)).endCell())}`] : []),
  ]
  return `ton://transfer/${address}?${query.join('&')}`
}

/** BOCs without index and checksum are the shortest, so the link's QR code is the smallest. */
function toBase64Url(cell: Cell): string {
  return cell.toBoc({ idx: false, crc32: false }).toString('base64url')
}
