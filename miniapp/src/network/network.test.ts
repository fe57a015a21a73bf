import { expect, test } from 'vitest'
import type { LiveNetworkJson } from '../../../protocol/src/miniapp/network.ts'
import { MODELS_MAX, parseNetwork } from './network.ts'

type ModelJson = LiveNetworkJson['models'][number]
const price = { input: '20000000', output: '60000000' }
const model = (overrides: Partial<ModelJson> = {}): ModelJson => ({
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
  price,
  asks: [{ price, runners: 1, slots: 4, free_slots: 3, tokens_per_second: 596 }],
  ...overrides,
})
const answer = (...models: ModelJson[]): LiveNetworkJson => ({
  at_ms: 1,
  field: [{ key: 'k', region: null, models: ['silkworm'], tokens_per_second: 596, slots: 8, running: 1 }],
  runners: 1,
  slots: 8,
  running: 1,
  waiting: 0,
  jobs_last_minute: 3,
  owners_today_nano: '318200000000',
  jobs_today: 7,
  models,
})
const idsOf = (...models: ModelJson[]) => parseNetwork(answer(...models))?.models.map(({ id }) => id)

test('the answer of the network is read', () => {
  const inNano = { input: 20_000_000n, output: 60_000_000n }
  expect(parseNetwork(answer(model()))).toEqual({
    field: [{ key: 'k', region: null, models: ['silkworm'], tokensPerSecond: 596, slots: 8, running: 1 }],
    runners: 1,
    slots: 8,
    freeSlots: 3,
    running: 1,
    waiting: 0,
    jobsLastMinute: 3,
    ownersToday: 318_200_000_000n,
    jobsToday: 7,
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
        price: inNano,
        asks: [{ price: inNano, runners: 1, slots: 4, freeSlots: 3, tokensPerSecond: 596 }],
      },
    ],
  })
})

test.each([null, 'error', [], {}, { models: 7 }, { ...answer(), owners_today_nano: '-1' }])(
  '%j is not an answer of the network',
  (value) => {
    expect(parseNetwork(value)).toBeUndefined()
  },
)

test('a model that nobody serves has no price, and no more is free than there is', () => {
  const network = parseNetwork(answer(model({ runners: 0, price: null, asks: [], free_slots: 9 })))
  expect(network?.models[0]).toMatchObject({ price: undefined, asks: [], freeSlots: 4 })
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
