import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeManifest, writeManifest } from '../src/models/make-manifest.ts'

/** What the tiny model knows; after `assistant` it says the chain below, word for word. */
const WORDS = [
  '<unk>',
  '<s>',
  '</s>',
  'user',
  'assistant',
  'hello',
  'i',
  'spin',
  'silk',
  'all',
  'night',
  'long',
  '.',
]
const CHAIN = ['assistant', 'i', 'spin', 'silk', 'all', 'night', 'long', '.', '</s>']
export const TINY_CONTEXT_TOKENS = 32
const WIDTH = 8
const FLOAT = 1
const INT64 = 7

/** Writes a deterministic causal model of 1.7 KB (a table of word pairs with a KV cache) as a verified model folder. */
export async function makeTinyModel(root: string, id = 'tiny'): Promise<string> {
  const folder = path.join(root, id)
  await mkdir(path.join(folder, 'onnx'), { recursive: true })
  await writeFile(path.join(folder, 'onnx', 'model.onnx'), tinyOnnx())
  for (const [name, value] of Object.entries(tinyJson())) {
    await writeFile(path.join(folder, name), JSON.stringify(value))
  }
  const made = await makeManifest(folder, {
    id,
    dtype: 'fp32',
    contextTokens: TINY_CONTEXT_TOKENS,
    licence: 'CC0-1.0',
  })
  if (!made.ok) throw new Error(made.sentence)
  await writeManifest(folder, made.manifest)
  return folder
}

/** ONNX is protobuf; a graph this small is quickest written by hand (onnx.proto3, IR 8, opset 17). */
function tinyOnnx(): Uint8Array {
  const size = WORDS.length
  const pairs = new Float32Array(size * size).fill(-5)
  for (const [i, word] of CHAIN.slice(0, -1).entries()) {
    pairs[WORDS.indexOf(word) * size + WORDS.indexOf(CHAIN[i + 1] ?? '')] = 5
  }
  const embedding = Float32Array.from({ length: size * WIDTH }, (_, i) => Math.sin(i))
  const past = ['batch', 1, 'past', WIDTH]
  const total = ['batch', 1, 'total', WIDTH]
  const joins = bytes(5, [...text(1, 'axis'), ...int(3, 2), ...int(20, 2)])
  const graph = [
    ...node('Gather', ['pairs', 'input_ids'], ['logits']),
    ...node('Gather', ['embedding', 'input_ids'], ['embedded']),
    ...node('Unsqueeze', ['embedded', 'heads'], ['fresh']),
    ...node('Concat', ['past_key_values.0.key', 'fresh'], ['present.0.key'], joins),
    ...node('Concat', ['past_key_values.0.value', 'fresh'], ['present.0.value'], joins),
    ...text(2, 'tiny'),
    ...tensor('pairs', [size, size], FLOAT, pairs),
    ...tensor('embedding', [size, WIDTH], FLOAT, embedding),
    ...tensor('heads', [1], INT64, BigInt64Array.of(1n)),
    ...bytes(11, valueInfo('input_ids', INT64, ['batch', 'length'])),
    ...bytes(11, valueInfo('attention_mask', INT64, ['batch', 'total'])),
    ...bytes(11, valueInfo('past_key_values.0.key', FLOAT, past)),
    ...bytes(11, valueInfo('past_key_values.0.value', FLOAT, past)),
    ...bytes(12, valueInfo('logits', FLOAT, ['batch', 'length', size])),
    ...bytes(12, valueInfo('present.0.key', FLOAT, total)),
    ...bytes(12, valueInfo('present.0.value', FLOAT, total)),
  ]
  return Uint8Array.from([...int(1, 8), ...bytes(8, int(2, 17)), ...bytes(7, graph)])
}

function tinyJson(): Record<string, unknown> {
  const special = WORDS.slice(0, 3).map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  return {
    'config.json': {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_size: WIDTH,
      num_attention_heads: 1,
      num_key_value_heads: 1,
      num_hidden_layers: 1,
      head_dim: WIDTH,
      vocab_size: WORDS.length,
      bos_token_id: 1,
      eos_token_id: 2,
      max_position_embeddings: TINY_CONTEXT_TOKENS,
    },
    'generation_config.json': { bos_token_id: 1, eos_token_id: 2, pad_token_id: 2 },
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special,
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'WhitespaceSplit' },
      post_processor: null,
      decoder: { type: 'Replace', pattern: { Regex: '^(?=[a-z])' }, content: ' ' },
      model: {
        type: 'WordLevel',
        vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
        unk_token: '<unk>',
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: '<s>',
      eos_token: '</s>',
      unk_token: '<unk>',
      model_max_length: TINY_CONTEXT_TOKENS,
      clean_up_tokenization_spaces: false,
      chat_template:
        '{% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}{% if add_generation_prompt %}assistant{% endif %}',
    },
  }
}

function varint(value: number): number[] {
  return value > 127 ? [(value & 127) | 128, ...varint(value >>> 7)] : [value]
}

function bytes(field: number, content: Iterable<number>): number[] {
  const list = Array.from(content)
  return [...varint((field << 3) | 2), ...varint(list.length), ...list]
}

function text(field: number, value: string): number[] {
  return bytes(field, new TextEncoder().encode(value))
}

function int(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)]
}

function node(op: string, inputs: readonly string[], outputs: readonly string[], attributes: number[] = []) {
  const names = [...inputs.flatMap((name) => text(1, name)), ...outputs.flatMap((name) => text(2, name))]
  return bytes(1, [...names, ...text(4, op), ...attributes])
}

function valueInfo(name: string, type: number, dims: readonly (string | number)[]): number[] {
  const shape = dims.flatMap((dim) => bytes(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)))
  return [...text(1, name), ...bytes(2, bytes(1, [...int(1, type), ...bytes(2, shape)]))]
}

function tensor(
  name: string,
  dims: readonly number[],
  type: number,
  data: Float32Array | BigInt64Array,
): number[] {
  const raw = new Uint8Array(data.buffer)
  return bytes(5, [
    ...dims.flatMap((dim) => int(1, dim)),
    ...int(2, type),
    ...text(8, name),
    ...bytes(9, raw),
  ])
}
