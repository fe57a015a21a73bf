import { Address } from '@ton/core'

const MAIN_NETWORK = '-239'

/** Writes a raw address as wallets show it: `UQ…`, or `0Q…` on a test network. Not bounceable, since a new wallet would bounce. */
export function formatAddress(raw: string, network: string): string {
  return Address.parseRaw(raw).toString({ bounceable: false, testOnly: network !== MAIN_NETWORK })
}
