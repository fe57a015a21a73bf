/** Writes an embedding as the wire carries it: base64 of little-endian float32. */
export function encodeVector(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i] ?? 0, i * 4)
  return bytes.toString('base64')
}

/** Reads what `encodeVector` wrote. */
export function decodeVector(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64')
  return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readFloatLE(i * 4))
}

/** Keeps the first `dimensions` numbers and brings them to unit length again. */
export function shorten(values: Float32Array, dimensions: number): Float32Array {
  const kept = values.slice(0, dimensions)
  const length = Math.sqrt(kept.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? kept : kept.map((value) => value / length)
}
