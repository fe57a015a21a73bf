import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { ChatJob } from '../jobs/chat-job.ts'
import type { LinkFacts } from './desk.ts'
import { type DeskFixture, settleDown, setupDesk, setupReader, setupRunner } from './desk-fixture.ts'
import { linkDown, setAudience } from './links.ts'
import { takeOwnSupply } from './own-supply.ts'
import { receiveFrame } from './receive-frame.ts'
import { takeSnapshot } from './snapshot.ts'
import { startJob } from './start-job.ts'

/** The account that asks in these tests, as the fixture makes its jobs. */
const ME = 7
const OWN = { tier: 'own' } as const
const mine: Partial<LinkFacts> = { ownerId: ME, audience: 'own' }
const shared = (groupId: string): Partial<LinkFacts> => ({ audience: 'group', groupId })

async function start(fixture: DeskFixture, extra: Partial<ChatJob> = {}) {
  const reader = setupReader()
  const job = fixture.makeJob(extra)
  const started = startJob(fixture.desk, job, reader.sink)
  await settleDown()
  return { reader, job, started }
}

test('an open job is offered to nobody but runners that serve everyone', async () => {
  const fixture = setupDesk()
  await setupRunner(fixture, mine)
  await setupRunner(fixture, shared('g'))
  expect(await (await start(fixture, { groupIds: ['g'] })).started).toEqual({
    ok: false,
    reason: 'no-runner',
    retryAfterSeconds: 30,
  })
  const open = await setupRunner(fixture)
  await start(fixture)
  expect(open.offers()).toBe(1)
})
test.each<readonly [string, Partial<LinkFacts>]>([
  ['for the owner alone', { audience: 'own' }],
  ['for a group', { audience: 'group', groupId: 'g' }],
  ['for everyone', { audience: 'everyone' }],
])("an own job is served by the caller's runner that is there %s", async (_, facts) => {
  const fixture = setupDesk()
  const runner = await setupRunner(fixture, { ...facts, ownerId: ME })
  await start(fixture, OWN)
  expect(runner.offers()).toBe(1)
})
test("a member of a group gets the group's runner, and a stranger does not", async () => {
  const fixture = setupDesk()
  const runner = await setupRunner(fixture, shared('g'))
  const refused = { ok: false, reason: 'no-own-runner', param: 'tier', retryAfterSeconds: 30 }
  expect(await (await start(fixture, OWN)).started).toEqual(refused)
  expect(await (await start(fixture, { ...OWN, groupIds: ['h'] })).started).toEqual(refused)
  expect(runner.offers()).toBe(0)
  await start(fixture, { ...OWN, groupIds: ['h', 'g'] })
  expect(runner.offers()).toBe(1)
})
test('an own job is refused rather than given to a stranger, also when its runner dies in mid-answer', async () => {
  const fixture = setupDesk()
  const stranger = await setupRunner(fixture)
  expect(await (await start(fixture, OWN)).started).toMatchObject({ ok: false, reason: 'no-own-runner' })
  const own = await setupRunner(fixture, mine)
  const { reader, started } = await start(fixture, OWN)
  own.say('one')
  await started
  linkDown(fixture.desk, own.facts.linkId)
  await fixture.advance(60_000)
  expect(stranger.offers()).toBe(0)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'runner-lost' })
  expect(reader.text()).toBe('one')
})
test('an open answer does not go on at a private runner when its own dies', async () => {
  const fixture = setupDesk()
  const open = await setupRunner(fixture)
  const own = await setupRunner(fixture, mine)
  const { reader, started } = await start(fixture)
  open.say('one')
  await started
  linkDown(fixture.desk, open.facts.linkId)
  await fixture.advance(60_000)
  expect(own.offers()).toBe(0)
  expect(reader.end()).toMatchObject({ finish: 'failed' })
})
test('a confidential job is refused with its reason, whoever is free', async () => {
  const fixture = setupDesk()
  const runners = [await setupRunner(fixture), await setupRunner(fixture, mine)]
  const { started } = await start(fixture, { tier: 'confidential', groupIds: ['g'] })
  expect(await started).toEqual({ ok: false, reason: 'tier-unavailable', param: 'tier' })
  expect(runners.map((runner) => runner.offers())).toEqual([0, 0])
})
test('an own job holds, charges and pays nothing, and its runner learns why', async () => {
  const opened: unknown[] = []
  const fixture = setupDesk({
    openJob: async ({ hold, price, job }) => {
      opened.push({ hold, price, tier: job.tier })
      return { ok: true }
    },
  })
  const runner = await setupRunner(fixture, mine)
  // A cap of nothing is no obstacle: nothing is asked.
  const maxPrice = { input: nano(0n), output: nano(0n) }
  const { reader, started } = await start(fixture, { ...OWN, maxPrice })
  expect(runner.offer().price).toEqual({ input: 0, output: 0 })
  runner.say('one two')
  await started
  await runner.finish({ tokens: 2 })
  expect(opened).toEqual([{ hold: 0n, price: { input: 0n, output: 0n }, tier: 'own' }])
  expect(fixture.ended).toMatchObject([{ state: 'done', charge: 0n, completionTokens: 2, transfers: [] }])
  expect(reader.end()).toMatchObject({
    finish: 'stop',
    usage: { costNano: '0', completionTokens: 2 },
    receipts: [{ price: { input: 0, output: 0 } }],
  })
  expect(fixture.sent.at(-1)?.frame).toMatchObject({ type: 'job.paid', earnedNano: 0, reason: 'free' })
  expect(fixture.desk.links.get(runner.facts.linkId)?.strikes).toBe(0)
})
test('an own job goes on at another own runner, free as before', async () => {
  const fixture = setupDesk()
  const first = await setupRunner(fixture, mine)
  const second = await setupRunner(fixture, { ...shared('g'), ask: { input: 1, output: 1 } })
  const { started } = await start(fixture, { ...OWN, groupIds: ['g'] })
  first.say('one')
  await started
  linkDown(fixture.desk, first.facts.linkId)
  await fixture.advance(1_500)
  expect(second.offer()).toMatchObject({ delivered: { text: 'one' }, price: { input: 0, output: 0 } })
})
test('a runner that its owner takes back gets no open job any more, and finishes the one it has', async () => {
  const fixture = setupDesk()
  const runner = await setupRunner(fixture, { slots: 2 })
  const { reader, started } = await start(fixture)
  setAudience(fixture.desk, runner.facts.runnerId, { audience: 'own' })
  expect(await (await start(fixture)).started).toMatchObject({ ok: false, reason: 'no-runner' })
  runner.say('one')
  await started
  await runner.finish({ tokens: 1 })
  expect(reader.end()).toMatchObject({ finish: 'stop', usage: { costNano: '160' } })
  expect(await (await start(fixture)).started).toMatchObject({ ok: false, reason: 'no-runner' })
  expect(runner.offers()).toBe(1)
})
test('a runner that begins to serve others takes at once what waits for it', async () => {
  const fixture = setupDesk()
  const open = await setupRunner(fixture)
  const runner = await setupRunner(fixture, { audience: 'own' })
  await start(fixture)
  await start(fixture)
  expect([open.offers(), runner.offers()]).toEqual([1, 0])
  setAudience(fixture.desk, runner.facts.runnerId, { audience: 'everyone' })
  expect(runner.offers()).toBe(1)
  setAudience(fixture.desk, runner.facts.runnerId, { audience: 'group', groupId: 'g' })
  expect(fixture.desk.links.get(runner.facts.linkId)?.facts).toMatchObject({
    audience: 'group',
    groupId: 'g',
  })
  setAudience(fixture.desk, runner.facts.runnerId, { audience: 'own' })
  expect(fixture.desk.links.get(runner.facts.linkId)?.facts.groupId).toBeUndefined()
})
test('a machine serves its owner before those who wait for anybody, and places are told among rivals', async () => {
  const fixture = setupDesk()
  const runner = await setupRunner(fixture, { ownerId: ME })
  const first = await start(fixture, { caller: { accountId: 8, keyId: undefined } })
  const waiting = await start(fixture, { caller: { accountId: 8, keyId: undefined } })
  const own = await start(fixture, OWN)
  expect(waiting.reader.frames.at(-1)).toMatchObject({ type: 'queued', place: 1, waitSeconds: 8 })
  expect(own.reader.frames).toMatchObject([{ type: 'job' }, { type: 'queued', place: 1, waitSeconds: 8 }])
  runner.say('one')
  await first.started
  await runner.finish({ tokens: 1 })
  expect(runner.offer().jobId).toBe(own.job.jobId)
  runner.say('two')
  await runner.finish({ tokens: 1 })
  expect(runner.offer().jobId).toBe(waiting.job.jobId)
})
test('a full queue of open jobs keeps nobody from the own machine, and free jobs cannot fill the queue', async () => {
  const fixture = setupDesk()
  await setupRunner(fixture)
  const own = await setupRunner(fixture, { ...mine, slots: 1 })
  for (let index = 0; index < 257; index++) void startJob(fixture.desk, fixture.makeJob(), setupReader().sink)
  await settleDown()
  expect(await startJob(fixture.desk, fixture.makeJob(), setupReader().sink)).toMatchObject({
    reason: 'queue-full',
  })
  await start(fixture, OWN)
  expect(own.offers()).toBe(1)
  for (let index = 0; index < 32; index++)
    void startJob(fixture.desk, fixture.makeJob(OWN), setupReader().sink)
  await settleDown()
  expect(await startJob(fixture.desk, fixture.makeJob(OWN), setupReader().sink)).toEqual({
    ok: false,
    reason: 'queue-full',
    retryAfterSeconds: 256,
  })
  const other = { accountId: 8, keyId: undefined }
  await setupRunner(fixture, { ownerId: 8, audience: 'own' })
  expect(await (await start(fixture, { ...OWN, caller: other })).reader.frames).toEqual([])
})
test('what an own runner cannot do is refused by the name of its field', async () => {
  const fixture = setupDesk()
  await setupRunner(fixture, { features: ['tools'] })
  await setupRunner(fixture, mine)
  const { started } = await start(fixture, { ...OWN, needs: [{ feature: 'tools', param: 'tools' }] })
  expect(await started).toEqual({ ok: false, reason: 'unsupported', param: 'tools' })
})
test('private runners are no supply, and their owners are told what is theirs', async () => {
  const fixture = setupDesk()
  const open = await setupRunner(fixture, { slots: 2 })
  const own = await setupRunner(fixture, {
    ...mine,
    slots: 4,
    contextTokens: 9_000,
    ask: { input: 1, output: 1 },
  })
  const group = await setupRunner(fixture, { ...shared('g'), tokensPerSecond: 300 })
  await start(fixture, OWN)
  const snapshot = takeSnapshot(fixture.desk, ['run_arriving'])
  expect(snapshot).toMatchObject({
    runners: 1,
    slots: 2,
    freeSlots: 2,
    running: 0,
    waiting: 0,
    contextTokens: 1024,
    price: open.facts.ask,
    runnerIds: [open.facts.runnerId, own.facts.runnerId, group.facts.runnerId, 'run_arriving'],
    privateRunnerIds: [own.facts.runnerId, group.facts.runnerId, 'run_arriving'],
    groupIds: ['g'],
  })
  expect(snapshot.links.map(({ runnerId }) => runnerId)).toEqual([open.facts.runnerId])
  expect(snapshot.ownerIds).toContain(ME)
  const caller = { accountId: ME, keyId: undefined }
  expect(takeOwnSupply(fixture.desk, { ...OWN, caller })).toEqual({
    runners: 1,
    freeSlots: 3,
    waitSeconds: 0,
    tokensPerSecond: 100,
    contextTokens: 9_000,
  })
  expect(takeOwnSupply(fixture.desk, { ...OWN, caller, groupIds: ['g'] })).toMatchObject({
    runners: 2,
    freeSlots: 4,
    tokensPerSecond: 200,
  })
  for (let index = 0; index < 3; index++) await start(fixture, OWN)
  expect(takeOwnSupply(fixture.desk, { ...OWN, caller })).toMatchObject({ freeSlots: 0, waitSeconds: 2 })
  receiveFrame(fixture.desk, own.facts.linkId, { type: 'bye' })
  expect(takeOwnSupply(fixture.desk, { ...OWN, caller })).toMatchObject({ runners: 0, waitSeconds: 0 })
})
