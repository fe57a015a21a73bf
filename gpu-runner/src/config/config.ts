import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { modelIdSchema, modelKindSchema } from '../../../protocol/src/model-manifest.ts'
import { OPTION_KEYS, OPTIONS, type OptionKey } from './options.ts'

const price = z.int().min(0).max(1_000_000_000_000)

/** The settings of a runner, as `config.json` holds them. */
export const configSchema = z.strictObject({
  coordinator: z
    .string()
    .regex(/^https?:\/\/\S+$/i, 'must begin with https:// or http://')
    .optional(),
  name: z.string().trim().min(1).max(64).optional(),
  models: z.array(z.string().min(1)).min(1).max(16).optional(),
  engine: z.enum(['onnx', 'upstream', 'fake']).optional(),
  device: z.enum(['auto', 'cuda', 'webgpu', 'cpu']).optional(),
  slots: z.int().min(1).max(1024).optional(),
  upstreamUrl: z
    .string()
    .regex(/^https?:\/\/\S+$/i, 'must begin with https:// or http://')
    .optional(),
  upstreamKey: z.string().min(1).optional(),
  upstreamModel: modelIdSchema.optional(),
  kind: modelKindSchema.optional(),
  contextTokens: z.int().min(16).max(10_000_000).optional(),
  parameters: z.int().min(0).optional(),
  features: z.array(z.enum(['tools', 'response_format', 'penalties', 'none'])).optional(),
  priceInput: price.optional(),
  priceOutput: price.optional(),
  tee: z.enum(['none', 'tdx', 'sev-snp', 'simulated']).optional(),
  teeImage: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must have 64 hex digits, in lower case')
    .optional(),
  simulatedTee: z.string().min(1).optional(),
  statusPort: z.int().min(0).max(65_535).optional(),
})
export type Config = z.infer<typeof configSchema>

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly sentence: string }

const CONFIG_FILE = 'config.json'

/** What a person wrote on the command line, by flag. */
export type Flags = Readonly<Record<string, unknown>>
export type Env = Readonly<Record<string, string | undefined>>

/** The folder of key, configuration, earnings and pulled models. */
export function dataDirOf(flags: Flags, env: Env): string {
  const flag = flags['data-dir']
  const chosen = typeof flag === 'string' ? flag : env.SHARNAQA_RUNNER_DIR
  return path.resolve(chosen || path.join(homedir(), '.sharnaqa', 'runner'))
}

/** Flags come before the environment, the environment before config.json. The first wrong setting is named. */
export function resolveConfig(flags: Flags, env: Env, file: unknown): ConfigResult {
  const parsedFile = configSchema.safeParse(file)
  if (!parsedFile.success) return { ok: false, sentence: sentenceOf(parsedFile.error, () => CONFIG_FILE) }
  const config: Record<string, unknown> = { ...parsedFile.data }
  const sources = new Map<string, string>()
  for (const key of OPTION_KEYS) {
    const option = OPTIONS[key]
    const given = readFlag(flags[option.flag]) ?? readEnv(env[option.env], option.kind)
    if (given === undefined) continue
    sources.set(key, flags[option.flag] === undefined ? option.env : `--${option.flag}`)
    config[key] = option.kind === 'number' ? toNumber(given) : given
  }
  const parsed = configSchema.safeParse(config)
  if (parsed.success) return { ok: true, config: parsed.data }
  return { ok: false, sentence: sentenceOf(parsed.error, (key) => sources.get(key) ?? CONFIG_FILE) }
}

/** Reads `config.json`; an absent one is empty. */
export async function readConfigFile(dataDir: string): Promise<unknown> {
  const text = await readFile(path.join(dataDir, CONFIG_FILE), 'utf8').catch(() => '{}')
  try {
    return JSON.parse(text)
  } catch {
    // The schema refuses undefined, and its sentence names the file.
    return undefined
  }
}

/** Changes single settings in `config.json` and leaves the others as they are. Only its owner can read it: it may hold a key. */
export async function updateConfigFile(dataDir: string, changes: Partial<Config>): Promise<void> {
  const file = path.join(dataDir, CONFIG_FILE)
  const old = configSchema.safeParse(await readConfigFile(dataDir))
  const text = JSON.stringify({ ...(old.success ? old.data : {}), ...changes }, null, 2)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.part`, `${text}\n`, { mode: 0o600 })
  await rename(`${file}.part`, file)
}

function readFlag(value: unknown): string | string[] | undefined {
  return typeof value === 'string' || Array.isArray(value) ? value : undefined
}

function readEnv(value: string | undefined, kind: string): string | string[] | undefined {
  if (value === undefined || value === '') return undefined
  return kind === 'list' ? value.split(',').map((part) => part.trim()) : value
}

/** Text that is no number stays text, and the schema names it. */
function toNumber(value: string | string[]): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

function sentenceOf(error: z.ZodError, sourceOf: (key: string) => string): string {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const known = (OPTION_KEYS as readonly OptionKey[]).join(', ')
    return `${CONFIG_FILE} has the unknown setting "${issue.keys.join('", "')}". Known are: ${known}.`
  }
  const key = String(issue?.path[0] ?? '')
  if (key === '') return `${CONFIG_FILE} is not readable JSON.`
  return `${key} (from ${sourceOf(key)}): ${issue?.message}.`
}
