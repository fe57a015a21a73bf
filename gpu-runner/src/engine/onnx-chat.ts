import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AutoTokenizer, type PreTrainedModel, type PreTrainedTokenizer } from '@huggingface/transformers'
import { z } from 'zod'
import type { ChatMessage, ChatParams } from '../../../protocol/src/runner/chat-params.ts'
import type { ModelFolder } from '../models/model-folder.ts'
import { createAnswerWriter } from './answer-writer.ts'
import { createDetokenizer } from './detokenizer.ts'
import { loadOnFirst, lookAtMachine } from './device.ts'
import {
  type ChatEnd,
  type ChatRequest,
  type Engine,
  type EngineFacts,
  findUnsupportedParam,
  type Piece,
  refuseKind,
} from './engine.ts'
import type { OnnxOptions } from './onnx-engine.ts'
import { loadCausalModel, type OnnxSession, openSession } from './onnx-session.ts'
import { createSampler, type Sampling } from './sampler.ts'

const tokenIdList = z.union([z.int(), z.array(z.int())]).nullish()
const generationConfigSchema = z.looseObject({
  eos_token_id: tokenIdList,
  do_sample: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
})
type GenerationConfig = z.infer<typeof generationConfigSchema>

type Loaded = {
  readonly facts: EngineFacts
  readonly model: PreTrainedModel
  readonly tokenizer: PreTrainedTokenizer
  readonly config: GenerationConfig
  readonly endIds: ReadonlySet<number>
}

/** Loads a chat model: tokenizer, chat template, weights. */
export async function openOnnxChat(
  { folder, manifest, digest }: ModelFolder,
  options: OnnxOptions,
): Promise<Engine> {
  const config = await readGenerationConfig(folder)
  const tokenizer = await AutoTokenizer.from_pretrained(folder)
  const { loaded, device, note } = await loadOnFirst(
    options.device,
    lookAtMachine(),
    manifest.parameters,
    (name) => loadCausalModel(folder, manifest.dtype, name, options.threads),
  )
  const facts: EngineFacts = {
    model: manifest.id,
    kind: 'chat',
    manifestDigest: digest,
    contextTokens: manifest.contextTokens,
    parameters: manifest.parameters,
    features: ['penalties'],
    engine: 'onnx',
    device,
    slots: options.slots,
    note,
  }
  const chatModel: Loaded = { facts, model: loaded, tokenizer, config, endIds: endIdsOf(config, tokenizer) }
  return {
    facts,
    chat: (request, signal) => chat(chatModel, request, signal),
    embed: () => refuseKind('model'),
    close: async () => void (await loaded.dispose()),
  }
}

async function* chat(
  loaded: Loaded,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<Piece, ChatEnd, void> {
  const { params, delivered } = request
  const param = findUnsupportedParam(params, loaded.facts.features)
  if (param) return { ok: false, reason: 'unsupported', param }
  const prompt = renderPrompt(loaded.tokenizer, request.messages)
  const promptTokens = prompt.length
  if (promptTokens + 1 > loaded.facts.contextTokens) return { ok: false, reason: 'context-length-exceeded' }
  const before = deliveredIds(loaded.tokenizer, delivered)
  const room = Math.min(
    params.maxTokens - (delivered?.tokens ?? 0),
    loaded.facts.contextTokens - promptTokens - before.length,
  )
  const session = openSession(loaded.model)
  let completionTokens = 0
  try {
    const answer = generate(loaded, session, { prompt, before, room, params, signal })
    for (;;) {
      const next = await answer.next()
      if (next.done) return { ok: true, finish: next.value, usage: { promptTokens, completionTokens } }
      completionTokens += next.value.tokens
      yield next.value
    }
  } finally {
    await session.close()
  }
}

type Run = {
  readonly prompt: readonly number[]
  readonly before: readonly number[]
  /** Tokens that may still be made. */
  readonly room: number
  readonly params: ChatParams
  readonly signal: AbortSignal
}

async function* generate(
  { tokenizer, config, endIds }: Loaded,
  session: OnnxSession,
  { prompt, before, room, params, signal }: Run,
): AsyncGenerator<Piece, 'stop' | 'length' | 'cancelled', void> {
  const sampler = createSampler(samplingOf(params, config))
  for (const id of before) sampler.note(id)
  const detokenizer = createDetokenizer((ids) => decode(tokenizer, ids), before)
  const writer = createAnswerWriter(params.stop ?? [])
  let finish: 'stop' | 'length' | 'cancelled' = 'length'
  let fresh: readonly number[] = [...prompt, ...before]
  for (let made = 0; made < room; made++) {
    const logits = await session.feed(fresh, signal)
    if (!logits || signal.aborted) {
      finish = 'cancelled'
      break
    }
    const id = sampler.pick(logits, before.length + made)
    if (endIds.has(id)) {
      finish = 'stop'
      break
    }
    sampler.note(id)
    fresh = [id]
    const unit = detokenizer.push(id)
    if (!unit) continue
    const { piece, stopped } = writer.push(unit)
    if (piece) yield piece
    if (stopped) return 'stop'
  }
  const rest = detokenizer.flush()
  const last = rest && writer.push(rest)
  if (last?.piece) yield last.piece
  const held = writer.flush()
  if (held) yield held
  return last?.stopped ? 'stop' : finish
}

function renderPrompt(tokenizer: PreTrainedTokenizer, messages: readonly ChatMessage[]): readonly number[] {
  const conversation = messages.map(({ toolCalls, toolCallId, ...message }) => ({
    ...message,
    ...(toolCalls ? { tool_calls: toolCalls } : {}),
    ...(toolCallId ? { tool_call_id: toolCallId } : {}),
  }))
  const ids: unknown = tokenizer.apply_chat_template(conversation, {
    add_generation_prompt: true,
    tokenize: true,
    return_tensor: false,
    return_dict: false,
  })
  return z.array(z.int()).parse(ids)
}

/** The ids of what was delivered. Ids that do not say the delivered text are not trusted: the text is cut into tokens anew. */
function deliveredIds(
  tokenizer: PreTrainedTokenizer,
  delivered: ChatRequest['delivered'],
): readonly number[] {
  if (!delivered || delivered.text === '') return delivered?.tokenIds ?? []
  const { text, tokenIds } = delivered
  if (tokenIds.length > 0 && decode(tokenizer, tokenIds).replace(/\uFFFD+$/, '') === text) return tokenIds
  return tokenizer.encode(text, { add_special_tokens: false })
}

function decode(tokenizer: PreTrainedTokenizer, ids: number[]): string {
  if (ids.length === 0) return ''
  return tokenizer.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false })
}

/** Greedy unless temperature or the model's own configuration asks for a draw. */
function samplingOf(params: ChatParams, config: GenerationConfig): Sampling {
  const drawn = config.do_sample === true
  return {
    temperature: params.temperature ?? (drawn ? (config.temperature ?? 1) : 0),
    topP: params.topP ?? (drawn ? (config.top_p ?? 1) : 1),
    topK: drawn ? (config.top_k ?? 0) : 0,
    seed: params.seed ?? randomInt(2 ** 47),
    frequencyPenalty: params.frequencyPenalty ?? 0,
    presencePenalty: params.presencePenalty ?? 0,
  }
}

async function readGenerationConfig(folder: string): Promise<GenerationConfig> {
  const text = await readFile(path.join(folder, 'generation_config.json'), 'utf8').catch(() => '{}')
  return generationConfigSchema.parse(JSON.parse(text))
}

function endIdsOf(config: GenerationConfig, tokenizer: PreTrainedTokenizer): ReadonlySet<number> {
  const named: unknown = Reflect.get(tokenizer, 'eos_token_id')
  const listed = config.eos_token_id ?? (typeof named === 'number' ? named : [])
  return new Set(typeof listed === 'number' ? [listed] : listed)
}
