import { type Bytes, concatBytes, fromHex, utf8 } from '../../bytes.ts'
import { TAG } from './der.ts'

/** Writes one element: tag, minimal length, content. */
export function writeDer(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const value = concatBytes(...content)
  return concatBytes(new Uint8Array([tag, ...lengthBytes(value.length)]), value)
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 + bytes.length, ...bytes]
}

/** A SEQUENCE of elements. */
export function sequence(...elements: readonly Uint8Array[]): Bytes {
  return writeDer(TAG.sequence, ...elements)
}

/** A non-negative integer, from a small number or from big-endian bytes. */
export function integer(value: number | Uint8Array): Bytes {
  const bytes = typeof value === 'number' ? numberBytes(value) : value
  const start = bytes.findIndex((byte) => byte !== 0)
  const minimal = start === -1 ? new Uint8Array(1) : bytes.subarray(start)
  const isNegative = (minimal[0] ?? 0) >= 0x80
  return writeDer(TAG.integer, new Uint8Array(isNegative ? 1 : 0), minimal)
}

function numberBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** An object identifier. */
export function oid(dotted: string): Bytes {
  const [root = 0, arc = 0, ...rest] = dotted.split('.').map(Number)
  return writeDer(TAG.oid, new Uint8Array([root * 40 + arc, ...rest].flatMap(base128)))
}

function base128(part: number): readonly number[] {
  const digits = [part & 0x7f]
  for (let rest = part >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}

/** TRUE or FALSE. */
export function booleanElement(value: 'true' | 'false'): Bytes {
  return writeDer(TAG.boolean, new Uint8Array([value === 'true' ? 0xff : 0]))
}

/** An octet string. */
export function octets(value: Uint8Array): Bytes {
  return writeDer(TAG.octetString, value)
}

/** A bit string of whole bytes. */
export function bits(value: Uint8Array): Bytes {
  return writeDer(TAG.bitString, new Uint8Array(1), value)
}

/** A UTF-8 string. */
export function text(value: string): Bytes {
  return writeDer(TAG.utf8String, utf8(value))
}

/** A moment: generalized time, which any year fits. */
export function time(timeMs: number): Bytes {
  const digits = new Date(timeMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
  return writeDer(TAG.generalizedTime, utf8(`${digits}Z`))
}

/** A name with one common name. */
export function commonName(name: string): Bytes {
  return sequence(writeDer(TAG.set, sequence(oid('2.5.4.3'), text(name))))
}

/** An ECDSA signature r ‖ s as certificates carry it. */
export function ecdsaSignature(raw: Uint8Array): Bytes {
  const half = raw.length / 2
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)))
}

/** Bytes that somebody wrote down in hex. */
export function fromKnownHex(hex: string): Bytes {
  const bytes = fromHex(hex)
  if (!bytes) throw new RangeError('not hex')
  return bytes
}
