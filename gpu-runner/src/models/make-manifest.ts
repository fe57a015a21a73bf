import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import {
  type ModelKind,
  type ModelManifest,
  modelManifestSchema,
} from '../../../protocol/src/model-manifest.ts'
import { hashFile, MANIFEST_FILE } from './model-folder.ts'

/** What a person may say of a model; the rest is read from its files. */
export type ManifestHints = {
  readonly id?: string
  readonly kind?: ModelKind
  readonly contextTokens?: number
  readonly parameters?: number
  readonly licence?: string
  readonly dtype?: string
}

const configSchema = z.looseObject({
  architectures: z.array(z.string()).optional(),
  max_position_embeddings: z.number().optional(),
  n_positions: z.number().optional(),
  hidden_size: z.number().optional(),
})

/** transformers.js' name of each kind of weights, and the ending of its file. */
const DTYPE_ENDINGS: Readonly<Record<string, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
}
/** Bytes that one weight takes, scales included: tells how many weights a file has. */
const BYTES_PER_WEIGHT: Readonly<Record<string, number>> = {
  fp32: 4,
  fp16: 2,
  q4: 0.6,
  q4f16: 0.56,
  bnb4: 0.56,
}

/** The JSON files (and the template) that are loaded with a model, where they exist. */
export const MODEL_TEXT_FILES = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
] as const

/** The path of the weights for a dtype, as transformers.js asks for it. */
export function weightsPath(dtype: string): string {
  return `onnx/model${DTYPE_ENDINGS[dtype] ?? `_${dtype}`}.onnx`
}

/** Describes the folder's files: sizes and SHA-256 of what is loaded, and what a person must know of the model. */
export async function makeManifest(
  folder: string,
  hints: ManifestHints,
): Promise<{ ok: true; manifest: ModelManifest } | { ok: false; sentence: string }> {
  const config = configSchema.safeParse(await readJson(path.join(folder, 'config.json')))
  if (!config.success) return { ok: false, sentence: `${folder} has no readable config.json.` }
  const dtype = hints.dtype ?? (await findDtype(folder))
  if (!dtype) return { ok: false, sentence: `${folder} has no onnx/model*.onnx.` }
  const files = await describeFiles(folder, dtype)
  const weightsBytes = files
    .filter((file) => file.path.startsWith('onnx/'))
    .reduce((sum, f) => sum + f.bytes, 0)
  const chat =
    config.data.architectures?.some((name) => /CausalLM|LMHead|ConditionalGeneration/.test(name)) ?? false
  const kind = hints.kind ?? (chat ? 'chat' : 'embedding')
  const parsed = modelManifestSchema.safeParse({
    id: hints.id ?? path.basename(path.resolve(folder)),
    kind,
    contextTokens:
      hints.contextTokens ?? config.data.max_position_embeddings ?? config.data.n_positions ?? 512,
    parameters: hints.parameters ?? Math.round(weightsBytes / (BYTES_PER_WEIGHT[dtype] ?? 1)),
    licence: hints.licence ?? 'unknown',
    ...(kind === 'embedding' ? { dimensions: config.data.hidden_size ?? 1 } : {}),
    dtype,
    files,
  })
  if (parsed.success) return { ok: true, manifest: parsed.data }
  const issue = parsed.error.issues[0]
  return { ok: false, sentence: `No manifest for ${folder}: ${issue?.path.join('.')}: ${issue?.message}.` }
}

/** Writes `manifest.json` into the folder. */
export async function writeManifest(folder: string, manifest: ModelManifest): Promise<void> {
  await writeFile(path.join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
}

async function describeFiles(folder: string, dtype: string): Promise<ModelManifest['files']> {
  const weights = weightsPath(dtype)
  const beside = await readdir(path.join(folder, 'onnx')).catch(() => [])
  const parts = beside.map((name) => `onnx/${name}`).filter((name) => name.startsWith(`${weights}_data`))
  const files: ModelManifest['files'] = []
  for (const name of [...MODEL_TEXT_FILES, weights, ...parts].toSorted()) {
    const file = path.join(folder, name)
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile()) files.push({ path: name, bytes: found.size, sha256: await hashFile(file) })
  }
  return files
}

async function findDtype(folder: string): Promise<string | undefined> {
  for (const dtype of ['q4f16', 'q4', 'q8', 'fp16', 'fp32', 'int8', 'uint8', 'bnb4']) {
    if (await stat(path.join(folder, weightsPath(dtype))).catch(() => undefined)) return dtype
  }
  return undefined
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    // The schema refuses undefined.
    return undefined
  }
}
