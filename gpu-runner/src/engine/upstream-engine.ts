import { z } from 'zod'
import { type ModelKind, modelIdSchema, upstreamDigest } from '../../../protocol/src/model-manifest.ts'
import { type Engine, type EngineFacts, findUnsupportedParam, refuseKind } from './engine.ts'
import { upstreamChat } from './upstream-chat.ts'
import { embedBatch, upstreamEmbed } from './upstream-embedding.ts'
import { askUpstreamJson, type UpstreamHttp, upstreamBase } from './upstream-http.ts'

export type UpstreamOptions = {
  readonly baseUrl: string
  readonly apiKey?: string
  /** The server's name of the model. */
  readonly upstreamModel?: string
  /** The name on the network; the server's where it is left out. */
  readonly model?: string
  readonly kind: ModelKind
  readonly contextTokens?: number
  /** 0: what the server or the model's name says. */
  readonly parameters: number
  readonly features: EngineFacts['features']
  readonly slots: number
}

type OpenedUpstream =
  | { readonly ok: true; readonly engine: Engine }
  | { readonly ok: false; readonly sentence: string }

/** What servers say of a model: vLLM and SGLang `max_model_len`, llama.cpp `meta`, others `context_length`. */
const modelSchema = z.looseObject({
  id: z.string(),
  max_model_len: z.int().min(16).nullish(),
  context_length: z.int().min(16).nullish(),
  meta: z
    .looseObject({
      n_ctx: z.int().min(16).nullish(),
      n_ctx_train: z.int().min(16).nullish(),
      n_params: z.int().min(0).nullish(),
    })
    .nullish(),
})
const modelsSchema = z.looseObject({ data: z.array(modelSchema) })
type UpstreamModel = z.infer<typeof modelSchema>

/** What Ollama gives a model, and it does not say so. */
const UNKNOWN_CONTEXT_TOKENS = 4096
const NAMES_SHOWN = 10

/** Opens any OpenAI-compatible server as an engine. */
export async function openUpstreamEngine(options: UpstreamOptions): Promise<OpenedUpstream> {
  const http: UpstreamHttp = {
    baseUrl: upstreamBase(options.baseUrl),
    ...(options.apiKey ? { apiKey: options.apiKey } : {}),
  }
  const listed = await listModels(http)
  if (!listed.ok) return listed
  const chosen = chooseModel(listed.models, options.upstreamModel)
  if (!chosen.ok) return chosen
  const id = modelIdSchema.safeParse(options.model ?? publicName(chosen.model.id))
  if (!id.success)
    return { ok: false, sentence: 'That name cannot be used on the network. Action: add --model NAME' }
  const size = options.kind === 'embedding' ? await findSize(http, chosen.model.id) : 0
  if (size === undefined)
    return { ok: false, sentence: `${chosen.model.id} gave no embedding for a test text.` }
  const facts = await describe(options, chosen.model, id.data, size)
  return { ok: true, engine: createEngine(http, chosen.model.id, facts) }
}

function createEngine(http: UpstreamHttp, upstreamModel: string, facts: EngineFacts): Engine {
  return {
    facts,
    chat: (request, signal) => {
      if (facts.kind !== 'chat') return refuseKind('model')
      const param = findUnsupportedParam(request.params, facts.features)
      return param ? refuseKind(param) : upstreamChat(http, upstreamModel, request, signal)
    },
    embed: (request, signal) => {
      if (facts.kind !== 'embedding') return refuseKind('model')
      return upstreamEmbed(http, { model: upstreamModel, size: facts.dimensions ?? 1 }, request, signal)
    },
    close: async () => {},
  }
}

async function describe(
  options: UpstreamOptions,
  upstream: UpstreamModel,
  model: string,
  size: number,
): Promise<EngineFacts> {
  const said =
    upstream.max_model_len ?? upstream.meta?.n_ctx ?? upstream.context_length ?? upstream.meta?.n_ctx_train
  const contextTokens = options.contextTokens ?? said ?? UNKNOWN_CONTEXT_TOKENS
  const guessed = options.contextTokens === undefined && !said
  return {
    model,
    kind: options.kind,
    manifestDigest: await upstreamDigest(model),
    contextTokens,
    parameters: options.parameters || (upstream.meta?.n_params ?? parametersInName(upstream.id)),
    ...(size > 0 ? { dimensions: size } : {}),
    features: options.kind === 'chat' ? options.features : [],
    engine: 'upstream',
    device: 'upstream',
    slots: options.slots,
    note: guessed
      ? `Runs on another server, which does not say its context: ${contextTokens} tokens assumed (--context).`
      : 'Runs on another server.',
  }
}

async function listModels(
  http: UpstreamHttp,
): Promise<{ ok: true; models: readonly UpstreamModel[] } | { ok: false; sentence: string }> {
  try {
    const answer = await askUpstreamJson(http, '/v1/models', undefined, new AbortController().signal)
    if (answer.ok) return { ok: true, models: modelsSchema.parse(answer.json).data }
    const wantsKey = answer.status === 401 || answer.status === 403
    const why = wantsKey ? 'wants another key. Action: add --upstream-key' : `answered ${answer.status}.`
    return { ok: false, sentence: `The upstream server ${why}` }
  } catch {
    // Unreachable, silent, or no such server: the owner can do the same about each.
    const sentence = `No OpenAI-compatible server answers at ${http.baseUrl}. Action: start it, or correct --upstream`
    return { ok: false, sentence }
  }
}

function chooseModel(
  models: readonly UpstreamModel[],
  wanted: string | undefined,
): { ok: true; model: UpstreamModel } | { ok: false; sentence: string } {
  const found = wanted === undefined ? undefined : models.find((model) => model.id === wanted)
  const only = wanted === undefined && models.length === 1 ? models[0] : undefined
  const model = found ?? only
  if (model) return { ok: true, model }
  const names = models.slice(0, NAMES_SHOWN).map(({ id }) => id)
  const sentence =
    wanted === undefined ? 'Which model is meant?' : `The upstream server has no model "${wanted}".`
  return {
    ok: false,
    sentence: `${sentence} Action: --upstream-model, one of: ${names.join(', ') || 'none there'}`,
  }
}

async function findSize(http: UpstreamHttp, model: string): Promise<number | undefined> {
  const batch = await embedBatch(http, model, ['size'], new AbortController().signal)
  return batch.ok ? batch.vectors[0]?.length : undefined
}

/** llama.cpp calls a model by the path of its file: the network needs the name only, and not where it lies. */
export function publicName(upstreamId: string): string {
  if (!/^([/\\~.]|[a-z]:\\)|\.gguf$/i.test(upstreamId)) return upstreamId
  return (upstreamId.split(/[/\\]/).at(-1) ?? upstreamId).replace(/\.gguf$/i, '')
}

/** `llama3.2:3b` and `Qwen2.5-0.5B-Instruct` say how large they are; 0 where a name does not. */
export function parametersInName(name: string): number {
  const match = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)\s*([bm])(?![a-z0-9])/i.exec(name)
  if (!match) return 0
  return Math.round(Number(match[1]) * (match[2]?.toLowerCase() === 'b' ? 1e9 : 1e6))
}
