import { AutoModelForCausalLM, DynamicCache, type PreTrainedModel, Tensor } from '@huggingface/transformers'
import type { Device } from './device.ts'

/** One answer's way through a model: what was fed stays in the KV cache. */
export type OnnxSession = {
  /** Feeds tokens and gives the logits behind the last of them. Gives undefined when aborted between two parts. */
  readonly feed: (ids: readonly number[], signal: AbortSignal) => Promise<Float32Array | undefined>
  readonly close: () => Promise<void>
}

export type SessionThreads = { readonly intraOpNumThreads: number; readonly interOpNumThreads: number }

/**
 * Tokens of a prompt that are fed at once. onnxruntime computes on the main thread: between two parts the link
 * answers its pings, other jobs make a token, and a cancel is heard.
 */
const PREFILL_TOKENS = 256

/** Loads the weights of a chat model from a folder. */
export function loadCausalModel(folder: string, dtype: string, device: Device, threads: number) {
  return AutoModelForCausalLM.from_pretrained(folder, {
    dtype: dtype as 'q8',
    device,
    ...(threads > 0 ? { session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 } } : {}),
  })
}

/** Begins an answer with an empty KV cache. */
export function openSession(model: PreTrainedModel): OnnxSession {
  const cache = new DynamicCache()
  let total = 0
  const feedPart = async (ids: readonly number[]) => {
    total += ids.length
    const outputs = await forwardOf(model)({
      input_ids: int64(ids, [1, ids.length]),
      attention_mask: new Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]),
      num_logits_to_keep: int64([1], []),
      past_key_values: cache,
    })
    cache.update(cacheEntries(outputs))
    return lastLogits(outputs)
  }
  return {
    feed: async (ids, signal) => {
      let logits: Float32Array | undefined
      for (let start = 0; start < ids.length; start += PREFILL_TOKENS) {
        if (signal.aborted) return undefined
        logits = await feedPart(ids.slice(start, start + PREFILL_TOKENS))
      }
      return logits
    },
    close: () => cache.dispose(),
  }
}

type Outputs = Readonly<Record<string, Tensor>>

function forwardOf(model: PreTrainedModel) {
  return (inputs: Readonly<Record<string, unknown>>): Promise<Outputs> => model.forward(inputs)
}

/** The outputs that are fed back, under the names that the next step asks for. */
function cacheEntries(outputs: Outputs): Record<string, Tensor> {
  const entries = Object.entries(outputs).filter(([name]) => name.startsWith('present'))
  return Object.fromEntries(
    entries.map(([name, tensor]) => [
      name.replace(/^present_(ssm|conv|recurrent)/, 'past_$1').replace(/^present/, 'past_key_values'),
      tensor,
    ]),
  )
}

function lastLogits(outputs: Outputs): Float32Array {
  const logits = outputs.logits
  if (!logits) throw new Error('the model gave no logits')
  const vocabulary = logits.dims.at(-1) ?? 0
  const values = (logits.type === 'float32' ? logits : logits.to('float32')).data
  if (!(values instanceof Float32Array)) throw new Error('the logits are no float32')
  return values.subarray(values.length - vocabulary)
}

function int64(values: readonly number[], dims: number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims)
}
