import { type Model, modelListSchema } from '../../../protocol/src/openai/model-list.ts'
import { readDirectory } from '../../../protocol/src/sealed/directory.ts'
import type { FetchApi } from '../../../protocol/src/sealed-client/http-network.ts'
import type { NetworkReply, SealedNetwork } from '../../../protocol/src/sealed-client/sealed-network.ts'
import type { SealedTier } from './proxy-options.ts'

/** Models whose directories are read for one list. */
const MODELS_MAX = 200
/** Directories that are read at once. */
const AT_ONCE = 8
/** How long a list is good for, ms: clients ask for it again and again. */
const LIST_MS = 15_000

export type ListModelsDeps = {
  readonly fetchApi: FetchApi
  readonly network: Pick<SealedNetwork, 'readDirectory'>
  readonly tier: SealedTier
  readonly confirmed: ReadonlySet<string>
  readonly nowMs: () => number
}

/** Makes what lists the chat models that somebody serves in the tier now. Their evidence is checked when one is asked. */
export function createModelLister(deps: ListModelsDeps) {
  let kept: { readonly atMs: number; readonly models: readonly Model[] } | undefined
  return async (signal: AbortSignal): Promise<NetworkReply<readonly Model[]>> => {
    if (kept && deps.nowMs() - kept.atMs < LIST_MS) return { ok: true, value: kept.models }
    const reply = await deps.fetchApi('/v1/models', { signal })
    if (!reply.ok) return reply
    const list = await reply.value.json().then(
      (json) => modelListSchema.safeParse(json).data,
      () => undefined, // it broke off, or is no JSON
    )
    if (!list) return { ok: false, reason: 'unreachable' }
    const chats = list.data.filter(({ sharnaqa }) => sharnaqa.kind === 'chat').slice(0, MODELS_MAX)
    const models: Model[] = []
    for (let at = 0; at < chats.length; at += AT_ONCE) {
      const some = await Promise.all(
        chats.slice(at, at + AT_ONCE).map((model) => inTier(deps, model, signal)),
      )
      models.push(...some.filter((model) => model !== undefined))
    }
    kept = { atMs: deps.nowMs(), models }
    return { ok: true, value: models }
  }
}

/** The model with the runners and the price that it has in the tier; undefined where it has none. */
async function inTier(
  { network, tier, confirmed, nowMs }: ListModelsDeps,
  model: Model,
  signal: AbortSignal,
): Promise<Model | undefined> {
  const reply = await network.readDirectory(model.id, tier, signal)
  const read = reply.ok ? await readDirectory(reply.value, nowMs()) : undefined
  if (!read?.ok) return undefined
  const runners = read.directory.runners.filter(({ kind, runner_id }) =>
    tier === 'own' ? kind === 'paired' && confirmed.has(runner_id) : kind === 'tee',
  )
  if (runners.length === 0) return undefined
  const price_nano = {
    input: Math.min(...runners.map(({ price }) => price.input)),
    output: Math.min(...runners.map(({ price }) => price.output)),
  }
  const online_runners = new Set(runners.map(({ runner_id }) => runner_id)).size
  return { ...model, sharnaqa: { ...model.sharnaqa, price_nano, online_runners } }
}
