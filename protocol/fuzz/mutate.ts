import { type Bytes, concatBytes, readUtf8, utf8 } from '../src/bytes.ts'

/** Numbers from 0 to below 1, the same for the same seed. */
export type Random = () => number

const NOISE_MAX = 16
const RANDOM_BYTES_MAX = 512
/** One case in so many is not made of a sample at all. */
const WHOLLY_RANDOM = 25

/** Pieces that parsers of text stumble over. */
const WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '"__proto__":',
  '"constructor":',
  'null',
  'true',
  '-0',
  '1e999',
  '0.5',
  '9007199254740993',
  '=',
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----',
  '\n',
  '\u0000',
  '\ufeff',
  '['.repeat(64),
  'سر',
] as const
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xff] as const

type Step = (bytes: Bytes, random: Random) => Bytes
const STEPS: readonly Step[] = [flipBit, setEdge, overwrite, insert, cut, repeat, truncate, swap, putWord]

/** A changed sample, or at times bytes that are nobody's. */
export function mutate(sample: Bytes, random: Random): Bytes {
  if (pick(WHOLLY_RANDOM, random) === 0) return noise(pick(RANDOM_BYTES_MAX, random), random)
  let bytes = sample
  for (let left = 1 + pick(3, random); left > 0; left -= 1) bytes = oneOf(STEPS, random)(bytes, random)
  return bytes
}

/** JSON in which one value, somewhere, is changed as `mutate` changes bytes, or gone, or there twice. */
export function mutateJson(sample: Bytes, random: Random): Bytes {
  const text = readUtf8(sample)
  if (text === undefined) return mutate(sample, random)
  const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|-?\d+/g)]
  const found = strings[pick(strings.length, random)]
  if (!found) return mutate(sample, random)
  const at = found.index + (found[1] === undefined ? 0 : 1)
  const old = found[1] ?? found[0]
  const changed = readUtf8(mutate(utf8(old), random)) ?? oneOf(WORDS, random)
  return utf8(text.slice(0, at) + changed + text.slice(at + old.length))
}

/** A whole number from 0 to below `count`; 0 of none. */
export function pick(count: number, random: Random): number {
  return Math.floor(random() * count)
}

/** One of a list that is not empty. */
export function oneOf<T>(items: readonly T[], random: Random): T {
  const item = items[pick(items.length, random)]
  if (item === undefined) throw new RangeError('there is nothing to choose from')
  return item
}

function noise(length: number, random: Random): Bytes {
  return Uint8Array.from({ length }, () => pick(256, random))
}

function flipBit(bytes: Bytes, random: Random): Bytes {
  return setAt(bytes, random, (byte) => byte ^ (1 << pick(8, random)))
}

function setEdge(bytes: Bytes, random: Random): Bytes {
  return setAt(bytes, random, () => oneOf(EDGES, random))
}

function setAt(bytes: Bytes, random: Random, change: (byte: number) => number): Bytes {
  const changed = bytes.slice()
  const at = pick(bytes.length, random)
  if (bytes.length > 0) changed[at] = change(bytes[at] ?? 0)
  return changed
}

function overwrite(bytes: Bytes, random: Random): Bytes {
  const changed = bytes.slice()
  const with_ = noise(pick(Math.min(NOISE_MAX, bytes.length), random), random)
  changed.set(with_, pick(bytes.length - with_.length, random))
  return changed
}

function insert(bytes: Bytes, random: Random): Bytes {
  return splice(bytes, random, 0, noise(pick(NOISE_MAX, random), random))
}

function cut(bytes: Bytes, random: Random): Bytes {
  return splice(bytes, random, pick(NOISE_MAX, random), new Uint8Array())
}

function repeat(bytes: Bytes, random: Random): Bytes {
  const from = pick(bytes.length, random)
  const part = bytes.subarray(from, from + pick(64, random))
  return splice(bytes, random, 0, part)
}

function putWord(bytes: Bytes, random: Random): Bytes {
  return splice(bytes, random, pick(4, random), utf8(oneOf(WORDS, random)))
}

function truncate(bytes: Bytes, random: Random): Bytes {
  return bytes.slice(0, pick(bytes.length + 1, random))
}

function swap(bytes: Bytes, random: Random): Bytes {
  const [one, other] = [pick(bytes.length, random), pick(bytes.length, random)]
  const [from, to] = [Math.min(one, other), Math.max(one, other)]
  const middle = from + pick(to - from, random)
  return concatBytes(
    bytes.subarray(0, from),
    bytes.subarray(middle, to),
    bytes.subarray(from, middle),
    bytes.subarray(to),
  )
}

function splice(bytes: Bytes, random: Random, remove: number, put: Uint8Array): Bytes {
  const at = pick(bytes.length + 1, random)
  return concatBytes(bytes.subarray(0, at), put, bytes.subarray(at + remove))
}
