import { expect, test } from 'vitest'
import { mergeSnapshots, objectName, parseObjectName, shardOf, shardsToTry } from './shards.ts'
import type { DispatchSnapshot, LiveLink } from './snapshot.ts'

const linkOf = (runnerId: string): LiveLink => ({
  runnerId,
  region: null,
  slots: 4,
  running: 1,
  tokensPerSecond: 100,
  ask: { input: 20, output: 60 },
  ownAsk: { input: 20, output: 60 },
  linkedAtMs: 1,
})
const snapshot: DispatchSnapshot = {
  runners: 1,
  slots: 4,
  freeSlots: 3,
  running: 1,
  waiting: 0,
  waitSeconds: 0,
  tokensPerSecond: 100,
  contextTokens: 1024,
  price: { input: 20, output: 60 },
  runnerIds: ['a'],
  links: [linkOf('a')],
  privateRunnerIds: ['p'],
  privateLinks: [linkOf('p')],
  ownerIds: [7],
  groupIds: ['g'],
}

test('a name with colons and slashes is read back', () => {
  for (const model of ['silkworm', 'llama3.2:3b', 'org/model:7b:q4']) {
    expect(parseObjectName(objectName(model, 12))).toEqual({ model, shard: 12 })
  }
})
test('a key has one shard, and keys spread over all of them', () => {
  const counts = Array.from({ length: 8 }, () => 0)
  for (let index = 0; index < 8000; index++) {
    const shard = shardOf(`conversation-${index}`, 8)
    expect(shardOf(`conversation-${index}`, 8)).toBe(shard)
    counts[shard] = (counts[shard] ?? 0) + 1
  }
  expect(Math.min(...counts)).toBeGreaterThan(800)
  expect(shardOf('anything', 1)).toBe(0)
})
test('a job asks its own shard first, then others, and never many', () => {
  expect(shardsToTry('key', 1)).toEqual([0])
  expect(new Set(shardsToTry('key', 2)).size).toBe(2)
  expect(shardsToTry('key', 100)).toHaveLength(3)
  expect(shardsToTry('key', 100)[0]).toBe(shardOf('key', 100))
})
test('shards show together what they are together', () => {
  const other = {
    ...snapshot,
    runners: 3,
    tokensPerSecond: 20,
    price: { input: 10, output: 90 },
    waitSeconds: 5,
    runnerIds: ['b'],
    links: [linkOf('b')],
    ownerIds: [8, 7],
    groupIds: [],
  }
  const empty = {
    ...snapshot,
    runners: 0,
    slots: 0,
    freeSlots: 0,
    running: 0,
    tokensPerSecond: 0,
    price: undefined,
    runnerIds: [],
    links: [],
    privateRunnerIds: [],
    privateLinks: [],
    ownerIds: [],
    groupIds: [],
  }
  expect(mergeSnapshots([snapshot, other, empty])).toEqual({
    runners: 4,
    slots: 8,
    freeSlots: 6,
    running: 2,
    waiting: 0,
    waitSeconds: 5,
    tokensPerSecond: 40,
    contextTokens: 1024,
    price: { input: 10, output: 60 },
    runnerIds: ['a', 'b'],
    links: [linkOf('a'), linkOf('b')],
    privateRunnerIds: ['p', 'p'],
    privateLinks: [linkOf('p'), linkOf('p')],
    ownerIds: [7, 8],
    groupIds: ['g'],
  })
  expect(mergeSnapshots([empty])).toMatchObject({ price: undefined, tokensPerSecond: 0 })
})
