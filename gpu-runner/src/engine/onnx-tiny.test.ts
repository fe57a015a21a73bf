import { expect, test } from 'vitest'
import { ask } from '../../test/collect.ts'
import { makeTinyModel, TINY_CONTEXT_TOKENS } from '../../test/make-tiny-model.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { verifyModelFolder } from '../models/model-folder.ts'
import { openOnnxEngine } from './onnx-engine.ts'

async function openTiny() {
  const model = await verifyModelFolder(await makeTinyModel(await makeTempFolder()))
  if (!model.ok) throw new Error(model.sentence)
  return await openOnnxEngine(model, { device: 'cpu', slots: 1, threads: 1 })
}

test('a model without num_logits_to_keep is read at its last position', async () => {
  const tiny = await openTiny()
  const { text, end } = await ask(tiny, 'hello hello')
  expect(text.trim()).toBe('i spin silk all night long.')
  expect(end).toMatchObject({ finish: 'stop', usage: { completionTokens: 7 } })
})

test('the answer is cut where the context ends', async () => {
  const tiny = await openTiny()
  // The template adds `user` and `assistant`: 28 words leave room for two tokens.
  const { tokens, end } = await ask(tiny, 'hello '.repeat(TINY_CONTEXT_TOKENS - 4).trim())
  expect(end).toMatchObject({ finish: 'length', usage: { promptTokens: TINY_CONTEXT_TOKENS - 2 } })
  expect(tokens).toBe(2)
})

test('one token of room is enough, none is too little', async () => {
  const tiny = await openTiny()
  expect((await ask(tiny, 'hello '.repeat(TINY_CONTEXT_TOKENS - 3).trim())).tokens).toBe(1)
  expect((await ask(tiny, 'hello '.repeat(TINY_CONTEXT_TOKENS - 2).trim())).end).toEqual({
    ok: false,
    reason: 'context-length-exceeded',
  })
})

test('penalties steer: what was said already becomes less likely', async () => {
  const tiny = await openTiny()
  const { tokens } = await ask(tiny, 'hello', { maxTokens: 6, frequencyPenalty: 2, presencePenalty: 2 })
  expect(tokens).toBe(6)
})

test('a device that is not there is an error with a name, not a crash', async () => {
  const model = await verifyModelFolder(await makeTinyModel(await makeTempFolder()))
  if (!model.ok) throw new Error(model.sentence)
  await expect(openOnnxEngine(model, { device: 'cuda', slots: 1, threads: 1 })).rejects.toThrow()
})
