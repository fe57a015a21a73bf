import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openLocalServer } from '../../test/local-server.ts'
import { makeTinyModel } from '../../test/make-tiny-model.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { systemClock } from '../clock.ts'
import type { ManifestHints } from './make-manifest.ts'
import { verifyModelFolder } from './model-folder.ts'
import { pullModel } from './pull.ts'

const deps = { fetch: globalThis.fetch, clock: systemClock, random: () => 0 }

/** A plain file server over a model's folder, and an empty folder to pull into. */
async function setupPull(change: (folder: string) => Promise<void> = async () => {}) {
  const folder = await makeTinyModel(await makeTempFolder(), 'tiny')
  await change(folder)
  const asked: string[] = []
  const server = await openLocalServer(async ({ url = '' }, response) => {
    asked.push(url)
    const content = await readFile(path.join(folder, url)).catch(() => undefined)
    if (content) response.end(content)
    else response.writeHead(404).end('Entry not found')
  })
  const root = await makeTempFolder()
  const pull = (hints: ManifestHints = {}) =>
    pullModel(deps, { name: 'owner/tiny', from: server.url, root, hints, onProgress: () => {} })
  return { folder, root, asked, pull }
}

const withoutManifest = (folder: string) => rm(path.join(folder, 'manifest.json'))

describe('a source with a manifest', () => {
  test('gives exactly the files it names, verified', async () => {
    const { pull, root, asked } = await setupPull()
    const result = await pull()
    expect(result).toMatchObject({ ok: true, source: 'theirs', folder: path.join(root, 'owner--tiny') })
    expect(await verifyModelFolder(path.join(root, 'owner--tiny'))).toMatchObject({ ok: true })
    expect(asked).not.toContain('/README.md')
  })

  test('with one wrong byte leaves no model behind', async () => {
    const { pull, root } = await setupPull(async (folder) => {
      const file = path.join(folder, 'tokenizer.json')
      await writeFile(file, (await readFile(file, 'utf8')).replace('silk', 'milk'))
    })
    expect(await pull()).toMatchObject({ ok: false, reason: 'wrong-content' })
    expect(await verifyModelFolder(path.join(root, 'owner--tiny'))).toMatchObject({ reason: 'no-manifest' })
  })

  test('that is none is refused', async () => {
    const { pull } = await setupPull((folder) =>
      writeFile(path.join(folder, 'manifest.json'), '{"files":[]}'),
    )
    expect(await pull()).toMatchObject({ ok: false, reason: 'bad-source' })
  })
})

describe('a source without a manifest', () => {
  test('gets one from what came, with the licence of its card', async () => {
    const { pull, root } = await setupPull(async (folder) => {
      await withoutManifest(folder)
      await writeFile(
        path.join(folder, 'README.md'),
        '---\ntags: [x]\nlicense: apache-2.0\n---\n# Tiny\nlicense: none\n',
      )
    })
    expect(await pull()).toMatchObject({
      ok: true,
      source: 'ours',
      manifest: { id: 'owner/tiny', kind: 'chat', dtype: 'fp32', licence: 'apache-2.0' },
    })
    expect(await verifyModelFolder(path.join(root, 'owner--tiny'))).toMatchObject({ ok: true })
  })

  test('what the owner says of the model comes first', async () => {
    const { pull } = await setupPull(withoutManifest)
    expect(await pull({ id: 'mine', licence: 'MIT', contextTokens: 16, parameters: 3 })).toMatchObject({
      manifest: { id: 'mine', licence: 'MIT', contextTokens: 16, parameters: 3 },
    })
  })

  test('large weights come with their parts', async () => {
    const { pull } = await setupPull(async (folder) => {
      await withoutManifest(folder)
      await writeFile(path.join(folder, 'onnx', 'model.onnx_data'), 'part 0')
      await writeFile(path.join(folder, 'onnx', 'model.onnx_data_1'), 'part 1')
    })
    const result = await pull({ dtype: 'fp32' })
    const paths = result.ok ? result.manifest.files.map((file) => file.path) : []
    expect(paths).toContain('onnx/model.onnx_data')
    expect(paths).toContain('onnx/model.onnx_data_1')
  })

  test('the smaller weights are taken where there are several', async () => {
    const { pull } = await setupPull(async (folder) => {
      await withoutManifest(folder)
      await writeFile(path.join(folder, 'onnx', 'model_q4.onnx'), 'four bits')
    })
    expect(await pull()).toMatchObject({ ok: true, manifest: { dtype: 'q4' } })
  })

  test('without weights, or without a tokenizer, is no model', async () => {
    const noWeights = await setupPull(async (folder) => {
      await withoutManifest(folder)
      await rm(path.join(folder, 'onnx'), { recursive: true })
    })
    expect(await noWeights.pull()).toMatchObject({
      reason: 'not-found',
      sentence: expect.stringContaining('onnx/model_q4.onnx'),
    })
    const noTokenizer = await setupPull(async (folder) => {
      await withoutManifest(folder)
      await rm(path.join(folder, 'tokenizer.json'))
    })
    expect(await noTokenizer.pull()).toMatchObject({
      reason: 'not-found',
      sentence: expect.stringContaining('tokenizer.json'),
    })
  })
})

test.each(['http://hub.example/x', 'file:///etc', 'nonsense'])('%s is no source', async (from) => {
  const root = await makeTempFolder()
  const result = await pullModel(deps, { name: 'x', from, root, hints: {}, onProgress: () => {} })
  expect(result).toMatchObject({ ok: false, reason: 'bad-source' })
})

test('without a source it is the hub', async () => {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (url) => {
    asked.push(String(url))
    return new Response('', { status: 404 })
  }
  const root = await makeTempFolder()
  await pullModel({ ...deps, fetch }, { name: 'owner/name', root, hints: {}, onProgress: () => {} })
  expect(asked[1]).toBe('https://huggingface.co/owner/name/resolve/main/config.json')
})
