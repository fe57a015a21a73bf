import { sha256 } from '../platform/sha256.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, lower case
const ID_CHARS = 26

/**
 * The id of a payout, derived from what it is for: the same order gives the same id, so it is paid once. A cause is
 * `demand/<account>/<hash of the Idempotency-Key>`, `automatic/<account>/<which>` or `return/<deposit>`.
 */
export function payoutIdOf(cause: `${'demand' | 'automatic' | 'return'}/${string}`): string {
  let bits = BigInt(`0x${sha256(`sharnaqa payout ${cause}`)}`)
  let id = ''
  for (let i = 0; i < ID_CHARS; i++) {
    id = `${ALPHABET[Number(bits % 32n)]}${id}`
    bits /= 32n
  }
  return `po_${id}`
}
