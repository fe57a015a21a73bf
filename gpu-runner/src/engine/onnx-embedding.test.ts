import { afterAll, beforeAll, expect, test } from 'vitest'
import { embedAll } from '../../test/collect.ts'
import { BUNDLED_MODELS } from '../models/find-model.ts'
import { readModelFolder } from '../models/model-folder.ts'
import type { Engine } from './engine.ts'
import { openOnnxEngine } from './onnx-engine.ts'
import { decodeVector } from './vectors.ts'

let minilm: Engine

beforeAll(async () => {
  const model = await readModelFolder(`${BUNDLED_MODELS}/all-minilm-l6-v2`)
  if (!model.ok) throw new Error(model.sentence)
  minilm = await openOnnxEngine(model, { device: 'auto', slots: 2, threads: 1 })
})
afterAll(() => minilm.close())

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

test('texts that mean the same lie close, others do not', async () => {
  const texts = ['How do I cancel my order?', 'I want to revoke my purchase', 'The moon is made of rock']
  const { vectors, end } = await embedAll(minilm, texts)
  const [order, purchase, moon] = vectors.map(decodeVector)
  if (!order || !purchase || !moon) throw new Error('three vectors were asked for')
  expect(order).toHaveLength(384)
  expect(cosine(order, order)).toBeCloseTo(1, 5)
  expect(cosine(order, purchase)).toBeGreaterThan(0.6)
  expect(cosine(order, moon)).toBeLessThan(0.2)
  expect(end).toMatchObject({ finish: 'stop', usage: { completionTokens: 0 } })
})

test('tokens are those of the tokenizer, with its marks and without padding', async () => {
  const { end } = await embedAll(minilm, ['hello world', 'hello'])
  expect(end).toMatchObject({ usage: { promptTokens: 4 + 3 } })
})

test('many texts come in batches, in order, and each as if it were alone', async () => {
  const texts = Array.from({ length: 21 }, (_, i) => `text number ${i} ${'and more '.repeat(i)}`)
  const request = { texts }
  const sizes: number[] = []
  const together: string[] = []
  for await (const batch of minilm.embed(request, new AbortController().signal)) {
    sizes.push(batch.length)
    together.push(...batch)
  }
  expect(sizes).toEqual([16, 5])
  for (const i of [0, 20]) {
    const alone = (await embedAll(minilm, [texts[i] ?? ''])).vectors[0] ?? ''
    // int8 activations are scaled over the batch: close, not bit for bit.
    expect(cosine(decodeVector(alone), decodeVector(together[i] ?? ''))).toBeGreaterThan(0.98)
  }
})

test('a text beyond the context is cut, not refused', async () => {
  const { vectors, end } = await embedAll(minilm, ['silk '.repeat(2000)])
  expect(vectors).toHaveLength(1)
  expect(end).toMatchObject({ ok: true, usage: { promptTokens: 256 } })
})

test('fewer dimensions are the first ones at unit length; more than there are is refused', async () => {
  const whole = decodeVector((await embedAll(minilm, ['silk'])).vectors[0] ?? '')
  const short = decodeVector((await embedAll(minilm, ['silk'], 64)).vectors[0] ?? '')
  expect(short).toHaveLength(64)
  expect(cosine(short, short)).toBeCloseTo(1, 5)
  expect((short[3] ?? 0) / (short[5] ?? 1)).toBeCloseTo((whole[3] ?? 0) / (whole[5] ?? 1), 3)
  const { end } = await embedAll(minilm, ['silk'], 385)
  expect(end).toEqual({ ok: false, reason: 'unsupported', param: 'dimensions' })
})

test('an aborted job ends before its next batch', async () => {
  const controller = new AbortController()
  const batches = minilm.embed({ texts: Array.from({ length: 40 }, () => 'silk') }, controller.signal)
  await batches.next()
  controller.abort()
  expect((await batches.next()).value).toMatchObject({ finish: 'cancelled', usage: { promptTokens: 48 } })
})
