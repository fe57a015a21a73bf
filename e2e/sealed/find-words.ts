import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Passed } from './start-relay.ts'

/** Something to be searched. */
export type Haystack = { readonly name: string; readonly bytes: Buffer }
/** A word that was found, how it was written, and where. */
export type Find = { readonly word: string; readonly spelling: string; readonly where: string }

/** Looks for words in each of the spellings that text is usually stored or carried in. */
export function findWords(haystacks: readonly Haystack[], words: readonly string[]): readonly Find[] {
  const needles = words.flatMap((word) => spellings(word).map((one) => ({ word, ...one })))
  return haystacks.flatMap(({ name, bytes }) => {
    const folded = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1')
    return needles
      .filter(({ needle, isFolded }) => (isFolded ? folded : bytes).includes(needle))
      .map(({ word, spelling }) => ({ word, spelling, where: name }))
  })
}

type Spelling = { readonly spelling: string; readonly needle: Buffer; readonly isFolded?: true }

function spellings(word: string): readonly Spelling[] {
  const bytes = Buffer.from(word, 'utf8')
  const text = (spelling: string, needle: string): Spelling => ({
    spelling,
    needle: Buffer.from(needle, 'latin1'),
  })
  const folded = (spelling: string, needle: string): Spelling => ({
    spelling,
    needle: Buffer.from(needle.toLowerCase(), 'latin1'),
    isFolded: true,
  })
  return [
    { spelling: 'utf-8', needle: bytes },
    { spelling: 'utf-16le', needle: Buffer.from(word, 'utf16le') },
    { spelling: 'utf-16be', needle: Buffer.from(word, 'utf16le').swap16() },
    ...[0, 1, 2].flatMap((offset) => [
      text(`base64 at ${offset}`, base64At(bytes, offset, 'base64')),
      text(`base64url at ${offset}`, base64At(bytes, offset, 'base64url')),
    ]),
    folded('hex', bytes.toString('hex')),
    folded('percent', encodeURIComponent(word)),
    folded(
      'percent of every byte',
      [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    ),
    folded('JSON-escaped', escapeJson(word)),
  ]
}

/** How base64 writes the bytes behind so many others: without the characters that depend on what stands around them. */
function base64At(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const written = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replaceAll('=', '')
  const skipped = Math.ceil((offset * 8) / 6)
  const isWhole = (offset + bytes.length) % 3 === 0
  return written.slice(skipped, isWhole ? undefined : -1)
}

function escapeJson(word: string): string {
  return Array.from({ length: word.length }, (_, at) => {
    const unit = word.charCodeAt(at)
    return unit < 128 ? word.charAt(at) : `\\u${unit.toString(16).padStart(4, '0')}`
  }).join('')
}

const FILE_BYTES_MAX = 200_000_000

/** Every file below a folder: databases, object storage, logs, with what SQLite has not yet moved out of its journals. */
export async function readFolder(folder: string): Promise<readonly Haystack[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const haystacks: Haystack[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    if ((await stat(path)).size > FILE_BYTES_MAX) throw new Error(`${path} is too long to be searched`)
    haystacks.push({ name: path.slice(folder.length + 1), bytes: await readFile(path) })
  }
  return haystacks
}

/** What passed a relay: each piece by itself, each body whole, and what was compressed also as it was before. */
export function toHaystacks(passed: readonly Passed[]): readonly Haystack[] {
  const bodies = Map.groupBy(passed, ({ kind, path }) => `${kind} ${path}`)
  return [...bodies].flatMap(([name, pieces]) => {
    const bytes = Buffer.concat(pieces.map((piece) => piece.bytes))
    const headers = Buffer.from(pieces.map((piece) => piece.headers).join('\n'))
    const plain = pieces.flatMap(({ encoding, bytes }) => {
      const decoded = encoding === undefined ? undefined : decode(encoding, bytes)
      return decoded ? [{ name: `${name} (${encoding})`, bytes: decoded }] : []
    })
    return [{ name, bytes }, { name: `${name} (headers)`, bytes: headers }, ...plain]
  })
}

function decode(encoding: string, bytes: Buffer): Buffer | undefined {
  try {
    if (encoding === 'gzip') return gunzipSync(bytes)
    if (encoding === 'br') return brotliDecompressSync(bytes)
    return encoding === 'deflate' ? inflateSync(bytes) : undefined
  } catch {
    return undefined // a piece of a longer body: only requests come so, and the relay keeps those whole
  }
}
