import { expect, test } from 'vitest'
import { choicesSchema } from '../../../../protocol/src/miniapp/choices.ts'
import type { NetworkModel } from '../../network/network.ts'
import { chatModels, exampleModel, fromChoices, fromNetwork, offerOf } from './offered-models.ts'

const tier = (name: string, price = '20000000') => ({
  tier: name,
  runners: 1,
  free_slots: 2,
  wait_seconds: 0,
  tokens_per_second: 61.5,
  price: { input: '10000000', output: price },
})
const choice = (model: string, tiers: unknown[], kind = 'chat') => ({
  model,
  kind,
  context_tokens: 4096,
  parameters: 1,
  tiers,
})
const choices = (...data: unknown[]) => fromChoices(choicesSchema.parse({ data }))
const served = (changes: Partial<NetworkModel> & { readonly id: string }): NetworkModel => ({
  kind: 'chat',
  parameters: 1,
  contextTokens: 4096,
  runners: 1,
  slots: 4,
  freeSlots: 3,
  waiting: 0,
  waitSeconds: 0,
  tokensPerSecond: 50,
  price: undefined,
  asks: [],
  ...changes,
})
const network = (...models: Parameters<typeof served>[0][]) => fromNetwork({ models: models.map(served) })

test('who is known sees each tier with its own price', () => {
  const [model] = choices(choice('m', [tier('open'), tier('own', '0')]))
  expect(offerOf(model, 'open')?.price).toEqual({ input: 10_000_000n, output: 20_000_000n })
  expect(offerOf(model, 'own')).toMatchObject({ price: { output: 0n }, tokensPerSecond: 61.5 })
  expect(offerOf(model, 'confidential')).toBeUndefined()
})

test('who is not known sees the open tier, and a model that nobody serves has none', () => {
  const [here, gone] = network({ id: 'm' }, { id: 'gone', runners: 0 })
  expect(here?.offers).toMatchObject([{ tier: 'open', runners: 1, freeSlots: 3, price: undefined }])
  expect(gone?.offers).toEqual([])
})

test('only chat models that answer now can be talked to', () => {
  const models = choices(
    choice('mine', [tier('own', '0')]),
    choice('texts', [tier('open')], 'embedding'),
    choice('gone', []),
    choice('everybodys', [tier('open')]),
  )
  expect(chatModels(models).map(({ id }) => id)).toEqual(['everybodys', 'mine'])
})

test('an example names a model that answers whoever runs it', () => {
  expect(exampleModel(network({ id: 'gone', runners: 0 }, { id: 'qwen/qwen3-8b' }))).toBe('qwen/qwen3-8b')
  expect(exampleModel(choices(choice('mine', [tier('own')])))).toBe('silkworm')
  expect(exampleModel([])).toBe('silkworm')
})
