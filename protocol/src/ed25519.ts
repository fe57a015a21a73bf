import { toBase64Url } from './canonical-json.ts'
import type { WebCryptoKey } from './web-crypto-key.ts'

/** A private Ed25519 key. */
export type SigningKey = WebCryptoKey

/** Signs a text's UTF-8 with Ed25519 (RFC 8032). Gives base64url. */
export async function signText(privateKey: SigningKey, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text)
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes)))
}

/** Checks an Ed25519 signature (RFC 8032) over a text's UTF-8. A malformed key or signature is false, not a throw. */
export async function verifyEd25519(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, signature, new TextEncoder().encode(text))
}
