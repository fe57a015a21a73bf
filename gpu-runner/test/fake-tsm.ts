import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Bytes } from '../../protocol/src/bytes.ts'
import type { TsmFiles } from '../src/attest/tee/tee-quote.ts'
import { makeTempFolder } from './temp-folder.ts'

/** What of the kernel goes otherwise. */
export type TsmPlan = {
  readonly provider?: string
  /** How often a read of the quote finds the TEE busy. */
  readonly busy?: number
  /** Another process writes into the same report between our write and our read. */
  readonly isShared?: boolean
  readonly quoteOf?: (reportData: Bytes) => Bytes
}

/** A real folder that behaves like configfs-tsm: files come with the folder, each write counts, a second one is busy. */
export async function createFakeTsm(plan: TsmPlan = {}) {
  const folder = await makeTempFolder()
  let busy = plan.busy ?? 0
  const removed: string[] = []
  const generation = async (report: string) => Number(await readFile(path.join(report, 'generation'), 'utf8'))
  const files: TsmFiles = {
    mkdir: async (report) => {
      await stat(path.dirname(report))
      await mkdir(report)
      await writeFile(path.join(report, 'provider'), `${plan.provider ?? 'tdx_guest'}\n`)
      await writeFile(path.join(report, 'generation'), '0\n')
    },
    rmdir: async (report) => {
      removed.push(report)
      await rm(report, { recursive: true })
    },
    readText: (file) => readFile(file, 'utf8'),
    readAll: async (file, bytesMax) => {
      const report = path.dirname(file)
      if (busy > 0) {
        busy -= 1
        throw errorOf('EBUSY')
      }
      const reportData = new Uint8Array(await readFile(path.join(report, 'inblob')))
      if (plan.isShared)
        await writeFile(path.join(report, 'generation'), `${(await generation(report)) + 1}\n`)
      const quote = plan.quoteOf?.(reportData) ?? reportData
      if (quote.length > bytesMax) throw new RangeError('more than a quote has')
      return quote
    },
    writeOnce: async (file, bytes) => {
      const report = path.dirname(file)
      if (bytes.length > 64) throw errorOf('EINVAL')
      // Until the report is read the kernel takes no second one.
      if ((await generation(report)) > 0) throw errorOf('EBUSY')
      await writeFile(file, bytes)
      await writeFile(path.join(report, 'generation'), `${(await generation(report)) + 1}\n`)
    },
  }
  return { folder, files, removed }
}

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code })
}
