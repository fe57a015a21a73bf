import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openLocalServer } from '../../test/local-server.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import type { Clock } from '../clock.ts'
import { type DownloadDeps, downloadFile } from './download.ts'

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251))
const EXPECTED = { bytes: CONTENT.length, sha256: createHash('sha256').update(CONTENT).digest('hex') }

/** A clock whose waits are over at once, but for the bound on a silent server. */
const hasty: Clock = {
  nowMs: () => 0,
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs >= 30_000 ? delayMs : 0)
    return () => clearTimeout(timer)
  },
}
const deps: DownloadDeps = { fetch: globalThis.fetch, clock: hasty, random: () => 0.5 }

type ServerRule = {
  readonly tag?: string | undefined
  readonly ranges?: 'honoured' | 'ignored'
  readonly content?: () => Buffer
}

/** A file server as hubs are: ranges and ETags. */
function serveFile({ tag = '"v1"', ranges = 'honoured', content = () => CONTENT }: ServerRule) {
  return (incoming: IncomingMessage, response: ServerResponse) => {
    const body = content()
    const range = /^bytes=(\d+)-$/.exec(incoming.headers.range ?? '')
    const valid = ranges === 'honoured' && range && (incoming.headers['if-range'] ?? tag) === tag
    const start = valid ? Number(range[1]) : 0
    if (valid && start >= body.length) {
      response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end()
      return
    }
    response.writeHead(valid ? 206 : 200, {
      'content-length': body.length - start,
      ...(tag ? { etag: tag } : {}),
      ...(valid ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
    })
    response.end(body.subarray(start))
  }
}

/** A line that breaks after so many bytes, per request; after the last of them it holds. */
function cutLine(cuts: readonly number[]): DownloadDeps {
  let request = 0
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init)
    const cut = cuts[request]
    request += 1
    if (cut === undefined) return response
    const body = Buffer.from(await response.arrayBuffer()).subarray(0, cut)
    const parts = body.length > 0 ? [body] : []
    const broken = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const part = parts.shift()
          if (part) controller.enqueue(part)
          else controller.error(new Error('the line broke'))
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(broken, { status: response.status, headers: response.headers })
  }
  return { ...deps, fetch }
}

async function setupDownload(rule: ServerRule) {
  const server = await openLocalServer(serveFile(rule))
  const folder = await makeTempFolder()
  const file = path.join(folder, 'onnx', 'model.onnx')
  const ranges = () => server.requests.map(({ headers }) => headers.range)
  return { url: `${server.url}/model.onnx`, file, ranges, server }
}

test('a file arrives whole, under its name only', async () => {
  const { url, file } = await setupDownload({})
  const seen: [number, number | undefined][] = []
  const result = await downloadFile(deps, {
    url,
    file,
    onProgress: (bytes, total) => seen.push([bytes, total]),
  })
  expect(result).toEqual({ ok: true, bytes: CONTENT.length })
  expect((await readFile(file)).equals(CONTENT)).toBe(true)
  expect(await readdir(path.dirname(file))).toEqual(['model.onnx'])
  expect(seen.at(-1)).toEqual([CONTENT.length, CONTENT.length])
})

describe('after a cut connection', () => {
  test('it goes on where it was cut, again and again', async () => {
    const { url, file, ranges } = await setupDownload({})
    expect(await downloadFile(cutLine([100_000, 50_000, 70_000]), { url, file })).toMatchObject({ ok: true })
    expect((await readFile(file)).equals(CONTENT)).toBe(true)
    expect(ranges()).toEqual([undefined, 'bytes=100000-', 'bytes=150000-', 'bytes=220000-'])
  })

  test('it goes on in a later run of the program', async () => {
    const { url, file, ranges } = await setupDownload({})
    const giveUp: DownloadDeps = { ...deps, fetch: async () => Promise.reject(new Error('no network')) }
    await downloadFile(giveUp, { url, file })
    await writeFile(`${file}.part`, CONTENT.subarray(0, 120_000))
    await writeFile(`${file}.part-etag`, '"v1"')
    expect(await downloadFile(deps, { url, file })).toMatchObject({ ok: true })
    expect(ranges()).toEqual(['bytes=120000-'])
    expect((await readFile(file)).equals(CONTENT)).toBe(true)
  })

  test('it begins anew when the file changed meanwhile', async () => {
    const { url, file } = await setupDownload({ tag: '"v2"' })
    const first = await downloadFile(deps, { url, file })
    expect(first.ok).toBe(true)
    await writeFile(`${file}.part`, Buffer.alloc(120_000, 7))
    await writeFile(`${file}.part-etag`, '"v1"')
    expect(await downloadFile(deps, { url, file })).toMatchObject({ ok: true })
    expect((await readFile(file)).equals(CONTENT)).toBe(true)
  })

  test('it begins anew where the server ignores ranges', async () => {
    const { url, file } = await setupDownload({ ranges: 'ignored' })
    expect(await downloadFile(cutLine([100_000]), { url, file })).toMatchObject({ ok: true })
    expect((await readFile(file)).equals(CONTENT)).toBe(true)
  })

  test('it begins anew where nothing says that the file is the same', async () => {
    const { url, file, ranges } = await setupDownload({ tag: '' })
    expect(await downloadFile(cutLine([100_000]), { url, file })).toMatchObject({ ok: true })
    expect(ranges()).toEqual([undefined, undefined])
  })

  test('a known hash is reason enough to go on', async () => {
    const { url, file, ranges } = await setupDownload({ tag: '' })
    expect(await downloadFile(cutLine([100_000]), { url, file, expected: EXPECTED })).toMatchObject({
      ok: true,
    })
    expect(ranges()[1]).toBe('bytes=100000-')
  })

  test('a part that is complete already needs no byte more', async () => {
    const { url, file } = await setupDownload({})
    await downloadFile(deps, { url, file })
    await writeFile(`${file}.part`, CONTENT)
    await writeFile(`${file}.part-etag`, '"v1"')
    expect(await downloadFile(deps, { url, file })).toEqual({ ok: true, bytes: CONTENT.length })
  })

  test('a line that never brings anything ends with what to do', async () => {
    const { url, file, ranges } = await setupDownload({})
    const result = await downloadFile(cutLine(Array.from({ length: 50 }, () => 0)), { url, file })
    expect(result).toMatchObject({
      ok: false,
      reason: 'cut-off',
      sentence: expect.stringContaining('run the command again'),
    })
    expect(ranges().length).toBeLessThan(10)
  })
})

describe('content that is not what the manifest names', () => {
  test('is thrown away', async () => {
    const wrong = Buffer.from(CONTENT)
    wrong[5] = (wrong[5] ?? 0) ^ 1
    const { url, file } = await setupDownload({ content: () => wrong })
    expect(await downloadFile(deps, { url, file, expected: EXPECTED })).toMatchObject({
      reason: 'wrong-content',
    })
    expect(await readdir(path.dirname(file))).toEqual([])
  })

  test('of another size, too', async () => {
    const { url, file } = await setupDownload({ content: () => CONTENT.subarray(1) })
    expect(await downloadFile(deps, { url, file, expected: EXPECTED })).toMatchObject({
      reason: 'wrong-content',
    })
  })
})

test('a file that is there and right is not fetched again', async () => {
  const { url, file, server } = await setupDownload({})
  await downloadFile(deps, { url, file, expected: EXPECTED })
  await downloadFile(deps, { url, file, expected: EXPECTED })
  expect(server.requests).toHaveLength(1)
})

describe('a server that answers', () => {
  test.each([
    [404, 'not-found'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [418, 'refused'],
  ])('%i is not asked again', async (status, reason) => {
    const server = await openLocalServer((_, response) => void response.writeHead(status).end('no'))
    const file = path.join(await makeTempFolder(), 'x')
    expect(await downloadFile(deps, { url: server.url, file })).toMatchObject({ ok: false, reason })
    expect(server.requests).toHaveLength(1)
  })

  test.each([500, 503, 429])('%i is asked again', async (status) => {
    let count = 0
    const server = await openLocalServer((_, response) => {
      count += 1
      if (count < 3) response.writeHead(status, { 'retry-after': '1' }).end()
      else response.end('ok')
    })
    const file = path.join(await makeTempFolder(), 'x')
    expect(await downloadFile(deps, { url: server.url, file })).toEqual({ ok: true, bytes: 2 })
  })
})

test('a full disk is said as such', async () => {
  const full = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
  })
  const fetch = async () => new Response(full)
  const file = path.join(await makeTempFolder(), 'x')
  const result = await downloadFile({ ...deps, fetch }, { url: 'https://hub.example/x', file })
  expect(result).toMatchObject({ reason: 'disk-full', sentence: expect.stringContaining('free some space') })
})
