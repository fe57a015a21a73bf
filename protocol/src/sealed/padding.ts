const LENGTH_BYTES = 4

/** Sizes that a sealed request may have, its length field included, so that its length says little. */
export const REQUEST_BUCKETS = [256, 1024, 4096, 16_384, 65_536, 262_144, 524_288] as const
/** The same for a piece of an answer. */
export const CHUNK_BUCKETS = [256, 1024, 4096] as const

/** The bytes behind their length, filled up with zeros to the next bucket. Undefined when they fit in none. */
export function pad(bytes: Uint8Array, buckets: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  const size = buckets.find((bucket) => bucket >= bytes.length + LENGTH_BYTES)
  if (size === undefined) return undefined
  const padded = new Uint8Array(size)
  new DataView(padded.buffer).setUint32(0, bytes.length)
  padded.set(bytes, LENGTH_BYTES)
  return padded
}

/** Takes the padding off. Undefined where it is not padding: no bucket, a wrong length, a filling that is not zero. */
export function unpad(padded: Uint8Array, buckets: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  if (!buckets.includes(padded.length)) return undefined
  const length = new DataView(padded.buffer, padded.byteOffset, padded.length).getUint32(0)
  const end = LENGTH_BYTES + length
  if (end > padded.length || padded.subarray(end).some((byte) => byte !== 0)) return undefined
  return padded.slice(LENGTH_BYTES, end)
}
