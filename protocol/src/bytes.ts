/** Bytes that WebCrypto takes: never on shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>

const HEX = /^(?:[0-9a-f]{2})*$/
// Canonical base64 only (RFC 4648 §3.5): padding where it belongs, and the unused bits of the last digit zero.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/
const BASE64_URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/

/** A text's UTF-8. */
export function utf8(text: string): Bytes {
  // A copy: not every runtime’s types promise a buffer of its own.
  return new Uint8Array(new TextEncoder().encode(text))
}

/** Reads UTF-8; undefined where the bytes are none. A byte order mark stays, so that it is seen. */
export function readUtf8(bytes: Bytes): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // A fatal decoder throws on bytes that are no UTF-8.
    return undefined
  }
}

/** One after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Whether both are the same bytes. Nothing secret is compared here, so it need not take constant time. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

/** Whether every byte is zero. */
export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** An unsigned little-endian number of at most 6 bytes. */
export function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

/** An unsigned little-endian number of any length, for bit masks. */
export function littleEndianBits(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** Reads lower-case hex; undefined where it is none. One spelling only, so that no changed letter goes unseen. */
export function fromHex(text: string): Bytes | undefined {
  if (!HEX.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  )
}

/** Reads padded base64 (RFC 4648 §4) in its one canonical spelling. */
export function fromBase64(text: string): Bytes | undefined {
  return BASE64.test(text) ? decode(text) : undefined
}

/** Reads base64url without padding (RFC 4648 §5) in its one canonical spelling. */
export function fromCanonicalBase64Url(text: string): Bytes | undefined {
  return BASE64_URL.test(text) ? decode(text.replaceAll('-', '+').replaceAll('_', '/')) : undefined
}

function decode(base64: string): Bytes {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** Writes padded base64. Byte by byte: a whole quote is too many arguments for one call. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Writes base64url without padding. */
export function toCanonicalBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
