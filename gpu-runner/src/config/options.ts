import type { ParseArgsOptionsConfig } from 'node:util'

/** One setting of the runner: its key in config.json, its flag and its environment variable. */
export type Option = {
  readonly flag: string
  readonly env: string
  readonly kind: 'text' | 'number' | 'list'
  readonly help: string
}

/** All settings, by their key in config.json. The help text and the README follow this table. */
export const OPTIONS = {
  coordinator: {
    flag: 'coordinator',
    env: 'SHARNAQA_COORDINATOR',
    kind: 'text',
    help: 'address of the network, https://…',
  },
  name: { flag: 'name', env: 'SHARNAQA_NAME', kind: 'text', help: 'what you call this machine' },
  models: {
    flag: 'model',
    env: 'SHARNAQA_MODELS',
    kind: 'list',
    help: 'model to serve: a name or a folder; may be given more than once',
  },
  engine: { flag: 'engine', env: 'SHARNAQA_ENGINE', kind: 'text', help: 'onnx, upstream or fake' },
  device: { flag: 'device', env: 'SHARNAQA_DEVICE', kind: 'text', help: 'auto, cuda, webgpu or cpu' },
  slots: { flag: 'slots', env: 'SHARNAQA_SLOTS', kind: 'number', help: 'jobs at once, per model' },
  upstreamUrl: {
    flag: 'upstream',
    env: 'SHARNAQA_UPSTREAM_URL',
    kind: 'text',
    help: 'an OpenAI-compatible server to serve from, http://127.0.0.1:11434',
  },
  upstreamKey: { flag: 'upstream-key', env: 'SHARNAQA_UPSTREAM_KEY', kind: 'text', help: 'its API key' },
  upstreamModel: {
    flag: 'upstream-model',
    env: 'SHARNAQA_UPSTREAM_MODEL',
    kind: 'text',
    help: 'its name of the model; not needed where it serves one',
  },
  kind: {
    flag: 'kind',
    env: 'SHARNAQA_KIND',
    kind: 'text',
    help: 'of an upstream or fake model: chat or embedding',
  },
  contextTokens: {
    flag: 'context',
    env: 'SHARNAQA_CONTEXT',
    kind: 'number',
    help: 'of an upstream model that does not say it: tokens of prompt and answer together',
  },
  parameters: {
    flag: 'parameters',
    env: 'SHARNAQA_PARAMETERS',
    kind: 'number',
    help: 'of an upstream model: how many weights it has',
  },
  features: {
    flag: 'feature',
    env: 'SHARNAQA_FEATURES',
    kind: 'list',
    help: 'of an upstream model: tools, response_format, penalties, or none; all where not given',
  },
  priceInput: {
    flag: 'price-input',
    env: 'SHARNAQA_PRICE_INPUT',
    kind: 'number',
    help: 'nanoTON you ask for 1,000,000 tokens read',
  },
  priceOutput: {
    flag: 'price-output',
    env: 'SHARNAQA_PRICE_OUTPUT',
    kind: 'number',
    help: 'nanoTON you ask for 1,000,000 tokens written',
  },
  tee: {
    flag: 'tee',
    env: 'SHARNAQA_TEE',
    kind: 'text',
    help: 'the TEE that this machine runs in: none, tdx, sev-snp, or simulated, which proves nothing',
  },
  teeImage: {
    flag: 'tee-image',
    env: 'SHARNAQA_TEE_IMAGE',
    kind: 'text',
    help: 'in a TEE: SHA-256 that its image was published under, 64 hex digits',
  },
  simulatedTee: {
    flag: 'simulated-tee',
    env: 'SHARNAQA_SIMULATED_TEE',
    kind: 'text',
    help: 'file with the keys of a simulated TEE',
  },
  statusPort: {
    flag: 'status-port',
    env: 'SHARNAQA_STATUS_PORT',
    kind: 'number',
    help: 'port of the status page on 127.0.0.1; 0 takes any free one',
  },
} as const satisfies Record<string, Option>

export type OptionKey = keyof typeof OPTIONS
export const OPTION_KEYS = Object.keys(OPTIONS) as readonly OptionKey[]

/** The flags of all settings, for `parseArgs`. */
export const SETTING_FLAGS: ParseArgsOptionsConfig = Object.fromEntries(
  Object.values(OPTIONS).map((option) => [
    option.flag,
    { type: 'string', multiple: option.kind === 'list' } as const,
  ]),
)
