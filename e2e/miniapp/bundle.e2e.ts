import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { buildMiniapp } from '../../local/build.ts'
import { readPageChunks } from '../../local/page-chunks.ts'

const dist = join(import.meta.dirname, '../../miniapp/dist')
/** What has to arrive before the first page works, the SDK and the chat included. */
const INITIAL_GZIP_BYTES_MAX = 150 * 1024
/** What sealing and verifying add, when something is first sealed. */
const SEALED_GZIP_BYTES_MAX = 40 * 1024

beforeAll(() => buildMiniapp())

const chunks = readPageChunks(dist)

test('the first page needs 150 KB of JavaScript at most: the shell, the SDK and the chat', async () => {
  const initial = await chunks.initial()
  expect(await chunks.gzipBytes(initial)).toBeLessThanOrEqual(INITIAL_GZIP_BYTES_MAX)
  const names = [...initial].join(' ')
  expect(names).not.toMatch(/ton-connect|markdown|qr|sealed-client|seal-page/)
})

test('sealing adds 40 KB at most, and only for who seals', async () => {
  const sealed = await chunks.sealing()
  expect(sealed.size).toBeGreaterThan(0)
  expect(await chunks.gzipBytes(sealed)).toBeLessThanOrEqual(SEALED_GZIP_BYTES_MAX)
})

test('what is deployed believes no simulation', async () => {
  const code = await chunks.read(await chunks.find('sealed-client-'))
  expect(code.includes('sim-local')).toBe(false)
  expect(code.includes('network:`sim-')).toBe(false)
})

test('no mock of Telegram is in what is deployed, and no signing of initData', async () => {
  const scripts = (await readdir(join(dist, 'assets'))).filter((name) => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(5)
  for (const name of scripts) {
    const code = await chunks.read(name)
    expect(code, name).not.toMatch(/mockTelegramEnv|local-?telegram|["'`]WebAppData["'`]/i)
  }
})

test('nothing in the page calls another origin by itself', async () => {
  const page = await readFile(join(dist, 'index.html'), 'utf8')
  expect([...page.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([])
})
