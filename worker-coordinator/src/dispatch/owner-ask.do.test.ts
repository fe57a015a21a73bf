import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { createDeps } from '../deps.ts'
import { createFleetDeps } from '../fleet-deps.ts'
import { makeChat, setupAccount, setupSocketRunner } from './workerd-fixture.ts'

const fleet = createFleetDeps(env, createDeps(env))
const OWN_ASK = { input: 1_000_000, output: 1_000_000 }
const OWNER_ASK = { input: 3_000_000, output: 5_000_000 }

async function setup(model: string) {
  const runner = await setupSocketRunner(model)
  const link = await runner.open({ ask: OWN_ASK })
  await link.next('welcome')
  const own = { accountId: runner.accountId, runnerId: runner.runnerId }
  const payer = await setupAccount()
  const asks = async () => (await runner.stub.snapshot()).links.map(({ ask }) => ask)
  return {
    runner,
    link,
    asks,
    set: (ask: typeof OWN_ASK) => fleet.setAsk(own, { model, ask }),
    giveBack: () => fleet.deleteAsk(own, model),
    start: () => runner.stub.runChat(makeChat(payer, model), { kind: 'frames' }),
  }
}

test('a price that the owner sets reaches the next job, and the one that runs keeps its own', async () => {
  const { runner, link, set, start, asks } = await setup('repriced')
  const first = start()
  const before = await link.next('job.offer')
  expect(before.price).toEqual(OWN_ASK)
  expect(await set(OWNER_ASK)).toEqual({ ok: true })
  expect(await asks()).toEqual([OWNER_ASK])
  expect(await runner.stub.snapshot()).toMatchObject({ price: OWNER_ASK })
  const second = start()
  const after = await link.next('job.offer')
  expect(after.price).toEqual(OWNER_ASK)
  await runner.answer(link, before, 'Old price.')
  // 3 tokens read and 1 written, each at 1 nano.
  expect(await link.next('job.paid')).toMatchObject({ jobId: before.jobId, earnedNano: 4 })
  await runner.answer(link, after, 'New price.')
  // 9 nano and 5; the commission of so little is nothing.
  expect(await link.next('job.paid')).toMatchObject({ jobId: after.jobId, earnedNano: 14 })
  expect(await first).toMatchObject({ ok: true })
  expect(await second).toMatchObject({ ok: true })
})
test('a price that was set is there when the runner links again, and the runner has its own when it is given back', async () => {
  const { runner, link, set, giveBack, asks } = await setup('relinked')
  await set(OWNER_ASK)
  const again = await runner.open({ ask: OWN_ASK })
  await again.next('welcome')
  expect(await link.next('refused')).toMatchObject({ reason: 'replaced' })
  expect(await asks()).toEqual([OWNER_ASK])
  expect(await giveBack()).toBe(true)
  expect(await asks()).toEqual([OWN_ASK])
})
test('a price that was set outlives sleep', async () => {
  const { runner, set, giveBack, asks } = await setup('slept')
  await set(OWNER_ASK)
  await evictDurableObject(runner.stub, { webSockets: 'hibernate' })
  expect(await asks()).toEqual([OWNER_ASK])
  await giveBack()
  await evictDurableObject(runner.stub, { webSockets: 'hibernate' })
  expect(await asks()).toEqual([OWN_ASK])
})
test("another's runner and a model that nobody brought are left alone", async () => {
  const { runner, asks } = await setup('guarded')
  const stranger = { accountId: await setupAccount(), runnerId: runner.runnerId }
  expect(await fleet.setAsk(stranger, { model: 'guarded', ask: OWNER_ASK })).toEqual({
    ok: false,
    reason: 'runner-not-found',
  })
  expect(await fleet.deleteAsk(stranger, 'guarded')).toBe(false)
  expect(await asks()).toEqual([OWN_ASK])
  const own = { accountId: runner.accountId, runnerId: runner.runnerId }
  expect(await fleet.setAsk(own, { model: 'nobody-brought-this', ask: OWNER_ASK })).toEqual({ ok: true })
})
