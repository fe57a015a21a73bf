import { type Bytes, concatBytes, utf8 } from '../bytes.ts'

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concatBytes(...parts)))
}

/** HKDF-Extract and -Expand with SHA-256 (RFC 5869). */
export async function hkdf(input: {
  readonly secret: Bytes
  readonly salt: Bytes
  readonly info: string
  readonly length: number
}): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', input.secret, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: input.salt, info: utf8(input.info) }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, input.length * 8))
}
