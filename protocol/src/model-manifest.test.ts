import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { manifestDigest, modelIdSchema, modelManifestSchema, upstreamDigest } from './model-manifest.ts'

const manifest = {
  id: 'm',
  kind: 'chat',
  contextTokens: 1024,
  parameters: 1,
  licence: 'CC0-1.0',
  dtype: 'q8',
  files: [{ path: 'onnx/model.onnx', bytes: 1, sha256: 'a'.repeat(64) }],
}

test.each(['../secret', 'onnx/../../secret', '/etc/passwd', '', 'a b', '.hidden'])(
  'a manifest cannot name a file outside its folder: %j',
  (path) => {
    const files = [{ ...manifest.files[0], path }]
    expect(modelManifestSchema.safeParse({ ...manifest, files }).success).toBe(false)
  },
)
test('what a manifest does not know is refused', () => {
  expect(modelManifestSchema.safeParse({ ...manifest, extra: 1 }).success).toBe(false)
  expect(modelManifestSchema.safeParse(manifest).success).toBe(true)
})
test('the digest names exactly these files, in whatever order the fields stand', async () => {
  const parsed = modelManifestSchema.parse(manifest)
  const reordered = modelManifestSchema.parse(Object.fromEntries(Object.entries(manifest).toReversed()))
  expect(await manifestDigest(reordered)).toBe(await manifestDigest(parsed))
  expect(await manifestDigest({ ...parsed, parameters: 2 })).not.toBe(await manifestDigest(parsed))
})
test("an upstream's digest binds its name alone", async () => {
  expect(await upstreamDigest('m')).toBe(await upstreamDigest('m'))
  expect(await upstreamDigest('m')).not.toBe(await upstreamDigest('n'))
})
test.each(['', '-m', 'a'.repeat(97), 'a b', 'a\n', 'ملف'])('%j is no name of a model', (id) => {
  expect(modelIdSchema.safeParse(id).success).toBe(false)
})
test.each(['silkworm', 'all-minilm-l6-v2'])('the manifest of %s on board is in order', async (id) => {
  const text = await readFile(new URL(`../../gpu-runner/models/${id}/manifest.json`, import.meta.url), 'utf8')
  expect(modelManifestSchema.parse(JSON.parse(text)).id).toBe(id)
})
