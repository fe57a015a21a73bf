import { type Bytes, fromCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { deriveKey } from './derive-key.ts'

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 §7). */
const PKCS8_HEAD = '302e020100300506032b657004220420'

/** The key that directories are signed with: the same in every isolate. */
export type DirectorySigner = {
  /** Raw Ed25519. */
  readonly publicKey: Bytes
  readonly privateKey: CryptoKey
}

/** Derives the key from the coordinator's secret. Throws without one of at least 32 characters. */
export async function makeDirectoryKey(secret: string | undefined): Promise<DirectorySigner> {
  const seed = deriveKey(secret, 'sharnaqa directory signing v1')
  const pkcs8 = Buffer.concat([Buffer.from(PKCS8_HEAD, 'hex'), seed])
  // Only a key that may be exported tells its public half.
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const { x = '' } = (await crypto.subtle.exportKey('jwk', readable)) as JsonWebKey
  const publicKey = fromCanonicalBase64Url(x)
  if (publicKey?.length !== 32) throw new Error('the runtime gave no public half of an Ed25519 key')
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  return { publicKey, privateKey }
}
