import { expect, test } from 'vitest'
import { MODELS_MAX, parseNetwork } from './network.ts'

const model = (overrides: Record<string, unknown> = {}) => ({
  id: 'silkworm',
  kind: 'chat',
  parameters: 4_000_000,
  context_tokens: 1024,
  runners: 1,
  slots: 4,
  free_slots: 3,
  waiting: 0,
  wait_seconds: 0,
  tokens_per_second: 596,
  price_nano_per_million: { input: 20_000_000, output: 60_000_000 },
  ...overrides,
})
const answer = (...models: unknown[]) => ({ runners: 1, slots: 8, running: 1, waiting: 0, models })
const idsOf = (...models: unknown[]) => parseNetwork(answer(...models))?.models.map(({ id }) => id)

test('the answer of the network is read', () => {
  expect(parseNetwork(answer(model()))).toEqual({
    runners: 1,
    slots: 8,
    freeSlots: 3,
    running: 1,
    waiting: 0,
    models: [
      {
        id: 'silkworm',
        kind: 'chat',
        parameters: 4_000_000,
        contextTokens: 1024,
        runners: 1,
        slots: 4,
        freeSlots: 3,
        waiting: 0,
        waitSeconds: 0,
        tokensPerSecond: 596,
        price: { input: 20_000_000n, output: 60_000_000n },
      },
    ],
  })
})

test.each([null, 'error', [], {}, { models: 7 }])('%j is not an answer of the network', (value) => {
  expect(parseNetwork(value)).toBeUndefined()
})

test('a model without a whole price has no price', () => {
  for (const price of [null, 7, { input: 1 }, { input: 0.5, output: 1 }, { input: -1, output: 1 }]) {
    expect(parseNetwork(answer(model({ price_nano_per_million: price })))?.models[0]?.price).toBeUndefined()
  }
})

test('a damaged model or number does not take the others with it', () => {
  expect(idsOf(null, { id: 7 }, model())).toEqual(['silkworm'])
  expect(parseNetwork(answer(model({ tokens_per_second: -1, free_slots: 9 })))?.models[0]).toMatchObject({
    tokensPerSecond: 0,
    freeSlots: 4,
  })
})

test('what can answer comes first, chat before search, large before small', () => {
  const idle = model({ id: 'idle', parameters: 9e9, runners: 0 })
  const search = model({ id: 'search', kind: 'embedding', parameters: 9e9 })
  expect(idsOf(idle, search, model(), model({ id: 'large', parameters: 8e9 }))).toEqual([
    'large',
    'silkworm',
    'search',
    'idle',
  ])
})

test('an endless list has an end', () => {
  expect(idsOf(...Array.from({ length: MODELS_MAX + 9 }, () => model()))).toHaveLength(MODELS_MAX)
})
