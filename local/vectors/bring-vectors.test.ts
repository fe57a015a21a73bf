import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { HOW_TO_GET_VECTORS, readVector, VECTORS } from '../../protocol/src/attestation/vectors-fixture.ts'
import hashes from '../vectors.sha256.json' with { type: 'json' }
import { bringVectors, type FetchFile, urlOf } from './bring-vectors.ts'
import { cutDraftExample, cutOpenAiSchemas, cutXWing } from './cuts.ts'
import { VECTOR_SOURCES, type VectorSource } from './vector-sources.ts'

const HOST = 'https://raw.githubusercontent.com'
const REPOSITORY = { repository: 'someone/vectors', commit: 'c0'.repeat(20) }
const SOURCES: readonly VectorSource[] = [
  { ...REPOSITORY, file: 'tdx/quote.bin', path: 'sample/quote' },
  { ...REPOSITORY, file: 'hpke/part.md', path: 'draft.md', cut: cutDraftExample },
]
const FILES: Readonly<Record<string, string>> = {
  [`/someone/vectors/${'c0'.repeat(20)}/sample/quote`]: 'a quote',
  [`/someone/vectors/${'c0'.repeat(20)}/draft.md`]: 'the draft\n# Example\nits example\n',
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const HASHES = { 'tdx/quote.bin': sha256('a quote'), 'hpke/part.md': sha256('# Example\nits example\n') }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sharnaqa-vectors-'))
  closers.push(() => rm(folder, { recursive: true }))
  return folder
}

/** A server on this machine in the repositories' place, and what was asked of it. */
async function setupServer(files = FILES): Promise<{ fetchFile: FetchFile; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const text = files[request.url ?? '']
    asked.push(request.url ?? '')
    response.writeHead(text === undefined ? 404 : 200).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const fetchFile: FetchFile = (url, options) =>
    fetch(url.replace(HOST, `http://127.0.0.1:${port}`), {
      ...options,
      headers: { connection: 'close' },
    })
  return { fetchFile, asked }
}

test('vectors come from their repositories at their commits, checked, and only what is missing is asked for', async () => {
  const folder = await makeFolder()
  const { fetchFile, asked } = await setupServer()
  const order = { folder, hashes: HASHES, sources: SOURCES }
  expect(await bringVectors(fetchFile, order)).toEqual({ ok: true, brought: 2, kept: 0 })
  expect(await readFile(join(folder, 'tdx/quote.bin'), 'utf8')).toBe('a quote')
  expect(await readFile(join(folder, 'hpke/part.md'), 'utf8')).toBe('# Example\nits example\n')
  expect(await bringVectors(fetchFile, order)).toEqual({ ok: true, brought: 0, kept: 2 })
  await writeFile(join(folder, 'tdx/quote.bin'), 'another quote')
  expect(await bringVectors(fetchFile, order)).toEqual({ ok: true, brought: 1, kept: 1 })
  expect(asked).toHaveLength(3)
})

test('a file that is another one is not written, and is named', async () => {
  const folder = await makeFolder()
  const { fetchFile } = await setupServer({ ...FILES, [Object.keys(FILES)[0] ?? '']: 'a changed quote' })
  expect(await bringVectors(fetchFile, { folder, hashes: HASHES, sources: SOURCES })).toMatchObject({
    ok: false,
    reason: 'altered',
    file: 'tdx/quote.bin',
    url: `${HOST}/someone/vectors/${'c0'.repeat(20)}/sample/quote`,
  })
  expect(await readdir(folder)).toEqual([])
})

test('what is not there, no network, and a vector without a hash each say so', async () => {
  const folder = await makeFolder()
  const { fetchFile } = await setupServer({})
  const order = { folder, hashes: HASHES, sources: SOURCES }
  expect(await bringVectors(fetchFile, order)).toMatchObject({ reason: 'not-found' })
  const noNetwork = () => Promise.reject(new TypeError('fetch failed'))
  expect(await bringVectors(noNetwork, order)).toMatchObject({ reason: 'unreachable' })
  expect(await bringVectors(fetchFile, { ...order, hashes: {} })).toMatchObject({ reason: 'no-hash' })
  const garbled = { ...order, sources: [{ ...REPOSITORY, file: 'tdx/quote.bin', path: 'x', cut: cutXWing }] }
  const { fetchFile: giveText } = await setupServer({ [`/someone/vectors/${'c0'.repeat(20)}/x`]: 'no JSON' })
  expect(await bringVectors(giveText, garbled)).toMatchObject({ reason: 'altered' })
})

test('every vector has one hash, one place and one whole commit', () => {
  expect(VECTOR_SOURCES.map(({ file }) => file).toSorted()).toEqual(Object.keys(hashes).toSorted())
  for (const source of VECTOR_SOURCES) {
    expect(urlOf(source)).toMatch(/^https:\/\/raw\.githubusercontent\.com\/[\w.-]+\/[\w.-]+\/[0-9a-f]{40}\//)
  }
})

test('cuts keep the parts that tests read', () => {
  const vectors = [
    { kem_id: 32, encryptions: [] },
    { kem_id: 25_722, enc: '00', encryptions: [1, 2, 3, 4] },
  ]
  expect(JSON.parse(cutXWing(JSON.stringify(vectors)))).toEqual([
    { kem_id: 25_722, enc: '00', encryptions: [1, 2, 3] },
  ])
  const shape = { type: 'object', description: 'said at length' }
  const names = ['Batch', 'CreateChatCompletionResponse', 'CreateEmbeddingResponse', 'ListModelsResponse']
  const schemas = {
    ...Object.fromEntries(names.map((name) => [name, shape])),
    CreateChatCompletionStreamResponse: { type: 'string', nullable: true },
    ErrorResponse: { properties: { error: { $ref: '#/components/schemas/Error' } } },
    Error: { type: 'string' },
    Model: { enum: ['a'] },
    Other: shape,
  }
  const { $defs } = JSON.parse(cutOpenAiSchemas(JSON.stringify({ components: { schemas } })))
  expect($defs.ErrorResponse).toEqual({ properties: { error: { $ref: '#/$defs/Error' } } })
  expect($defs.CreateChatCompletionStreamResponse).toEqual({ anyOf: [{ type: 'string' }, { type: 'null' }] })
  expect([$defs.Batch, $defs.Error, $defs.Other]).toEqual([{ type: 'object' }, { type: 'string' }, undefined])
})

// Of OpenAI's schemas a copy may say in its own words where it is from: its hash is not asked for.
const OWN_WORDS = 'openai/openai-schema.json'
test.skipIf(!VECTORS)(`the vectors at hand are the ones whose hashes are kept${HOW_TO_GET_VECTORS}`, () => {
  for (const [file, hash] of Object.entries(hashes)) {
    if (file === OWN_WORDS) continue
    expect([file, createHash('sha256').update(readVector(file)).digest('hex')]).toEqual([file, hash])
  }
})
