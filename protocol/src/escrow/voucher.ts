import type { SigningKey } from '../ed25519.ts'
import type { Nano } from '../money.ts'

/** A contract's raw address: `0:` and 64 lower-case hex digits. Escrows live in the basechain only. */
export const RAW_ADDRESS = /^0:[0-9a-f]{64}$/

/** The largest term that a contract can have, a logical time of 64 bits. */
export const TERM_MAX = 2n ** 64n - 1n

/** What a voucher allows: the payee may have collected `cumulative` in all, while the contract is in this term. */
export type Voucher = {
  /** Raw address of the escrow. */
  readonly address: string
  /** Logical time of the deposit that opened the term, as the contract's `escrow_state` shows it. */
  readonly term: bigint
  readonly cumulative: Nano
}

const PREFIX = 'sharnaqa-escrow-voucher-v1\n'

/**
 * The 84 bytes that the session key signs, and that the contract builds again by itself: the prefix, the workchain (1),
 * the address (32), the term (8) and the sum (16), all big-endian. Throws when the address or the term is none.
 */
export function voucherBytes({ address, term, cumulative }: Voucher): Uint8Array<ArrayBuffer> {
  if (!RAW_ADDRESS.test(address)) throw new RangeError(`not a raw address: ${address}`)
  if (term < 1n || term > TERM_MAX) throw new RangeError(`not a term: ${term}`)
  const hex = `00${address.slice(2)}${toFixedHex(term, 8)}${toFixedHex(cumulative, 16)}`
  return new Uint8Array([...new TextEncoder().encode(PREFIX), ...fromHex(hex)])
}

/** Signs a voucher with the session key. Gives the 64 bytes. */
export async function signVoucher(
  privateKey: SigningKey,
  voucher: Voucher,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, voucherBytes(voucher)))
}

/** Checks a voucher's signature. `sessionKey` is hex. A malformed key or signature is false, not a throw. */
export function verifyVoucher(
  sessionKey: string,
  signature: Uint8Array<ArrayBuffer>,
  voucher: Voucher,
): Promise<boolean> {
  return isSignedBy(sessionKey, signature, voucherBytes(voucher))
}

/**
 * The text that the session key signs when an escrow joins an account. Without it whoever saw the contract on the chain
 * could have its coins credited to themselves.
 */
export function registrationText({ address, accountId }: { address: string; accountId: number }): string {
  return ['sharnaqa-escrow-registration-v1', address, String(accountId)].join('\n')
}

/** Checks the signature over a registration. */
export function verifyRegistration(
  sessionKey: string,
  signature: Uint8Array<ArrayBuffer>,
  registration: { readonly address: string; readonly accountId: number },
): Promise<boolean> {
  const bytes = new Uint8Array(new TextEncoder().encode(registrationText(registration)))
  return isSignedBy(sessionKey, signature, bytes)
}

async function isSignedBy(
  keyHex: string,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(keyHex) || signature.length !== 64) return false
  try {
    const key = await crypto.subtle.importKey('raw', fromHex(keyHex), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, signature, bytes)
  } catch {
    return false // some runtimes refuse to import 32 bytes that are no point of the curve
  }
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

function toFixedHex(value: bigint, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0')
}
