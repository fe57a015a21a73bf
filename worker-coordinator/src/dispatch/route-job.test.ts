import { expect, test } from 'vitest'
import { makeJobId } from '../../../protocol/src/ids.ts'
import type { ChatJob } from '../jobs/chat-job.ts'
import type { Model } from '../models/model-store.ts'
import type { Refusal } from './refuse-job.ts'
import { type RouteJobDeps, routeJob } from './route-job.ts'
import { shardOf, shardsToTry } from './shards.ts'

const CHAT: ChatJob = {
  kind: 'chat',
  jobId: makeJobId(1, new Uint8Array(16)),
  caller: { accountId: 7, keyId: undefined },
  model: 'm',
  tier: 'open',
  messages: [],
  params: {},
  needs: [],
  conversation: 'c',
}
const MODEL: Model = {
  id: 'm',
  kind: 'chat',
  manifestDigest: '',
  contextTokens: 1024,
  parameters: 1,
  dimensions: null,
  shards: 1,
  createdAt: 0,
}
type Outcome = { readonly ok: true } | Refusal
const NOBODY: Refusal = { ok: false, reason: 'no-runner' }
const NOBODY_OWN: Refusal = { ok: false, reason: 'no-own-runner', param: 'tier' }
const FULL: Refusal = { ok: false, reason: 'queue-full', retryAfterSeconds: 5 }

function setup({ shards = 1, ...overrides }: Partial<RouteJobDeps> & { shards?: number } = {}) {
  const asked: string[] = []
  const seen: { readonly job: ChatJob; readonly shard: number }[] = []
  const deps: RouteJobDeps = {
    findModel: async () => ({ ...MODEL, shards }),
    listGroupIds: async (accountId) => {
      asked.push(`groups of ${accountId}`)
      return ['g']
    },
    listReachableRunners: async (accountId, groupIds) => {
      asked.push(`runners of ${accountId} and ${groupIds.join()}`)
      return ['run_a', 'run_b', 'run_c', 'run_d', 'run_e']
    },
    ...overrides,
  }
  const route = (job: ChatJob, outcome: (shard: number) => Outcome = () => ({ ok: true })) =>
    routeJob<ChatJob, Outcome>(deps, job, async (routed, shard) => {
      seen.push({ job: routed, shard })
      return outcome(shard)
    })
  return { asked, seen, route }
}

test('an open chat asks for nobody’s groups, and reaches its object as it is', async () => {
  const { asked, seen, route } = setup({ shards: 4 })
  expect(await route(CHAT)).toEqual({ ok: true })
  expect(asked).toEqual([])
  expect(seen).toEqual([{ job: CHAT, shard: shardOf('c', 4) }])
  expect(seen[0]?.job).toBe(CHAT)
})
test('an own chat takes its groups along, asked for once', async () => {
  const { asked, seen, route } = setup()
  await route({ ...CHAT, tier: 'own' })
  expect(asked).toEqual(['groups of 7'])
  expect(seen).toMatchObject([{ job: { tier: 'own', groupIds: ['g'] }, shard: 0 }])
})
test('groups that a request brought along are not believed', async () => {
  const { seen, route } = setup({ listGroupIds: async () => [] })
  await route({ ...CHAT, tier: 'own', groupIds: ['somebody-elses'] })
  expect(seen[0]?.job.groupIds).toEqual([])
})
test('of many shards an own chat asks those where own runners may be, in an order that its conversation keeps', async () => {
  const first = setup({ shards: 64 })
  expect(await first.route({ ...CHAT, tier: 'own' }, () => NOBODY_OWN)).toEqual(NOBODY_OWN)
  expect(first.asked).toEqual(['groups of 7', 'runners of 7 and g'])
  const shards = first.seen.map(({ shard }) => shard)
  expect(new Set(shards)).toEqual(new Set(['a', 'b', 'c', 'd', 'e'].map((id) => shardOf(`run_${id}`, 64))))
  const again = setup({ shards: 64 })
  await again.route({ ...CHAT, tier: 'own' }, () => NOBODY_OWN)
  expect(again.seen.map(({ shard }) => shard)).toEqual(shards)
})
test('who has no runner anywhere is refused without asking any object', async () => {
  const { seen, route } = setup({ shards: 8, listReachableRunners: async () => [] })
  expect(await route({ ...CHAT, tier: 'own' })).toEqual(NOBODY_OWN)
  expect(seen).toEqual([])
})
test('a full queue is told rather than that nobody is there, and any other refusal ends the search', async () => {
  const [one = 0, two = 0] = shardsToTry('c', 4)
  const full = setup({ shards: 4 })
  expect(await full.route(CHAT, (shard) => (shard === one ? FULL : NOBODY))).toEqual(FULL)
  expect(full.seen).toHaveLength(3)
  const poor = setup({ shards: 4 })
  const refusal: Refusal = { ok: false, reason: 'insufficient-funds' }
  expect(await poor.route(CHAT, (shard) => (shard === two ? refusal : NOBODY))).toEqual(refusal)
  expect(poor.seen).toHaveLength(2)
})
test('a model that does not exist, or of another kind, reaches no object', async () => {
  const none = setup({ findModel: async () => undefined })
  expect(await none.route({ ...CHAT, tier: 'own' })).toMatchObject({ reason: 'unknown-model' })
  const other = setup({ findModel: async () => ({ ...MODEL, kind: 'embedding' }) })
  expect(await other.route(CHAT)).toMatchObject({ reason: 'wrong-model-kind' })
  expect([...none.asked, ...none.seen, ...other.seen]).toEqual([])
})
