import type { Bytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'

/** One DER element (X.690): its tag byte, its content, and all of it as it came. */
export type Der = { readonly tag: number; readonly value: Bytes; readonly raw: Bytes }

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Most bytes of a length field after the first: elements up to 16 MiB. */
const MAX_LENGTH_BYTES = 3
/** Most elements side by side: a revocation list of 200 KB has some 6,000. */
const MAX_ELEMENTS = 20_000
const UTC_TIME = /^\d{12}Z$/
const GENERALIZED_TIME = /^\d{14}Z$/

/** Reads bytes that are exactly one element; undefined where they are not, or where the length is not minimal. */
export function readDer(bytes: Bytes): Der | undefined {
  const element = elementAt(bytes, 0)
  return element?.raw.length === bytes.length ? element : undefined
}

/** Reads elements side by side, to the last byte. */
export function readDerList(bytes: Bytes): readonly Der[] | undefined {
  const elements: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at)
    if (!element || elements.length === MAX_ELEMENTS) return undefined
    elements.push(element)
    at += element.raw.length
  }
  return elements
}

/** The elements inside a constructed one, which must have this tag. */
export function childrenOf(element: Der | undefined, tag: number): readonly Der[] | undefined {
  return element?.tag === tag ? readDerList(element.value) : undefined
}

/** The elements inside bytes that are exactly one SEQUENCE. */
export function readSequence(bytes: Bytes | undefined): readonly Der[] | undefined {
  return bytes && childrenOf(readDer(bytes), TAG.sequence)
}

function elementAt(bytes: Bytes, at: number): Der | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  // High tag numbers (low five bits all set) are used by nothing that is read here.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  let length = first
  let start = at + 2
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > MAX_LENGTH_BYTES) return undefined
    length = bytes.subarray(start, start + count).reduce((value, byte) => value * 256 + byte, 0)
    start += count
    if (length < 0x80 || length < 256 ** (count - 1)) return undefined
  }
  const end = start + length
  if (end > bytes.length) return undefined
  return { tag, value: bytes.subarray(start, end), raw: bytes.subarray(at, end) }
}

/** An object identifier as dotted decimals. */
export function oidOf(element: Der | undefined): string | undefined {
  if (element?.tag !== TAG.oid || element.value.length === 0 || element.value.length > 32) return undefined
  const parts: number[] = []
  let part = 0
  for (const [index, byte] of element.value.entries()) {
    if (part === 0 && byte === 0x80) return undefined
    part = part * 128 + (byte & 0x7f)
    if (part > 0x7fff_ffff) return undefined
    if (byte < 0x80) {
      parts.push(part)
      part = 0
    } else if (index === element.value.length - 1) return undefined
  }
  const [head = 0, ...rest] = parts
  const root = Math.min(2, Math.floor(head / 40))
  return [root, head - 40 * root, ...rest].join('.')
}

/** A non-negative integer's bytes, without the zero that only says "positive". Undefined where it is not minimal. */
export function integerBytesOf(element: Der | undefined): Bytes | undefined {
  if (element?.tag !== TAG.integer) return undefined
  const [first, second] = element.value
  if (first === undefined || first >= 0x80) return undefined
  if (first !== 0 || second === undefined) return element.value
  return second >= 0x80 ? element.value.subarray(1) : undefined
}

/** A non-negative integer of at most 4 bytes. */
export function integerOf(element: Der | undefined): number | undefined {
  const bytes = integerBytesOf(element)
  return bytes && bytes.length <= 4 ? Number.parseInt(toHex(bytes), 16) : undefined
}

/** A boolean: DER knows two spellings, 00 and FF. */
export function booleanOf(element: Der | undefined): boolean | undefined {
  if (element?.tag !== TAG.boolean || element.value.length !== 1) return undefined
  const [byte] = element.value
  return byte === 0xff ? true : byte === 0 ? false : undefined
}

/** A bit string of whole bytes. */
export function bitStringOf(element: Der | undefined): Bytes | undefined {
  return element?.tag === TAG.bitString && element.value[0] === 0 ? element.value.subarray(1) : undefined
}

/** An octet string. */
export function octetsOf(element: Der | undefined): Bytes | undefined {
  return element?.tag === TAG.octetString ? element.value : undefined
}

/** A certificate's time (RFC 5280 §4.1.2.5) in Unix ms: UTC, whole seconds, a moment that exists. */
export function timeOf(element: Der | undefined): number | undefined {
  if (element?.tag !== TAG.utcTime && element?.tag !== TAG.generalizedTime) return undefined
  const text = String.fromCharCode(...element.value.subarray(0, 32))
  if (!(element.tag === TAG.utcTime ? UTC_TIME : GENERALIZED_TIME).test(text)) return undefined
  const century = element.tag === TAG.generalizedTime ? '' : Number(text.slice(0, 2)) < 50 ? '20' : '19'
  const digits = century + text.slice(0, -1)
  return momentOf(digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z'))
}

/** A moment written as `2026-01-31T23:59:59Z` in Unix ms; undefined where no calendar has it. */
export function momentOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined
  const timeMs = Date.parse(text)
  // Date.parse takes 24:00 and, in some runtimes, the 31st of every month: it must write what it read.
  return Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== text.replace('Z', '.000Z')
    ? undefined
    : timeMs
}
