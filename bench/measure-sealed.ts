import { join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from 'miniflare'
import { chromium } from 'playwright-core'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import { openChromium } from '../e2e/open-chromium.ts'
import { buildMiniapp } from '../local/build.ts'
import { readPageChunks } from '../local/page-chunks.ts'
import { tdxRequest } from '../protocol/src/attestation/verification-fixture.ts'
import { type CarriedRequest, carryRequest, doWork, type SealedWork } from './sealed-work.ts'
import { median } from './statistics.ts'

/** Times of the work of sealed jobs in one runtime: medians, of one each. */
export type SealedTimes = {
  readonly runtime: 'Node' | 'workerd' | 'Chromium'
  /** Whole evidence of a TDX machine with one GPU: all thirteen steps, ms. */
  readonly verifyMs: number
  /** A request to three candidates, ms. */
  readonly sealX25519Ms: number
  readonly sealXWingMs: number
  /** A piece sealed by the runner and opened by the client, µs. */
  readonly chunkUs: number
}

export type MeasuredSealed = {
  readonly times: readonly SealedTimes[]
  /** What a page loads to ask under a seal with X25519, gzip, KB. */
  readonly codeKb: number
}

type Measure = (work: SealedWork, times: number) => Promise<number>

const ROUNDS = 15
/** Work in one round: enough of it that the way to it does not count. */
const TIMES = { nothing: 0, verify: 20, 'seal-x25519': 40, 'seal-x-wing': 10, chunk: 400 } as const

/** Measures verifying, sealing and opening. Without a browser its column is left out. */
export async function measureSealed(rounds = ROUNDS): Promise<MeasuredSealed> {
  const carried = carryRequest(await tdxRequest())
  const inNode: Measure = async (work, times) => {
    const began = performance.now()
    await doWork(work, times, carried)
    return performance.now() - began
  }
  const browser = await measureInBrowser(carried, rounds)
  return {
    times: [
      await measureAll('Node', inNode, rounds),
      await measureInWorkerd(carried, rounds),
      ...(browser ? [browser] : []),
    ],
    codeKb: await measureCode(),
  }
}

/** What the Mini App loads when something is first sealed, beyond its first page. */
async function measureCode(): Promise<number> {
  await buildMiniapp()
  const chunks = readPageChunks(join(import.meta.dirname, '../miniapp/dist'))
  return (await chunks.gzipBytes(await chunks.sealing())) / 1024
}

async function measureAll(
  runtime: SealedTimes['runtime'],
  measure: Measure,
  rounds: number,
): Promise<SealedTimes> {
  const nothing = await oneOf('nothing')
  return {
    runtime,
    verifyMs: await oneOf('verify'),
    sealX25519Ms: await oneOf('seal-x25519'),
    sealXWingMs: await oneOf('seal-x-wing'),
    chunkUs: (await oneOf('chunk')) * 1000,
  }

  async function oneOf(work: SealedWork): Promise<number> {
    const times = TIMES[work]
    // The first round is for the compiler.
    await measure(work, times)
    const taken: number[] = []
    for (let round = 0; round < rounds; round += 1) taken.push(await measure(work, times))
    return work === 'nothing' ? median(taken) : (median(taken) - nothing) / times
  }
}

async function measureInWorkerd(carried: CarriedRequest, rounds: number): Promise<SealedTimes> {
  const { compatibilityDate, compatibilityFlags } = readWorkerOptions(
    join(import.meta.dirname, '../wrangler.toml'),
  ).workerOptions
  const options = {
    host: '127.0.0.1',
    port: 0,
    cf: false,
    log: new Log(LogLevel.ERROR),
    name: 'sealed-work',
    compatibilityDate,
    compatibilityFlags,
    modules: [
      {
        type: 'ESModule',
        path: 'index.js',
        contents: await bundle("export { worker as default } from './sealed-worker.ts'", 'esm'),
      },
    ],
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as V4MiniflareOptions))
  try {
    const url = await miniflare.ready
    return await measureAll(
      'workerd',
      async (work, times) => {
        const body = JSON.stringify({ work, times, carried })
        const began = performance.now()
        const reply = await fetch(url, { method: 'POST', body })
        const said = await reply.text()
        if (said !== 'done') throw new Error(`workerd: ${said.slice(0, 200)}`)
        return performance.now() - began
      },
      rounds,
    )
  } finally {
    await miniflare.dispose()
  }
}

async function measureInBrowser(carried: CarriedRequest, rounds: number): Promise<SealedTimes | undefined> {
  const browser = await openChromium(chromium).catch(() => undefined)
  if (!browser) return undefined
  try {
    const page = await browser.newPage()
    // WebCrypto is there for this machine's own pages only.
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>bench</title>' }),
    )
    await page.goto('http://localhost/')
    await page.addScriptTag({ content: await bundle("import './sealed-page.ts'", 'iife') })
    await page.evaluate(`globalThis.carried = ${JSON.stringify(carried)}`)
    return await measureAll(
      'Chromium',
      (work, times) => page.evaluate(`measureSealedWork(${JSON.stringify(work)}, ${times}, carried)`),
      rounds,
    )
  } finally {
    await browser.close()
  }
}

async function bundle(contents: string, format: 'esm' | 'iife'): Promise<string> {
  const built = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    minify: true,
    format,
    target: 'es2024',
    legalComments: 'none',
    logLevel: 'error',
  })
  return built.outputFiles[0]?.text ?? ''
}
