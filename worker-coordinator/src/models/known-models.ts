import type { Model } from './model-store.ts'

/** Models that are remembered; beyond it all are read again. */
const KNOWN_MAX = 1000

export type KnownModelsDeps = {
  readonly findModel: (id: string) => Promise<Model | undefined>
  readonly nowMs: () => number
  readonly cacheMs: number
}

/**
 * Looks a model up in the catalog and remembers what it found: on a chat's path a known model costs no query. A name
 * that was not found is asked for again each time.
 */
export function createKnownModels({ findModel, nowMs, cacheMs }: KnownModelsDeps) {
  const known = new Map<string, { readonly model: Model; readonly untilMs: number }>()
  return async (id: string): Promise<Model | undefined> => {
    const cached = known.get(id)
    if (cached && nowMs() < cached.untilMs) return cached.model
    const model = await findModel(id)
    if (!model) return undefined
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(id, { model, untilMs: nowMs() + cacheMs })
    return model
  }
}
