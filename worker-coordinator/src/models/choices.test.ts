import { expect, test } from 'vitest'
import { choicesSchema } from '../../../protocol/src/miniapp/choices.ts'
import type { OwnSupply } from '../dispatch/own-supply.ts'
import { mergeOwnSupply } from '../dispatch/own-supply.ts'
import type { DispatchSnapshot } from '../dispatch/snapshot.ts'
import { choicesRoute } from './choices-route.ts'
import type { ListedModel } from './model-directory.ts'

const OWN: OwnSupply = {
  runners: 2,
  freeSlots: 3,
  waitSeconds: 0,
  tokensPerSecond: 40,
  contextTokens: 8192,
}

function listed(id: string, now: Partial<DispatchSnapshot> = {}): ListedModel {
  const isServed = (now.runners ?? 0) > 0
  return {
    model: {
      id,
      kind: id.startsWith('embed') ? 'embedding' : 'chat',
      manifestDigest: '',
      contextTokens: 1024,
      parameters: 5,
      dimensions: null,
      shards: 1,
      createdAt: 0,
    },
    now: {
      runners: 0,
      slots: 4,
      freeSlots: 1,
      running: 3,
      waiting: 0,
      waitSeconds: 0,
      tokensPerSecond: 10,
      contextTokens: isServed ? 2048 : 0,
      price: isServed ? { input: 20, output: 60 } : undefined,
      runnerIds: [],
      links: [],
      privateRunnerIds: [],
      privateLinks: [],
      ownerIds: [],
      groupIds: [],
      ...now,
    },
  }
}

async function choicesOf(models: readonly ListedModel[], groupIds: readonly string[] = []) {
  const asked: string[] = []
  const route = choicesRoute({
    authenticate: async (authorization) =>
      authorization === undefined
        ? { ok: false, reason: 'missing' }
        : { ok: true, caller: { accountId: 7, keyId: undefined } },
    listModels: async () => models,
    listGroupIds: async () => groupIds,
    readOwnSupply: async ({ id }) => {
      asked.push(id)
      return OWN
    },
  })
  const response = await route.request('/v1/choices', { headers: { authorization: 'x' } })
  expect((await route.request('/v1/choices')).status).toBe(401)
  return { asked, data: choicesSchema.parse(await response.json()).data }
}

const OPEN_TIER = {
  tier: 'open',
  runners: 1,
  free_slots: 1,
  wait_seconds: 0,
  tokens_per_second: 10,
  price: { input: '20', output: '60' },
}
const OWN_TIER = {
  tier: 'own',
  runners: 2,
  free_slots: 3,
  wait_seconds: 0,
  tokens_per_second: 40,
  price: { input: '0', output: '0' },
}

test('a model is there in each tier that somebody serves to the caller, and what is one’s own costs nothing', async () => {
  const { data } = await choicesOf([
    listed('both', { runners: 1, ownerIds: [3, 7] }),
    listed('open', { runners: 1, ownerIds: [3] }),
    listed('embed-own', { ownerIds: [7] }),
  ])
  expect(data).toEqual([
    { model: 'both', kind: 'chat', context_tokens: 8192, parameters: 5, tiers: [OPEN_TIER, OWN_TIER] },
    { model: 'open', kind: 'chat', context_tokens: 2048, parameters: 5, tiers: [OPEN_TIER] },
    { model: 'embed-own', kind: 'embedding', context_tokens: 8192, parameters: 5, tiers: [OWN_TIER] },
  ])
})
test('a model that a TEE serves is there in tier confidential, also where nobody serves it openly', async () => {
  const confidential = {
    runners: 2,
    freeSlots: 0,
    waitSeconds: 4,
    tokensPerSecond: 50,
    contextTokens: 4096,
    price: { input: 30, output: 90 },
  }
  const { data } = await choicesOf([listed('closed', { confidential }), listed('gone')])
  expect(data).toMatchObject([
    {
      model: 'closed',
      context_tokens: 4096,
      tiers: [
        {
          tier: 'confidential',
          runners: 2,
          free_slots: 0,
          wait_seconds: 4,
          tokens_per_second: 50,
          price: { input: '30', output: '90' },
        },
      ],
    },
  ])
})
test('somebody else’s private runner is no choice, and its object is not even asked', async () => {
  const models = [listed('theirs', { ownerIds: [3], groupIds: ['h'], privateRunnerIds: ['run_1'] })]
  expect(await choicesOf(models, ['g'])).toEqual({ asked: [], data: [] })
})
test('a member of a group finds what the group shares', async () => {
  const { asked, data } = await choicesOf([listed('shared', { ownerIds: [3], groupIds: ['g'] })], ['g'])
  expect(asked).toEqual(['shared'])
  expect(data).toMatchObject([{ model: 'shared', tiers: [OWN_TIER] }])
})
test('several objects of a model show together what they have for a caller', () => {
  const none = { runners: 0, freeSlots: 0, waitSeconds: 0, tokensPerSecond: 0, contextTokens: 0 }
  const busy = { runners: 1, freeSlots: 0, waitSeconds: 9, tokensPerSecond: 10, contextTokens: 1024 }
  expect(mergeOwnSupply([none, busy])).toEqual(busy)
  expect(mergeOwnSupply([busy, OWN, none])).toEqual({
    runners: 3,
    freeSlots: 3,
    waitSeconds: 0,
    tokensPerSecond: 30,
    contextTokens: 8192,
  })
  expect(mergeOwnSupply([none])).toEqual(none)
})
