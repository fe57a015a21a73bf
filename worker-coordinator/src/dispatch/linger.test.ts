import { expect, test } from 'vitest'
import type { ChatJob } from '../jobs/chat-job.ts'
import type { DispatchDeps } from './desk.ts'
import { settleDown, setupDesk, setupReader, setupRunner } from './desk-fixture.ts'
import { stopAnswer } from './end-answer.ts'
import { linkDown } from './links.ts'
import { detachSink } from './readers.ts'
import { startJob } from './start-job.ts'

const idempotency = { keyHash: 'k', fingerprint: 'f' }

/** An answer with one word and no reader any more, on a database that knows each `Idempotency-Key` once. */
async function setupLingering(extra: Partial<ChatJob> = {}) {
  const known = new Map<number, string>()
  const openJob: DispatchDeps['openJob'] = async ({ job }) => {
    const jobId = known.get(job.caller.accountId)
    if (jobId !== undefined) return { ok: false, reason: 'same-key', jobId }
    known.set(job.caller.accountId, job.jobId)
    return { ok: true }
  }
  const fixture = setupDesk({ openJob })
  const runner = await setupRunner(fixture)
  const ask = () => fixture.makeJob({ lingerMs: 60_000, idempotency, ...extra })
  const reader = setupReader()
  const job = ask()
  const started = startJob(fixture.desk, job, reader.sink)
  await settleDown()
  runner.say('one')
  expect(await started).toMatchObject({ ok: true })
  detachSink(fixture.desk, job.jobId, reader.sink)
  return { ...fixture, fixture, runner, job, ask }
}

test('an answer without a reader goes on, and who asks again reads all of it for one charge', async () => {
  const { desk, runner, job, ask, ended, advance, cancelsTo } = await setupLingering()
  await advance(14_000)
  runner.say(' two')
  const again = setupReader()
  expect(await startJob(desk, ask(), again.sink)).toEqual({ ok: true, jobId: job.jobId })
  // The time that was left is over long before the answer is: a reader is there again.
  for (let step = 0; step < 10; step++) {
    await advance(10_000)
    runner.say(' more')
  }
  await runner.finish({ tokens: 12 })
  expect(again.text()).toBe(`one two${' more'.repeat(10)}`)
  expect(again.end()).toMatchObject({ finish: 'stop' })
  expect(cancelsTo(runner.facts.linkId)).toBe(0)
  expect(ended).toHaveLength(1)
  expect(runner.offers()).toBe(1)
})
test('an answer that ended while nobody read is read by who asks again, for one charge', async () => {
  const { desk, runner, job, ask, ended } = await setupLingering()
  runner.say(' two')
  await runner.finish({ tokens: 2 })
  expect(ended).toMatchObject([{ state: 'done', completionTokens: 2 }])
  const later = setupReader()
  expect(await startJob(desk, ask(), later.sink)).toEqual({ ok: true, jobId: job.jobId })
  expect(later.text()).toBe('one two')
  expect(later.state.closed).toBe(true)
  expect(ended).toHaveLength(1)
})
test('when nobody comes back the answer stops after its time, and what was delivered is charged', async () => {
  const { runner, ended, advance, cancelsTo } = await setupLingering()
  for (let step = 0; step < 5; step++) {
    await advance(10_000)
    runner.say(' more')
  }
  await advance(9_999)
  expect(cancelsTo(runner.facts.linkId)).toBe(0)
  await advance(1)
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
  await runner.finish({ tokens: 6, finish: 'cancelled' })
  expect(ended).toMatchObject([{ state: 'stopped', completionTokens: 6, charge: 5n * 20n + 6n * 60n }])
})
test('without the wish an answer stops with its last reader, as before', async () => {
  const { runner, cancelsTo } = await setupLingering({ lingerMs: 0 })
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
})
test('the second reader that leaves starts the time anew', async () => {
  const { desk, runner, job, ask, advance, cancelsTo } = await setupLingering()
  await advance(10_000)
  const again = setupReader()
  await startJob(desk, ask(), again.sink)
  detachSink(desk, job.jobId, again.sink)
  for (let step = 0; step < 5; step++) {
    runner.say(' more')
    await advance(10_000)
  }
  expect(cancelsTo(runner.facts.linkId)).toBe(0)
  runner.say(' more')
  await advance(10_000)
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
})
test('Stop ends it at once, and neither an end nor a stop leaves a timer behind', async () => {
  const stopped = await setupLingering()
  const live = stopped.desk.jobs.get(stopped.job.jobId)
  if (live) stopAnswer(stopped.desk, live)
  expect(stopped.cancelsTo(stopped.runner.facts.linkId)).toBe(1)
  await stopped.runner.finish({ tokens: 1, finish: 'cancelled' })
  expect(stopped.timers()).toBe(0)
  const ended = await setupLingering()
  await ended.runner.finish({ tokens: 1 })
  expect(ended.timers()).toBe(0)
})
test('a repeat reads on when no runner is left that could begin it, and none is offered it', async () => {
  const { desk, runner, job, ask, sent } = await setupLingering()
  linkDown(desk, runner.facts.linkId)
  const again = setupReader()
  const before = sent.length
  expect(await startJob(desk, ask(), again.sink)).toEqual({ ok: true, jobId: job.jobId })
  expect(again.text()).toBe('one')
  expect(sent).toHaveLength(before)
})
test('another body under the same key is refused, and another account has its own keys', async () => {
  const { desk, ask, makeJob } = await setupLingering()
  const changed = ask()
  expect(
    await startJob(
      desk,
      { ...changed, idempotency: { keyHash: 'k', fingerprint: 'other' } },
      setupReader().sink,
    ),
  ).toEqual({ ok: false, reason: 'idempotency-mismatch' })
  const reader = setupReader()
  void startJob(desk, makeJob({ caller: { accountId: 8, keyId: undefined }, idempotency }), reader.sink)
  await settleDown()
  expect([...desk.keys.keys()]).toEqual(['7/k', '8/k'])
  expect(reader.text()).toBe('')
})
test('a job whose hold did not stand leaves its key free', async () => {
  let funds = false
  const fixture = setupDesk({
    openJob: async () => (funds ? { ok: true } : { ok: false, reason: 'insufficient-funds' }),
  })
  const runner = await setupRunner(fixture)
  const ask = () => startJob(fixture.desk, fixture.makeJob({ idempotency }), setupReader().sink)
  expect(await Promise.all([ask(), ask()])).toEqual([
    { ok: false, reason: 'insufficient-funds' },
    { ok: false, reason: 'insufficient-funds' },
  ])
  await settleDown()
  expect(fixture.desk.keys.size).toBe(0)
  funds = true
  const started = ask()
  await settleDown()
  runner.say('one')
  expect(await started).toMatchObject({ ok: true })
})
test('a job in the queue waits on without its reader, and no longer than it was asked to', async () => {
  const fixture = setupDesk()
  await setupRunner(fixture)
  void startJob(fixture.desk, fixture.makeJob(), setupReader().sink)
  await settleDown()
  const job = fixture.makeJob({ lingerMs: 20_000 })
  const reader = setupReader()
  await startJob(fixture.desk, job, reader.sink)
  detachSink(fixture.desk, job.jobId, reader.sink)
  await fixture.advance(19_999)
  expect(fixture.desk.waiting).toHaveLength(1)
  await fixture.advance(1)
  expect(fixture.desk.waiting).toHaveLength(0)
  expect(fixture.ended).toMatchObject([{ jobId: job.jobId, state: 'stopped', charge: 0n }])
})
