import { expect, test } from 'vitest'
import type { DispatchSnapshot } from '../dispatch/snapshot.ts'
import { createKnownModels } from './known-models.ts'
import { createModelDirectory, type ListedModel, toModelOffers } from './model-directory.ts'
import type { Model } from './model-store.ts'

function listed(id: string, parameters: number, online = true, kind: Model['kind'] = 'chat'): ListedModel {
  const now: DispatchSnapshot = {
    runners: online ? 1 : 0,
    slots: 1,
    freeSlots: 1,
    running: 0,
    waiting: 0,
    waitSeconds: 0,
    tokensPerSecond: 10,
    contextTokens: 1024,
    price: online ? { input: 1, output: 2 } : undefined,
    runnerIds: [],
    links: [],
    privateRunnerIds: [],
    privateLinks: [],
    ownerIds: [],
    groupIds: [],
  }
  const model = {
    id,
    kind,
    manifestDigest: '',
    contextTokens: 1024,
    parameters,
    dimensions: null,
    shards: 1,
    createdAt: 0,
  }
  return { model, now }
}

test('the bundled small model is offered last as soon as there is a larger one', () => {
  const offers = toModelOffers([
    listed('silkworm', 4_000_000),
    listed('served-elsewhere', 0),
    listed('large', 7_000_000_000),
    listed('offline', 70_000_000_000, false),
    listed('minilm', 22_000_000, true, 'embedding'),
  ])
  expect(offers.map(({ id }) => id)).toEqual(['large', 'served-elsewhere', 'silkworm'])
})
test('a model is offered once for each tier that serves it, and what is simulated says so', () => {
  const both = listed('both', 2)
  const { model, now } = listed('sealed-alone', 1, false)
  const confidential = {
    runners: 1,
    freeSlots: 1,
    waitSeconds: 0,
    tokensPerSecond: 7,
    contextTokens: 512,
    price: { input: 3, output: 4 },
  }
  const directory = [
    { ...both, now: { ...both.now, confidential } },
    { model, now: { ...now, confidential } },
  ]
  expect(toModelOffers(directory).map(({ id, tier }) => [id, tier])).toEqual([
    ['both', 'open'],
    ['both', 'confidential'],
    ['sealed-alone', 'confidential'],
  ])
  expect(toModelOffers(directory)[1]).toMatchObject({ contextTokens: 512, price: { input: 3n, output: 4n } })
  expect(toModelOffers(directory).some(({ isSimulated }) => isSimulated)).toBe(false)
  expect(toModelOffers(directory, 'allowed').map(({ isSimulated }) => isSimulated)).toEqual([
    undefined,
    true,
    true,
  ])
})

test('live figures are asked for once within their time', async () => {
  let asked = 0
  let nowMs = 0
  const list = createModelDirectory({
    listModels: async () => [listed('m', 1).model],
    snapshot: async () => {
      asked += 1
      return listed('m', 1).now
    },
    nowMs: () => nowMs,
    cacheMs: 100,
  })
  await Promise.all([list(), list()])
  nowMs = 99
  await list()
  expect(asked).toBe(1)
  nowMs = 100
  await list()
  expect(asked).toBe(2)
})
test('a directory that failed is asked again', async () => {
  let fails = true
  const list = createModelDirectory({
    listModels: async () => {
      if (fails) throw new Error('away')
      return []
    },
    snapshot: async () => listed('m', 1).now,
    nowMs: () => 0,
    cacheMs: 100,
  })
  await expect(list()).rejects.toThrow('away')
  fails = false
  expect(await list()).toEqual([])
})
test('a known model costs no query, and a name that was not found is asked for again', async () => {
  const asked: string[] = []
  let nowMs = 0
  const find = createKnownModels({
    findModel: async (id) => {
      asked.push(id)
      return id === 'm' ? listed('m', 1).model : undefined
    },
    nowMs: () => nowMs,
    cacheMs: 100,
  })
  for (const id of ['m', 'm', 'x', 'x']) await find(id)
  nowMs = 100
  await find('m')
  expect(asked).toEqual(['m', 'x', 'x', 'm'])
})
