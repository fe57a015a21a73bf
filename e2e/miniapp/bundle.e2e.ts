import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { buildMiniapp } from '../../local/build.ts'

const dist = join(import.meta.dirname, '../../miniapp/dist')
/** What has to arrive before the first page works, the SDK and the chat included. */
const INITIAL_GZIP_BYTES_MAX = 150 * 1024
/** What sealing and verifying add, when something is first sealed. */
const SEALED_GZIP_BYTES_MAX = 40 * 1024

beforeAll(() => buildMiniapp())

const readAsset = (name: string) => readFile(join(dist, 'assets', name), 'utf8')

/** A chunk and what it imports before it runs. What is imported later, on demand, is not among it. */
async function withImports(name: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (seen.has(name)) return seen
  seen.add(name)
  const code = await readAsset(name)
  for (const [, imported = ''] of code.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) {
    await withImports(imported, seen)
  }
  return seen
}

async function gzipBytes(names: Iterable<string>): Promise<number> {
  let bytes = 0
  for (const name of names) bytes += gzipSync(await readAsset(name), { level: 9 }).length
  return bytes
}

/** The shell, the SDK and the chat, with all that they import. */
async function initialChunks(): Promise<ReadonlySet<string>> {
  const [, entry = ''] =
    /src="\/assets\/([\w.-]+\.js)"/.exec(await readFile(join(dist, 'index.html'), 'utf8')) ?? []
  const initial = new Set<string>()
  for (const chunk of [entry, await findChunk('sdk-'), await findChunk('chat-page-')]) {
    for (const name of await withImports(chunk)) initial.add(name)
  }
  return initial
}

async function findChunk(prefix: string): Promise<string> {
  const found = (await readdir(join(dist, 'assets'))).find(
    (name) => name.startsWith(prefix) && name.endsWith('.js'),
  )
  if (found === undefined) throw new Error(`the build has no chunk ${prefix}`)
  return found
}

test('the first page needs 150 KB of JavaScript at most: the shell, the SDK and the chat', async () => {
  const initial = await initialChunks()
  expect(await gzipBytes(initial)).toBeLessThanOrEqual(INITIAL_GZIP_BYTES_MAX)
  const names = [...initial].join(' ')
  expect(names).not.toMatch(/ton-connect|markdown|qr|sealed-client|seal-page/)
})

test('sealing adds 40 KB at most, and only for who seals', async () => {
  const initial = await initialChunks()
  const sealed = new Set<string>()
  for (const chunk of [await findChunk('sealed-client-'), await findChunk('http-network-')]) {
    for (const name of await withImports(chunk)) if (!initial.has(name)) sealed.add(name)
  }
  expect(await gzipBytes(sealed)).toBeLessThanOrEqual(SEALED_GZIP_BYTES_MAX)
})

test('what is deployed believes no simulation', async () => {
  const code = await readAsset(await findChunk('sealed-client-'))
  expect(code.includes('sim-local')).toBe(false)
  expect(code.includes('network:`sim-')).toBe(false)
})

test('no mock of Telegram is in what is deployed, and no signing of initData', async () => {
  const scripts = (await readdir(join(dist, 'assets'))).filter((name) => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(5)
  for (const name of scripts) {
    const code = await readAsset(name)
    expect(code, name).not.toMatch(/mockTelegramEnv|local-?telegram|["'`]WebAppData["'`]/i)
  }
})

test('nothing in the page calls another origin by itself', async () => {
  const page = await readFile(join(dist, 'index.html'), 'utf8')
  expect([...page.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([])
})
