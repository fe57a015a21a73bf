import { type Bytes, concatBytes, utf8 } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'

/** A key that signs certificates or reports. An EC point is uncompressed: 04 ‖ x ‖ y. */
export type PublicKey =
  | { readonly kind: 'P-256' | 'P-384'; readonly point: Bytes }
  | { readonly kind: 'RSA'; readonly spki: Bytes }

/** How something was signed. RSA is PSS with SHA-384, MGF1 with SHA-384 and 48 bytes of salt: AMD's. */
export type SignatureKind = 'ecdsa-sha256' | 'ecdsa-sha384' | 'rsa-pss-sha384'

/** Bytes of r or of s on each curve. */
const SCALAR_BYTES = { 'P-256': 32, 'P-384': 48 } as const

/** SHA-256. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concatBytes(...parts)))
}

/** SHA-256 in lower-case hex. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return toHex(await sha256(bytes))
}

/** SHA-384. */
export async function sha384(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-384', concatBytes(...parts)))
}

/** SHA-512 of a label and what follows it. */
export async function sha512(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-512', concatBytes(...parts)))
}

/** Checks a signature by a certificate's key. ECDSA signatures are r ‖ s. A key of another kind verifies nothing. */
export async function verifySignature(
  key: PublicKey,
  kind: SignatureKind,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  if (kind === 'rsa-pss-sha384') {
    if (key.kind !== 'RSA') return false
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
    return holds(async () => {
      const rsa = await crypto.subtle.importKey('spki', key.spki, algorithm, false, ['verify'])
      return crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, rsa, signature, data)
    })
  }
  if (key.kind === 'RSA' || signature.length !== 2 * SCALAR_BYTES[key.kind]) return false
  const hash = kind === 'ecdsa-sha256' ? 'SHA-256' : 'SHA-384'
  return holds(async () => {
    const algorithm = { name: 'ECDSA', namedCurve: key.kind }
    const ec = await crypto.subtle.importKey('raw', key.point, algorithm, false, ['verify'])
    return crypto.subtle.verify({ name: 'ECDSA', hash }, ec, signature, data)
  })
}

/** Checks an Ed25519 signature (RFC 8032) over a label and bytes. */
export async function verifyEd25519(
  publicKey: Bytes,
  signature: Bytes,
  label: string,
  data: Bytes,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  return holds(async () => {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    return crypto.subtle.verify('Ed25519', key, signature, concatBytes(utf8(label), data))
  })
}

async function holds(verify: () => Promise<boolean>): Promise<boolean> {
  try {
    return await verify()
  } catch (error) {
    // A point off its curve makes the import throw: it verifies nothing. A runtime without the algorithm is another
    // matter, and must not read as a forged signature.
    if (error instanceof DOMException && error.name === 'NotSupportedError') throw error
    return false
  }
}
