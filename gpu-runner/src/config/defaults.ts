import type { ModelKind } from '../../../protocol/src/model-manifest.ts'
import type { Ask } from '../../../protocol/src/runner/up.ts'

/** What is served where nothing is chosen: both models that come with the program. */
export const DEFAULT_MODELS: readonly string[] = ['silkworm', 'all-minilm-l6-v2']

/** What is asked where no price is set, nano per 1,000,000 tokens. */
export const DEFAULT_ASK: Readonly<Record<ModelKind, Ask>> = {
  chat: { input: 20_000_000, output: 60_000_000 },
  embedding: { input: 5_000_000, output: 0 },
}

export const DEFAULT_STATUS_PORT = 8788

/** Models below this many weights answer several jobs at once without anyone waiting, and need one thread. */
export const SMALL_MODEL_PARAMETERS = 50_000_000

const SMALL_MODEL_SLOTS = 4
const UPSTREAM_SLOTS = 8

/** Jobs at once where no number is set. */
export function defaultSlots(engine: 'onnx' | 'upstream' | 'fake', parameters: number): number {
  if (engine === 'upstream') return UPSTREAM_SLOTS
  return engine === 'fake' || parameters < SMALL_MODEL_PARAMETERS ? SMALL_MODEL_SLOTS : 1
}
