import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Clock, pause } from '../clock.ts'
import { backoffMs } from '../link/backoff.ts'
import { hashFile } from './model-folder.ts'

export type DownloadDeps = {
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly random: () => number
}

export type Download = {
  readonly url: string
  readonly file: string
  /** What the file must be, where a manifest says it. */
  readonly expected?: { readonly bytes: number; readonly sha256: string }
  readonly onProgress?: (bytes: number, totalBytes: number | undefined) => void
}

export type DownloadFault = {
  readonly ok: false
  readonly reason: 'not-found' | 'forbidden' | 'wrong-content' | 'disk-full' | 'cut-off' | 'refused'
  readonly sentence: string
}
export type DownloadResult = { readonly ok: true; readonly bytes: number } | DownloadFault

/** Attempts in a row that bring nothing. One that brings bytes begins the count anew. */
const FRUITLESS_ATTEMPTS_MAX = 6
const ATTEMPTS_MAX = 1000
const RETRY_AFTER_MAX_MS = 30_000
/** Silence of the server until an attempt is given up. */
const SILENCE_MS = 30_000

type Attempt =
  | { readonly state: 'complete' }
  | { readonly state: 'again'; readonly waitMs?: number }
  | { readonly state: 'fault'; readonly fault: DownloadFault }

/**
 * Fetches a file beside its place (`.part`), goes on where a cut connection left it, verifies it and renames it. A
 * file that is there already and is what it must be is not fetched again.
 */
export async function downloadFile(deps: DownloadDeps, download: Download): Promise<DownloadResult> {
  const { file, expected } = download
  if (expected && (await isExpected(file, expected))) return { ok: true, bytes: expected.bytes }
  await mkdir(path.dirname(file), { recursive: true })
  let fruitless = 0
  for (let attempt = 0; attempt < ATTEMPTS_MAX && fruitless < FRUITLESS_ATTEMPTS_MAX; attempt++) {
    const before = await sizeOf(partOf(file))
    const result = await tryOnce(deps, download, before)
    if (result.state === 'fault') return result.fault
    if (result.state === 'complete') return await finish(download)
    fruitless = (await sizeOf(partOf(file))) > before ? 0 : fruitless + 1
    const waitMs = result.waitMs ?? backoffMs(fruitless + 1, deps.random())
    await pause(deps.clock, waitMs, new AbortController().signal)
  }
  return fault(
    'cut-off',
    `${download.url}: the connection was cut again and again. What came is kept: run the command again.`,
  )
}

async function tryOnce(deps: DownloadDeps, download: Download, have: number): Promise<Attempt> {
  const silence = new AbortController()
  let takeBack = deps.clock.schedule(SILENCE_MS, () => silence.abort())
  const heard = () => {
    takeBack()
    takeBack = deps.clock.schedule(SILENCE_MS, () => silence.abort())
  }
  try {
    const headers = await resumeHeaders(download, have)
    const response = await deps.fetch(download.url, { headers, signal: silence.signal })
    heard()
    return await receive(deps, download, response, have, heard)
  } catch (error) {
    if (isDiskFull(error)) {
      const sentence = `The disk is full while fetching ${download.file}. Action: free some space and run the command again.`
      return { state: 'fault', fault: fault('disk-full', sentence) }
    }
    // A cut or silent connection: what came is on disk.
    return { state: 'again' }
  } finally {
    takeBack()
  }
}

async function receive(
  deps: DownloadDeps,
  download: Download,
  response: Response,
  have: number,
  heard: () => void,
): Promise<Attempt> {
  if (response.status === 416) return await afterUnsatisfiable(download, response, have)
  if (!response.ok) return await afterError(deps, download, response)
  const resumes = response.status === 206 && contentRange(response)?.start === have
  if (response.status === 206 && !resumes) {
    await response.body?.cancel()
    await rm(partOf(download.file), { force: true })
    return { state: 'again', waitMs: 0 }
  }
  const start = resumes ? have : 0
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  const totalBytes = Number.isFinite(length) ? start + length : download.expected?.bytes
  await rememberTag(download.file, response.headers.get('etag'))
  const handle = await open(partOf(download.file), resumes ? 'a' : 'w')
  try {
    const bytes = await write(handle, response, start, (now) => {
      heard()
      download.onProgress?.(now, totalBytes)
    })
    await handle.sync()
    return totalBytes !== undefined && bytes < totalBytes ? { state: 'again' } : { state: 'complete' }
  } finally {
    await handle.close()
  }
}

async function write(
  handle: FileHandle,
  response: Response,
  start: number,
  onBytes: (bytes: number) => void,
): Promise<number> {
  let bytes = start
  for await (const chunk of response.body ?? []) {
    await handle.writeFile(chunk)
    bytes += chunk.length
    onBytes(bytes)
  }
  return bytes
}

/** Going on is safe when the server promises the same file (a strong ETag), or when the content is checked afterwards. */
async function resumeHeaders({ file, expected }: Download, have: number): Promise<Record<string, string>> {
  const plain = { 'accept-encoding': 'identity' }
  if (have === 0) return plain
  const tag = await readFile(tagOf(file), 'utf8').catch(() => '')
  if (tag) return { ...plain, range: `bytes=${have}-`, 'if-range': tag }
  return expected ? { ...plain, range: `bytes=${have}-` } : plain
}

async function rememberTag(file: string, tag: string | null): Promise<void> {
  if (tag && !tag.startsWith('W/')) await writeFile(tagOf(file), tag)
  else await rm(tagOf(file), { force: true })
}

/** The part is as long as the file, or longer: it is complete, or not what the server has. */
async function afterUnsatisfiable({ file }: Download, response: Response, have: number): Promise<Attempt> {
  await response.body?.cancel()
  if (contentRange(response)?.total === have) return { state: 'complete' }
  await rm(partOf(file), { force: true })
  return { state: 'again', waitMs: 0 }
}

async function afterError(deps: DownloadDeps, { url }: Download, response: Response): Promise<Attempt> {
  await response.body?.cancel()
  const { status } = response
  if (status === 404 || status === 410)
    return { state: 'fault', fault: fault('not-found', `${url} is not there (${status}).`) }
  if (status === 401 || status === 403) {
    return {
      state: 'fault',
      fault: fault(
        'forbidden',
        `${url} is not open to everyone (${status}). Hubs also answer so for a name that they do not know.`,
      ),
    }
  }
  if (status !== 429 && status < 500)
    return { state: 'fault', fault: fault('refused', `${url} was refused (${status}).`) }
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  if (!Number.isFinite(seconds)) return { state: 'again', waitMs: backoffMs(3, deps.random()) }
  return { state: 'again', waitMs: Math.min(seconds * 1000, RETRY_AFTER_MAX_MS) }
}

async function finish({ url, file, expected }: Download): Promise<DownloadResult> {
  const part = partOf(file)
  await rm(tagOf(file), { force: true })
  if (expected && !(await isExpected(part, expected))) {
    await rm(part, { force: true })
    return fault(
      'wrong-content',
      `${url} is not the file that the manifest names: size or SHA-256 differ. It was thrown away.`,
    )
  }
  await rename(part, file)
  return { ok: true, bytes: await sizeOf(file) }
}

async function isExpected(file: string, expected: { bytes: number; sha256: string }): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  return found?.size === expected.bytes && (await hashFile(file)) === expected.sha256
}

function contentRange(
  response: Response,
): { start: number | undefined; total: number | undefined } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
  if (!match) return undefined
  const [, start, total] = match
  return {
    start: start === undefined ? undefined : Number(start),
    total: total === undefined || total === '*' ? undefined : Number(total),
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}

function partOf(file: string): string {
  return `${file}.part`
}

function tagOf(file: string): string {
  return `${file}.part-etag`
}

function fault(reason: DownloadFault['reason'], sentence: string): DownloadFault {
  return { ok: false, reason, sentence }
}
