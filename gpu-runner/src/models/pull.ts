import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ModelManifest, modelManifestSchema } from '../../../protocol/src/model-manifest.ts'
import { type DownloadDeps, type DownloadFault, downloadFile } from './download.ts'
import { folderNameOf } from './find-model.ts'
import {
  type ManifestHints,
  MODEL_TEXT_FILES,
  makeManifest,
  weightsPath,
  writeManifest,
} from './make-manifest.ts'
import { MANIFEST_FILE } from './model-folder.ts'

export type Pull = {
  readonly name: string
  /** Where the files are; the hub's where it is left out. */
  readonly from?: string
  /** The folder that gets the model's folder. */
  readonly root: string
  readonly hints: ManifestHints
  readonly onProgress: (file: string, bytes: number, totalBytes: number | undefined) => void
}

export type PullResult =
  | {
      readonly ok: true
      readonly folder: string
      readonly manifest: ModelManifest
      /** `theirs`: every file is what the source's manifest says. `ours`: the manifest describes what came. */
      readonly source: 'theirs' | 'ours'
    }
  | { readonly ok: false; readonly reason: DownloadFault['reason'] | 'bad-source'; readonly sentence: string }

/** Weights that are looked for, best first for a machine without a large GPU. */
const DTYPES = ['q4', 'q8', 'q4f16', 'fp16', 'fp32'] as const
/** Files that every model has. */
const REQUIRED: readonly string[] = ['config.json', 'tokenizer.json']
const DATA_PARTS_MAX = 64

/** Fetches a model's files, verified against the source's manifest where it has one. `manifest.json` is written last. */
export async function pullModel(deps: DownloadDeps, pull: Pull): Promise<PullResult> {
  const base = baseOf(pull)
  if (!base) {
    return {
      ok: false,
      reason: 'bad-source',
      sentence: 'A source must begin with https:// (or be http:// on this machine).',
    }
  }
  const theirs = await fetchManifest(deps, base)
  if (!theirs.ok && theirs.reason !== 'not-found') return theirs
  const folder = path.join(pull.root, folderNameOf(pull.name))
  const fetchOne = (name: string, expected?: { bytes: number; sha256: string }) =>
    downloadFile(deps, {
      url: `${base}/${name}`,
      file: path.join(folder, name),
      onProgress: (bytes, total) => pull.onProgress(name, bytes, total),
      ...(expected ? { expected } : {}),
    })
  return theirs.ok
    ? await pullListed(folder, theirs.manifest, fetchOne)
    : await pullKnown(folder, pull, fetchOne)
}

type FetchOne = (
  name: string,
  expected?: { bytes: number; sha256: string },
) => ReturnType<typeof downloadFile>

async function pullListed(folder: string, manifest: ModelManifest, fetchOne: FetchOne): Promise<PullResult> {
  for (const file of manifest.files) {
    const result = await fetchOne(file.path, file)
    if (!result.ok) return result
  }
  await writeManifest(folder, manifest)
  return { ok: true, folder, manifest, source: 'theirs' }
}

async function pullKnown(folder: string, pull: Pull, fetchOne: FetchOne): Promise<PullResult> {
  for (const name of MODEL_TEXT_FILES) {
    const result = await fetchOne(name)
    if (!result.ok && (result.reason !== 'not-found' || REQUIRED.includes(name))) return result
  }
  const weights = await pullWeights(pull.hints.dtype, fetchOne)
  if (!weights.ok) return weights
  const licence = pull.hints.licence ?? (await readLicence(folder, fetchOne))
  const hints = { ...pull.hints, id: pull.hints.id ?? pull.name, dtype: weights.dtype, licence }
  const made = await makeManifest(folder, hints)
  if (!made.ok) return { ...made, reason: 'bad-source' }
  await writeManifest(folder, made.manifest)
  return { ok: true, folder, manifest: made.manifest, source: 'ours' }
}

/** Fetches the weights of the dtype, or of the first one that is there, with the parts that large models have beside them. */
async function pullWeights(
  dtype: string | undefined,
  fetchOne: FetchOne,
): Promise<{ ok: true; dtype: string } | DownloadFault> {
  let fault: DownloadFault | undefined
  for (const candidate of dtype ? [dtype] : DTYPES) {
    const weights = weightsPath(candidate)
    const result = await fetchOne(weights)
    if (!result.ok && result.reason !== 'not-found') return result
    if (!result.ok) {
      fault = result
      continue
    }
    for (let part = 0; part < DATA_PARTS_MAX; part++) {
      const more = await fetchOne(`${weights}_data${part === 0 ? '' : `_${part}`}`)
      if (!more.ok && more.reason !== 'not-found') return more
      if (!more.ok) break
    }
    return { ok: true, dtype: candidate }
  }
  const looked = dtype ? weightsPath(dtype) : DTYPES.map(weightsPath).join(', ')
  return {
    ok: false,
    reason: fault?.reason ?? 'not-found',
    sentence: `No ONNX weights there: looked for ${looked}.`,
  }
}

/** Reads the licence from a hub's model card. `unknown` where there is none. */
async function readLicence(folder: string, fetchOne: FetchOne): Promise<string> {
  if (!(await fetchOne('README.md')).ok) return 'unknown'
  const text = await readFile(path.join(folder, 'README.md'), 'utf8')
  return /^---\n[\s\S]*?^license:\s*["']?([\w.-]{1,64})/m.exec(text)?.[1] ?? 'unknown'
}

async function fetchManifest(
  deps: DownloadDeps,
  base: string,
): Promise<{ ok: true; manifest: ModelManifest } | (PullResult & { ok: false })> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharnaqa-pull-'))
  const file = path.join(folder, MANIFEST_FILE)
  try {
    const result = await downloadFile(deps, { url: `${base}/${MANIFEST_FILE}`, file })
    if (!result.ok) return result
    const parsed = modelManifestSchema.safeParse(JSON.parse(await readFile(file, 'utf8')))
    if (parsed.success) return { ok: true, manifest: parsed.data }
  } catch {
    // Not JSON: said below.
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return {
    ok: false,
    reason: 'bad-source',
    sentence: `${base}/${MANIFEST_FILE} is no manifest of this network.`,
  }
}

function baseOf({ name, from }: Pull): string | undefined {
  if (from === undefined) return `https://huggingface.co/${name}/resolve/main`
  if (!URL.canParse(from)) return undefined
  const url = new URL(from)
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) return undefined
  return from.replace(/\/+$/, '')
}
