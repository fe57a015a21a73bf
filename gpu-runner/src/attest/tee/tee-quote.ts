import { constants } from 'node:fs'
import { mkdir, open, readFile, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { MAX_QUOTE_BYTES } from '../../../../protocol/src/attestation/tdx/quote.ts'
import { type Bytes, concatBytes } from '../../../../protocol/src/bytes.ts'
import { type Clock, pause } from '../../clock.ts'
import { type Made, made, notMade } from './tee.ts'

/** Where Linux, from 6.7 on, makes reports (Documentation/ABI/testing/configfs-tsm-report). */
export const TSM_FOLDER = '/sys/kernel/config/tsm/report'

/** The files of configfs-tsm. Errors are Node's, with their `code`. */
export type TsmFiles = {
  readonly mkdir: (folder: string) => Promise<void>
  readonly rmdir: (folder: string) => Promise<void>
  readonly readText: (file: string) => Promise<string>
  /** Reads to the end. Throws beyond so many bytes. */
  readonly readAll: (file: string, bytesMax: number) => Promise<Bytes>
  /** One `write`: the kernel takes each as the whole of what is to be signed. */
  readonly writeOnce: (file: string, bytes: Bytes) => Promise<void>
}

export type QuoteDeps = {
  readonly clock: Clock
  readonly files: TsmFiles
  readonly folder: string
  /** Names one report among those that others make at the same time. */
  readonly makeName: () => string
}

const REPORT_DATA_BYTES = 64
/** What the kernel calls each TEE. */
const PROVIDERS = { tdx: 'tdx_guest', 'sev-snp': 'sev_guest' } as const
/** How often a busy TEE is asked again, and how long it is left alone before, ms. */
const RETRIES = 3
const RETRY_WAIT_MS = 500

/** Lets the processor sign 64 bytes: a TDX quote, or a SEV-SNP report. */
export async function makeQuote(
  deps: QuoteDeps,
  tee: keyof typeof PROVIDERS,
  reportData: Bytes,
): Promise<Made<Bytes>> {
  if (reportData.length !== REPORT_DATA_BYTES) return notMade('report-data-size')
  for (let tries = 0; ; tries++) {
    try {
      return await makeOnce(deps, tee, reportData)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENOENT' || code === 'ENOTDIR') return notMade('no-tee')
      if (code === 'EACCES' || code === 'EPERM') return notMade('tee-not-permitted')
      if (code !== 'EBUSY') return notMade('quote-failed')
      if (tries === RETRIES) return notMade('tee-busy')
      await pause(deps.clock, RETRY_WAIT_MS * 2 ** tries, new AbortController().signal)
    }
  }
}

async function makeOnce(
  { files, folder, makeName }: QuoteDeps,
  tee: keyof typeof PROVIDERS,
  reportData: Bytes,
): Promise<Made<Bytes>> {
  const report = path.join(folder, makeName())
  await files.mkdir(report)
  try {
    const provider = await files.readText(path.join(report, 'provider'))
    if (provider.trim() !== PROVIDERS[tee]) return notMade('other-tee')
    const before = await readGeneration(files, report)
    await files.writeOnce(path.join(report, 'inblob'), reportData)
    const quote = await files.readAll(path.join(report, 'outblob'), MAX_QUOTE_BYTES)
    const after = await readGeneration(files, report)
    // Somebody else wrote between our write and our read: the quote may be of other bytes.
    if (before === undefined || after !== before + 1) return notMade('quote-of-another')
    return quote.length > 0 ? made(quote) : notMade('quote-failed')
  } finally {
    // What cannot be removed is left: the next report has another name.
    await files.rmdir(report).catch(() => undefined)
  }
}

async function readGeneration(files: TsmFiles, report: string): Promise<number | undefined> {
  const text = (await files.readText(path.join(report, 'generation'))).trim()
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The kernel's own files. */
export const kernelFiles: TsmFiles = {
  mkdir: async (folder) => void (await mkdir(folder)),
  rmdir: (folder) => rmdir(folder),
  readText: (file) => readFile(file, 'utf8'),
  readAll: async (file, bytesMax) => {
    const handle = await open(file, 'r')
    try {
      const parts: Uint8Array[] = []
      for (let length = 0; ; ) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(4096), 0, 4096, null)
        if (bytesRead === 0) return concatBytes(...parts)
        length += bytesRead
        if (length > bytesMax) throw new RangeError('more than a quote has')
        parts.push(buffer.slice(0, bytesRead))
      }
    } finally {
      await handle.close()
    }
  },
  writeOnce: async (file, bytes) => {
    // The file can only be written: neither created nor cut.
    const handle = await open(file, constants.O_WRONLY)
    try {
      const { bytesWritten } = await handle.write(bytes, 0, bytes.length, null)
      if (bytesWritten !== bytes.length) throw new RangeError('written in part')
    } finally {
      await handle.close()
    }
  },
}
