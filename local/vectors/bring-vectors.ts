import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { VECTOR_SOURCES, type VectorSource } from './vector-sources.ts'

/** Asks for one file. Rejects where there is no network. */
export type FetchFile = (url: string, options: { readonly signal: AbortSignal }) => Promise<Response>

export type BroughtVectors =
  | { readonly ok: true; readonly brought: number; readonly kept: number }
  | {
      readonly ok: false
      /** `altered`: it is not the file whose hash this project keeps. Nothing of it is written. */
      readonly reason: 'unreachable' | 'not-found' | 'too-large' | 'altered' | 'no-hash'
      readonly file: string
      readonly url: string
    }

type Refusal = Extract<BroughtVectors, { ok: false }>

/** One file may take so long, ms, and be so large, bytes. */
const FILE_MS_MAX = 60_000
const FILE_BYTES_MAX = 8_000_000
const HOST = 'https://raw.githubusercontent.com'

/**
 * Brings the public vectors into a folder, from their repositories at their commits, each checked against its SHA-256.
 * What is there already is checked and kept. Stops at the first file that cannot be had, or is another one.
 */
export async function bringVectors(
  fetchFile: FetchFile,
  order: {
    readonly folder: string
    /** SHA-256 in hex, by file. */
    readonly hashes: Readonly<Record<string, string>>
    readonly sources?: readonly VectorSource[]
    readonly onFile?: (file: string) => void
  },
): Promise<BroughtVectors> {
  const { folder, hashes, sources = VECTOR_SOURCES } = order
  let brought = 0
  for (const source of sources) {
    const path = join(folder, source.file)
    const expected = hashes[source.file]
    if (expected === undefined) return refuse('no-hash', source)
    if ((await hashOfFile(path)) === expected) continue
    const bytes = await readSource(fetchFile, source)
    if (!(bytes instanceof Uint8Array)) return bytes
    if (hashOf(bytes) !== expected) return refuse('altered', source)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
    order.onFile?.(source.file)
    brought += 1
  }
  return { ok: true, brought, kept: sources.length - brought }
}

/** Where a source is read. */
export function urlOf({ repository, commit, path }: VectorSource): string {
  return `${HOST}/${repository}/${commit}/${path}`
}

async function readSource(fetchFile: FetchFile, source: VectorSource): Promise<Uint8Array | Refusal> {
  try {
    const reply = await fetchFile(urlOf(source), { signal: AbortSignal.timeout(FILE_MS_MAX) })
    if (!reply.ok) return refuse('not-found', source)
    const bytes = new Uint8Array(await reply.arrayBuffer())
    if (bytes.length > FILE_BYTES_MAX) return refuse('too-large', source)
    return source.cut ? cutBytes(source.cut, bytes) : bytes
  } catch {
    return refuse('unreachable', source) // no network, or it broke off
  }
}

/** What cannot be cut is another file: its hash says so. */
function cutBytes(cut: (text: string) => string, bytes: Uint8Array): Uint8Array {
  try {
    return new TextEncoder().encode(cut(new TextDecoder().decode(bytes)))
  } catch {
    return new Uint8Array()
  }
}

async function hashOfFile(path: string): Promise<string | undefined> {
  try {
    return hashOf(await readFile(path))
  } catch {
    return undefined // not there yet
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function refuse(reason: Refusal['reason'], source: VectorSource): Refusal {
  return { ok: false, reason, file: source.file, url: urlOf(source) }
}
