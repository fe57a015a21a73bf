/** A number from 0 up to 1 that a text always gives, spread evenly (FNV-1a, then a finish that mixes its upper bits). */
export function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix(hash)
}

/** The same for a fraction and two whole numbers: many times a frame, without making a text. */
export function fractionOfNumbers(fraction: number, one: number, other: number): number {
  return mix(
    Math.imul(fraction * 2 ** 31, 0x01000193) ^
      Math.imul(one + 1, 0x85ebca6b) ^
      Math.imul(other + 1, 0xc2b2ae35),
  )
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  hash ^= hash >>> 15
  return (hash >>> 0) / 2 ** 32
}
