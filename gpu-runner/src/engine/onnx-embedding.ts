import {
  AutoModel,
  AutoTokenizer,
  mean_pooling,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  type Tensor,
} from '@huggingface/transformers'
import type { ModelFolder } from '../models/model-folder.ts'
import { loadOnFirst, lookAtMachine } from './device.ts'
import { type ChatEnd, type EmbeddingRequest, type Engine, type EngineFacts, refuseKind } from './engine.ts'
import type { OnnxOptions } from './onnx-engine.ts'
import { encodeVector, shorten } from './vectors.ts'

/** Texts per run of the model. */
const BATCH_TEXTS = 16

type Loaded = {
  readonly model: PreTrainedModel
  readonly tokenizer: PreTrainedTokenizer
  readonly facts: EngineFacts
}

/** Loads an embedding model: mean over the tokens, unit length. Texts beyond the context are cut. */
export async function openOnnxEmbedding(
  { folder, manifest, digest }: ModelFolder,
  { device: wanted, slots, threads }: OnnxOptions,
): Promise<Engine> {
  const tokenizer = await AutoTokenizer.from_pretrained(folder)
  const { loaded, device, note } = await loadOnFirst(wanted, lookAtMachine(), manifest.parameters, (name) =>
    AutoModel.from_pretrained(folder, {
      dtype: manifest.dtype as 'q8',
      device: name,
      ...(threads > 0 ? { session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 } } : {}),
    }),
  )
  const facts: EngineFacts = {
    model: manifest.id,
    kind: 'embedding',
    manifestDigest: digest,
    contextTokens: manifest.contextTokens,
    parameters: manifest.parameters,
    dimensions: manifest.dimensions ?? 1,
    features: [],
    engine: 'onnx',
    device,
    slots,
    note,
  }
  return {
    facts,
    chat: () => refuseKind('model'),
    embed: (request, signal) => embed({ model: loaded, tokenizer, facts }, request, signal),
    close: async () => void (await loaded.dispose()),
  }
}

async function* embed(
  loaded: Loaded,
  { texts, dimensions }: EmbeddingRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], ChatEnd, void> {
  const size = loaded.facts.dimensions ?? 1
  if (dimensions !== undefined && dimensions > size) {
    return { ok: false, reason: 'unsupported', param: 'dimensions' }
  }
  let promptTokens = 0
  for (let start = 0; start < texts.length; start += BATCH_TEXTS) {
    if (signal.aborted) return { ok: true, finish: 'cancelled', usage: { promptTokens, completionTokens: 0 } }
    const { vectors, tokens } = await embedBatch(loaded, texts.slice(start, start + BATCH_TEXTS))
    promptTokens += tokens
    yield vectors.map((vector) =>
      encodeVector(dimensions === undefined ? vector : shorten(vector, dimensions)),
    )
  }
  return { ok: true, finish: 'stop', usage: { promptTokens, completionTokens: 0 } }
}

async function embedBatch({ model, tokenizer, facts }: Loaded, texts: string[]) {
  const inputs: { attention_mask: Tensor } = tokenizer(texts, {
    padding: true,
    truncation: true,
    max_length: facts.contextTokens,
  })
  const outputs: { last_hidden_state?: Tensor } = await model(inputs)
  if (!outputs.last_hidden_state) throw new Error('the model gave no hidden state')
  const pooled = mean_pooling(outputs.last_hidden_state, inputs.attention_mask).normalize(2, -1)
  const rows: number[][] = pooled.tolist()
  const mask: bigint[][] = inputs.attention_mask.tolist()
  const tokens = mask.flat().reduce((sum, bit) => sum + Number(bit), 0)
  return { vectors: rows.map((row) => Float32Array.from(row)), tokens }
}
