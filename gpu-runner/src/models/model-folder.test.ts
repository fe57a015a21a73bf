import { appendFile, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeTinyModel } from '../../test/make-tiny-model.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { BUNDLED_MODELS, findModelFolder, folderNameOf } from './find-model.ts'
import { makeManifest } from './make-manifest.ts'
import { listModelFolders, readModelFolder, verifyModelFolder } from './model-folder.ts'

/** Changes one bit of a file and leaves its length. */
async function flipBit(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 1
  await handle.write(byte, 0, 1, at)
  await handle.close()
}

describe('the models that come with the program', () => {
  test.each(['silkworm', 'all-minilm-l6-v2'])('%s is what its manifest says', async (name) => {
    expect(await verifyModelFolder(path.join(BUNDLED_MODELS, name))).toMatchObject({ ok: true })
  })

  test('their manifests are what the program writes', async () => {
    for (const folder of await listModelFolders(BUNDLED_MODELS)) {
      const kept = await readModelFolder(folder)
      if (!kept.ok) throw new Error(kept.sentence)
      expect(await makeManifest(folder, kept.manifest)).toEqual({ ok: true, manifest: kept.manifest })
    }
  })

  test('their weights are those of their READMEs', async () => {
    for (const name of ['silkworm', 'all-minilm-l6-v2']) {
      const model = await readModelFolder(path.join(BUNDLED_MODELS, name))
      const readme = await readFile(path.join(BUNDLED_MODELS, name, 'README.md'), 'utf8')
      if (!model.ok) throw new Error(model.sentence)
      for (const file of model.manifest.files) expect(readme).toContain(file.sha256)
    }
  })

  test('what a person must know of them is right', async () => {
    expect(await readModelFolder(path.join(BUNDLED_MODELS, 'silkworm'))).toMatchObject({
      manifest: {
        id: 'silkworm',
        kind: 'chat',
        contextTokens: 1024,
        parameters: 4_000_000,
        licence: 'CC0-1.0',
        dtype: 'q8',
      },
    })
    expect(await readModelFolder(path.join(BUNDLED_MODELS, 'all-minilm-l6-v2'))).toMatchObject({
      manifest: { kind: 'embedding', contextTokens: 256, dimensions: 384, licence: 'Apache-2.0' },
    })
  })
})

describe('a folder is refused', () => {
  test('when one bit of any file is another', async () => {
    const folder = await makeTinyModel(await makeTempFolder())
    const model = await verifyModelFolder(folder)
    if (!model.ok) throw new Error(model.sentence)
    for (const file of model.manifest.files) {
      await flipBit(path.join(folder, file.path), Math.floor(file.bytes / 2))
      const changed = await verifyModelFolder(folder)
      expect(changed).toMatchObject({ ok: false, reason: 'bad-files' })
      expect(!changed.ok && changed.sentence).toContain(`${file.path} has another SHA-256`)
      await flipBit(path.join(folder, file.path), Math.floor(file.bytes / 2))
    }
    expect(await verifyModelFolder(folder)).toMatchObject({ ok: true })
  })

  test('when a file is missing or longer, and all faults are named', async () => {
    const folder = await makeTinyModel(await makeTempFolder())
    await rm(path.join(folder, 'tokenizer.json'))
    await appendFile(path.join(folder, 'config.json'), ' ')
    const model = await verifyModelFolder(folder)
    expect(!model.ok && model.sentence).toMatch(
      /config\.json has \d+ bytes, not \d+; tokenizer\.json is missing/,
    )
  })

  test('when it has no manifest, or one that is none', async () => {
    const folder = await makeTinyModel(await makeTempFolder())
    const file = path.join(folder, 'manifest.json')
    const text = await readFile(file, 'utf8')
    await rename(file, `${file}.away`)
    expect(await readModelFolder(folder)).toMatchObject({ ok: false, reason: 'no-manifest' })
    for (const bad of [
      '{',
      '[]',
      text.replace('config.json', '../config.json'),
      text.replace('"kind"', '"kinds"'),
    ]) {
      await writeFile(file, bad)
      expect(await readModelFolder(folder)).toMatchObject({ ok: false, reason: 'bad-manifest' })
    }
  })
})

describe('finding a model', () => {
  test('by name among the bundled ones, by folder, and by the id of a pulled one', async () => {
    const dataDir = await makeTempFolder()
    expect(await findModelFolder(dataDir, 'silkworm')).toBe(path.join(BUNDLED_MODELS, 'silkworm'))
    const folder = await makeTinyModel(path.join(dataDir, 'models'), 'tiny')
    expect(await findModelFolder(dataDir, folder)).toBe(folder)
    expect(await findModelFolder(dataDir, 'tiny')).toBe(folder)
    await rename(folder, path.join(dataDir, 'models', 'renamed'))
    expect(await findModelFolder(dataDir, 'tiny')).toBe(path.join(dataDir, 'models', 'renamed'))
    expect(await findModelFolder(dataDir, 'no-such-model')).toBeUndefined()
  })

  test('a hub’s name is one folder, not two', () => {
    expect(folderNameOf('owner/name:4b')).toBe('owner--name--4b')
  })
})
