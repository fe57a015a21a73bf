import { expect, test } from 'vitest'
import type { SealedJob } from '../jobs/chat-job.ts'
import type { Model } from '../models/model-store.ts'
import { setupDesk } from './desk-fixture.ts'
import type { Refusal } from './refuse-job.ts'
import { routeSealed } from './route-sealed.ts'
import { sealJob, setupSealedRunner } from './sealed-desk-fixture.ts'
import { shardOf } from './shards.ts'

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
const refuse = (reason: Refusal['reason']): Refusal => ({ ok: false, reason })

async function setup({ tier = 'confidential', ...model }: Partial<Model> & Partial<SealedJob> = {}) {
  const fixture = setupDesk()
  const kind = tier === 'own' ? 'paired' : 'tee'
  const runners = [await setupSealedRunner(fixture, { kind }), await setupSealedRunner(fixture, { kind })]
  const { job } = await sealJob(fixture, runners, { tier })
  const asked: { readonly shard: number; readonly groupIds: readonly string[] | undefined }[] = []
  const deps = {
    findModel: async () => ({ ...MODEL, ...model }),
    listGroupIds: async () => ['g'],
  }
  const route = (outcome: (shard: number) => Outcome, change: Partial<typeof deps> = {}) =>
    routeSealed<Outcome>({ ...deps, ...change }, job, async ({ groupIds }, shard) => {
      asked.push({ shard, groupIds })
      return outcome(shard)
    })
  return { job, asked, route }
}

test("a TEE's job is offered to each object in turn, until one has a candidate", async () => {
  const { asked, route } = await setup({ shards: 8 })
  expect(await route((shard) => (shard === 5 ? { ok: true } : refuse('no-runner')))).toEqual({ ok: true })
  expect(asked.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5])
})

test("a job of tier own goes where its candidates' links are, with its caller's groups", async () => {
  const { job, asked, route } = await setup({ shards: 64, tier: 'own' })
  await route(() => refuse('no-own-runner'))
  const places = job.header.cand.map(({ runner_id }) => shardOf(runner_id, 64))
  expect(asked).toEqual([...new Set(places)].map((shard) => ({ shard, groupIds: ['g'] })))
})

test('what says most is told: a full queue, then other keys, then nobody', async () => {
  const { route } = await setup({ shards: 3 })
  const said = ['no-runner', 'key-epoch', 'no-runner'] as const
  expect(await route((shard) => refuse(said[shard] ?? 'no-runner'))).toEqual(refuse('key-epoch'))
  const full = ['queue-full', 'key-epoch', 'no-runner'] as const
  expect(await route((shard) => refuse(full[shard] ?? 'no-runner'))).toEqual(refuse('queue-full'))
})

test('an answer that one object does not keep is looked for at the next', async () => {
  const { asked, route } = await setup({ shards: 3 })
  const keptAt = (shard: number): Outcome => (shard === 2 ? { ok: true } : refuse('idempotency-ended'))
  expect(await route(keptAt)).toEqual({ ok: true })
  expect(asked).toHaveLength(3)
  expect(await route(() => refuse('idempotency-ended'))).toEqual(refuse('idempotency-ended'))
})

test('a refusal that is not about who is linked is told at once', async () => {
  const { asked, route } = await setup({ shards: 3 })
  expect(await route(() => refuse('insufficient-funds'))).toEqual(refuse('insufficient-funds'))
  expect(asked).toHaveLength(1)
})

test('a model that does not exist, or makes embeddings, reaches no object', async () => {
  const { asked, route } = await setup()
  const ok = () => ({ ok: true }) as const
  const gone = { findModel: async () => undefined as never }
  expect(await route(ok, gone)).toMatchObject(refuse('unknown-model'))
  const other = { findModel: async () => ({ ...MODEL, kind: 'embedding' as const }) }
  expect(await route(ok, other)).toMatchObject(refuse('wrong-model-kind'))
  expect(asked).toEqual([])
})
