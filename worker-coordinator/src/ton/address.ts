import { Address } from '@ton/core'

/** `-239`: the main network; `-3`: the test network. As wallets write it. */
export type TonNetwork = '-239' | '-3'

export type AddressResult =
  | { readonly ok: true; readonly address: string }
  | {
      readonly ok: false
      readonly reason: 'bad-address' | 'bad-checksum' | 'wrong-network' | 'wrong-workchain'
    }

const RAW = /^(-?[0-9]{1,10}):([0-9a-f]{64})$/i
const FRIENDLY = /^[A-Za-z0-9+/_-]{48}$/
const BOUNCEABLE = 0x11
const NON_BOUNCEABLE = 0x51
const TESTNET_FLAG = 0x80

/**
 * Reads an address that a person typed or a wallet gave, raw (`0:<64 hex>`) or user-friendly (48 characters), into its
 * raw form. Only the base workchain is paid to. A raw address says nothing of a network.
 */
export function parseAddress(text: string, network: TonNetwork): AddressResult {
  const raw = RAW.exec(text)
  if (raw) {
    if (raw[1] !== '0') return { ok: false, reason: 'wrong-workchain' }
    return { ok: true, address: `0:${String(raw[2]).toLowerCase()}` }
  }
  if (!FRIENDLY.test(text)) return { ok: false, reason: 'bad-address' }
  const bytes = Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
  if (crc16(bytes.subarray(0, 34)) !== bytes.readUInt16BE(34)) return { ok: false, reason: 'bad-checksum' }
  const flags = bytes.readUInt8(0)
  const tag = flags & ~TESTNET_FLAG
  if (tag !== BOUNCEABLE && tag !== NON_BOUNCEABLE) return { ok: false, reason: 'bad-address' }
  if ((flags & TESTNET_FLAG) !== 0 && network !== '-3') return { ok: false, reason: 'wrong-network' }
  if (bytes.readInt8(1) !== 0) return { ok: false, reason: 'wrong-workchain' }
  return { ok: true, address: `0:${bytes.subarray(2, 34).toString('hex')}` }
}

/** The form that people see: 48 characters, not bouncing, with the test network's flag where it belongs. */
export function toFriendlyAddress(address: string, network: TonNetwork): string {
  return Address.parseRaw(address).toString({ bounceable: false, testOnly: network === '-3' })
}

/** CRC-16/XMODEM, as TON's addresses carry it (TEP-2). */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc
}
