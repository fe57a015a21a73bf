import { createHash, createHmac } from 'node:crypto'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'

const SEED_BYTES = 32
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 §7). */
const PKCS8_HEAD = '302e020100300506032b657004220420'

/** Keys of the proof of reserves, all from one seed. */
export type ReserveKeys = {
  readonly signingKey: CryptoKey
  /** Raw Ed25519, base64url. */
  readonly publicKey: string
  /** Salts of leaves are drawn from it. */
  readonly saltSecret: Uint8Array
  /** Names `saltSecret` without giving it away. */
  readonly saltKeyId: string
}

/**
 * Derives the keys from 32 secret bytes, which may also be the seed of the wallet: they go through HMAC with a label, so
 * nothing here says anything about the seed. Throws a RangeError for another length.
 */
export async function makeReserveKeys(seed: Uint8Array): Promise<ReserveKeys> {
  if (seed.length !== SEED_BYTES)
    throw new RangeError(`a seed must have ${SEED_BYTES} bytes, got ${seed.length}`)
  const derive = (label: string) => createHmac('sha256', seed).update(label).digest()
  const pkcs8 = Buffer.concat([Buffer.from(PKCS8_HEAD, 'hex'), derive('sharnaqa reserves signing v1')])
  // Only a key that may be exported tells its public half.
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const { x } = (await crypto.subtle.exportKey('jwk', readable)) as JsonWebKey
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  const saltSecret = derive('sharnaqa reserves salts v1')
  const saltKeyId = toBase64Url(createHash('sha256').update(saltSecret).digest().subarray(0, 12))
  return { signingKey, publicKey: x ?? '', saltSecret, saltKeyId }
}

/** The salt of a leaf: 16 bytes in hex, another one every day. */
export function drawSalt(saltSecret: Uint8Array, day: number, ledgerId: number): string {
  return createHmac('sha256', saltSecret).update(`${day}/${ledgerId}`).digest('hex').slice(0, 32)
}
