import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import {
  type ModelManifest,
  manifestDigest,
  modelManifestSchema,
} from '../../../protocol/src/model-manifest.ts'

/** A folder of model files with its manifest. */
export type ModelFolder = {
  readonly folder: string
  readonly manifest: ModelManifest
  readonly digest: string
}

export type ModelFault = {
  readonly ok: false
  readonly reason: 'no-manifest' | 'bad-manifest' | 'bad-files'
  readonly sentence: string
}

export const MANIFEST_FILE = 'manifest.json'
/** A manifest of 1000 files is smaller than this. */
const MANIFEST_MAX_BYTES = 1_000_000

/** Reads a folder's manifest. The files are not looked at: `verifyFiles` does. */
export async function readModelFolder(folder: string): Promise<({ ok: true } & ModelFolder) | ModelFault> {
  const file = path.join(folder, MANIFEST_FILE)
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile() || found.size > MANIFEST_MAX_BYTES) {
    return fault(
      'no-manifest',
      `${folder} has no ${MANIFEST_FILE}. Action: sharnaqa-runner models manifest ${folder}`,
    )
  }
  const parsed = modelManifestSchema.safeParse(parseJson(await readFile(file, 'utf8')))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return fault(
      'bad-manifest',
      `${file} is not a manifest: ${issue?.path.join('.') || 'JSON'}: ${issue?.message}.`,
    )
  }
  return { ok: true, folder, manifest: parsed.data, digest: await manifestDigest(parsed.data) }
}

/** Compares every file's size and SHA-256 with the manifest. Gives one sentence per fault; none when all is well. */
export async function findFileFaults(folder: string, manifest: ModelManifest): Promise<readonly string[]> {
  const faults: string[] = []
  for (const file of manifest.files) {
    const sentence = await findFileFault(path.join(folder, file.path), file)
    if (sentence) faults.push(`${file.path} ${sentence}`)
  }
  return faults
}

/** Reads a folder's manifest and checks all its files. Nothing of a model is loaded before this. */
export async function verifyModelFolder(folder: string): Promise<({ ok: true } & ModelFolder) | ModelFault> {
  const model = await readModelFolder(folder)
  if (!model.ok) return model
  const faults = await findFileFaults(folder, model.manifest)
  if (faults.length === 0) return model
  return fault(
    'bad-files',
    `${model.manifest.id} is not loaded: ${faults.join('; ')}. Action: fetch the model again, or restore the file.`,
  )
}

/** SHA-256 of a file in hex, read as a stream. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/** The folders directly inside `root` that have a manifest, by name. A root that is not there has none. */
export async function listModelFolders(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const folders: string[] = []
  for (const entry of entries) {
    const folder = path.join(root, entry.name)
    const found = await stat(path.join(folder, MANIFEST_FILE)).catch(() => undefined)
    if (entry.isDirectory() && found) folders.push(folder)
  }
  return folders.toSorted()
}

async function findFileFault(
  file: string,
  expected: { readonly bytes: number; readonly sha256: string },
): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) return 'is missing'
  if (found.size !== expected.bytes) return `has ${found.size} bytes, not ${expected.bytes}`
  return (await hashFile(file)) === expected.sha256 ? undefined : 'has another SHA-256 than its manifest says'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema says what is wrong: undefined is no manifest.
    return undefined
  }
}

function fault(reason: ModelFault['reason'], sentence: string): ModelFault {
  return { ok: false, reason, sentence }
}
