import { expect, test } from 'vitest'
import { BOUNDS } from './desk.ts'
import { setupDesk, setupReader } from './desk-fixture.ts'
import { stopAnswer } from './end-answer.ts'
import { linkDown, linkUp } from './links.ts'
import { detachSink } from './readers.ts'
import { receiveFrame } from './receive-frame.ts'
import {
  readSealed,
  SECRET_QUESTION,
  sealJob,
  settleJob,
  setupSealedRunner,
  startSealed,
} from './sealed-desk-fixture.ts'
import { startJob } from './start-job.ts'

const LENGTH_BUCKET = 256

test('a sealed chat reaches its client as its runner sealed it, and is paid by its receipt', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, ticket, reader, started } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  expect(answer.question?.messages[0]?.content).toBe(SECRET_QUESTION)
  await answer.begin()
  await answer.say('Hello there')
  await answer.finish(2)
  expect(await started).toEqual({ ok: true, jobId: job.jobId })
  await settleJob(fixture, job)
  const read = await readSealed(ticket, reader.frames)
  expect(read.text).toBe('Hello there')
  // 5 × 20 + 2 × 60 nano.
  expect(read.end).toMatchObject({ finish: 'stop', usage: { costNano: '220' } })
  expect(fixture.ended).toMatchObject([{ state: 'done', charge: 220n, promptTokens: 5, completionTokens: 2 }])
  expect(fixture.ended[0]?.transfers).toMatchObject([
    { debit: 7, credit: runner.facts.ledgerId, amount: 220n },
  ])
})

test('what a sealed job may cost is bounded by its header alone', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { reader, started } = await startSealed(fixture, [runner], { maxTokens: 200 })
  await (await runner.open()).begin()
  await started
  const hold = LENGTH_BUCKET * 20 + 256 * 60
  expect(reader.frames[0]).toMatchObject({ type: 'job', holdNano: String(hold) })
})

test('neither records nor logs hold a word of what was asked or answered', async () => {
  const logs: unknown[] = []
  const fixture = setupDesk({ log: (...line) => void logs.push(line) })
  const runner = await setupSealedRunner(fixture)
  const { job } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.say('xyzzy-answer')
  await answer.finish(1)
  await settleJob(fixture, job)
  const written = JSON.stringify([logs, fixture.ended], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(written).toContain(job.jobId)
  expect(written).not.toContain('xyzzy')
  expect(JSON.stringify(fixture.sent, (_, value) => (typeof value === 'bigint' ? '' : value))).not.toContain(
    'xyzzy',
  )
})

test('its record says that it was sealed, to which candidate, and chosen from which directory', async () => {
  const fixture = setupDesk()
  const [absent, runner] = [await setupSealedRunner(fixture), await setupSealedRunner(fixture)]
  linkDown(fixture.desk, absent.facts.linkId)
  const { job } = await startSealed(fixture, [absent, runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.finish(0)
  await settleJob(fixture, job)
  expect(JSON.parse(fixture.ended[0]?.why ?? '')).toEqual([
    {
      runner: runner.facts.runnerId,
      sealed: true,
      candidate: 1,
      signing_key: expect.stringMatching(/^[\w-]{43}$/),
      dir_digest: 'd'.repeat(64),
    },
  ])
})

test('the first candidate that is free gets it, and nobody who is not named ever does', async () => {
  const fixture = setupDesk()
  const [first, second, other] = [
    await setupSealedRunner(fixture),
    await setupSealedRunner(fixture),
    await setupSealedRunner(fixture),
  ]
  await startSealed(fixture, [first, second])
  await startSealed(fixture, [first, second])
  const third = await startSealed(fixture, [first, second])
  expect([first.offers(), second.offers(), other.offers()]).toEqual([1, 1, 0])
  expect(await third.started).toMatchObject({ ok: true })
  expect(third.reader.frames.at(-1)).toMatchObject({ type: 'queued', place: 1 })
})

test('while all candidates are busy it waits, and begins when one is free again', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const before = await startSealed(fixture, [runner])
  const { job, reader, ticket } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.finish(0)
  await settleJob(fixture, before.job)
  const own = await runner.open()
  await own.begin()
  await own.say('Later.')
  await own.finish(1)
  await settleJob(fixture, job)
  expect((await readSealed(ticket, reader.frames)).text).toBe('Later.')
})

test('it waits for 90 seconds, and no longer than runners take a request of its age', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { linkId } = runner.facts
  receiveFrame(fixture.desk, linkId, { type: 'slots', freeSlots: 0, tokensPerSecond: 1 })
  const late = await sealJob(fixture, [runner])
  const { reader } = await startSealed(fixture, [runner])
  await fixture.advance(50_000)
  const aged = setupReader()
  await startJob(fixture.desk, late.job, aged.sink)
  await fixture.advance(39_900)
  expect(reader.state.closed).toBe(false)
  await fixture.advance(200)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'no-runner' })
  // 120 s, less 5 for its way to the runner.
  await fixture.advance(24_800)
  expect(aged.state.closed).toBe(false)
  await fixture.advance(200)
  expect(aged.end()).toMatchObject({ finish: 'failed', reason: 'no-runner' })
})

test.each<[string, Parameters<typeof setupSealedRunner>[1], string]>([
  ['that has ended', { key: { untilMs: 1_000_000 } }, 'key-epoch'],
  ['of an epoch that is far ahead', { key: { epoch: 3 } }, 'key-epoch'],
  ['that an older policy judged', { key: { policySeq: 0 } }, 'key-epoch'],
])('a runner gets nothing by a key %s', async (_, plan, reason) => {
  const fixture = setupDesk()
  fixture.desk.seals.policySeq = 1
  const runner = await setupSealedRunner(fixture, plan)
  expect(await (await startSealed(fixture, [runner])).started).toEqual({ ok: false, reason })
  expect(runner.offers()).toBe(0)
})

test('a runner gets nothing by a key whose epoch is over, however long its evidence holds', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture, { key: { untilMs: 1e9 } })
  await fixture.advance(69 * 60_000 - 1_000_000)
  await startSealed(fixture, [runner])
  expect(runner.offers()).toBe(1)
  await fixture.advance(60_000)
  const { started } = await startSealed(fixture, [runner])
  expect(await started).toEqual({ ok: false, reason: 'key-epoch' })
})

test('a candidate that is here with other keys has its client seal again; one that is not here is nobody', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const renewed = { ...runner, candidate: { ...runner.candidate, evidenceDigest: 'e'.repeat(64) } }
  expect(await (await startSealed(fixture, [renewed])).started).toEqual({ ok: false, reason: 'key-epoch' })
  linkDown(fixture.desk, runner.facts.linkId)
  expect(await (await startSealed(fixture, [runner])).started).toEqual({
    ok: false,
    reason: 'no-runner',
    retryAfterSeconds: 30,
  })
})

test('another epoch than the one whose evidence is named is no candidate', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const mixed = { ...runner, candidate: { ...runner.candidate, epoch: 1 } }
  expect(await (await startSealed(fixture, [mixed])).started).toMatchObject({ reason: 'key-epoch' })
  expect(runner.offers()).toBe(0)
})

test('a runner that asks more than the client pays is passed over', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { started } = await startSealed(fixture, [runner], { maxPrice: { output: 1n as never } })
  expect(await started).toEqual({ ok: false, reason: 'price-too-low', param: 'max_price' })
})

test('a tier is never lowered: keys of a pairing serve no confidential job, keys of a TEE no job of tier own', async () => {
  const fixture = setupDesk()
  const paired = await setupSealedRunner(fixture, { kind: 'paired', facts: { ownerId: 7 } })
  const tee = await setupSealedRunner(fixture, { facts: { ownerId: 7 } })
  const nobody = { ok: false, reason: 'no-runner' }
  expect(await (await startSealed(fixture, [paired])).started).toMatchObject(nobody)
  const own = await startSealed(fixture, [tee], { tier: 'own' })
  expect(await own.started).toMatchObject({ ok: false, reason: 'no-own-runner' })
  expect([paired.offers(), tee.offers()]).toEqual([0, 0])
  const right = await startSealed(fixture, [paired], { tier: 'own' })
  expect(paired.offers()).toBe(1)
  expect(right.job.tier).toBe('own')
})

test("nobody's own runner serves a stranger's sealed job, and a TEE that is not for everyone serves none", async () => {
  const fixture = setupDesk()
  const theirs = await setupSealedRunner(fixture, { kind: 'paired' })
  const closed = await setupSealedRunner(fixture, { facts: { audience: 'own' } })
  expect(await (await startSealed(fixture, [theirs], { tier: 'own' })).started).toMatchObject({ ok: false })
  expect(await (await startSealed(fixture, [closed])).started).toMatchObject({ ok: false })
  expect([theirs.offers(), closed.offers()]).toEqual([0, 0])
})

test('a job of tier own is free, sealed or not', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture, { kind: 'paired', facts: { ownerId: 7, audience: 'own' } })
  const { job, ticket, reader } = await startSealed(fixture, [runner], { tier: 'own' })
  const answer = await runner.open()
  await answer.begin()
  await answer.say('Free.')
  await answer.finish(1)
  await settleJob(fixture, job)
  expect(fixture.ended).toMatchObject([{ state: 'done', charge: 0n }])
  expect((await readSealed(ticket, reader.frames)).end).toMatchObject({
    finish: 'stop',
    usage: { costNano: '0' },
  })
})

test('who cannot open it hands it to the next candidate, and was paid nothing', async () => {
  const fixture = setupDesk()
  const [first, second] = [await setupSealedRunner(fixture), await setupSealedRunner(fixture)]
  const { job, ticket, reader } = await startSealed(fixture, [first, second])
  first.refuse('cannot-open')
  const answer = await second.open()
  await answer.begin()
  await answer.say('Mine.')
  await answer.finish(1)
  await settleJob(fixture, job)
  const read = await readSealed(ticket, reader.frames)
  expect(read).toMatchObject({ text: 'Mine.', end: { finish: 'stop' } })
  expect(JSON.parse(fixture.ended[0]?.why ?? '')).toMatchObject([{ candidate: 1 }])
  // The offer that was not opened counts for nothing: both have the same number.
  expect([first.lastOffer().attempt, second.lastOffer().attempt]).toEqual([0, 0])
})

test.each([
  ['key-epoch', 'key-epoch'],
  ['not-for-me', 'key-epoch'],
  ['too-old', 'key-epoch'],
  ['cannot-open', 'engine-failed'],
] as const)('when nobody can open it for %s, its client hears %s', async (said, reason) => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { started } = await startSealed(fixture, [runner])
  runner.refuse(said)
  expect(await started).toEqual({ ok: false, reason })
  expect(fixture.ended).toMatchObject([{ state: 'failed', reason, charge: 0n }])
})

test('a dearer candidate goes on within what was held, and is paid its own price', async () => {
  const fixture = setupDesk()
  const cheap = await setupSealedRunner(fixture, { facts: { ask: { input: 1, output: 1 } } })
  const dear = await setupSealedRunner(fixture)
  const { job, ticket, reader } = await startSealed(fixture, [cheap, dear])
  cheap.refuse('key-epoch')
  const answer = await dear.open()
  await answer.begin()
  await answer.finish(2)
  await settleJob(fixture, job)
  expect(reader.frames[0]).toMatchObject({ holdNano: String(LENGTH_BUCKET * 20 + 256 * 60) })
  expect((await readSealed(ticket, reader.frames)).end).toMatchObject({ usage: { costNano: '220' } })
})

test('a key that its runner has no more is named no more', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const first = await startSealed(fixture, [runner])
  runner.refuse('key-epoch')
  await first.started
  expect(runner.link.sealedKeys).toEqual([])
  expect(fixture.sent.map(({ frame }) => frame)).toContainEqual({
    type: 'seal.verdict',
    kind: 'tee',
    accepted: false,
    reason: 'key-gone',
  })
  await (await startSealed(fixture, [runner])).started
  expect(runner.offers()).toBe(1)
})

test.each([0, 1])('a runner lost after %i chunks hands it to the next candidate', async (chunks) => {
  const fixture = setupDesk()
  const [first, second] = [await setupSealedRunner(fixture), await setupSealedRunner(fixture)]
  const { job, ticket, reader } = await startSealed(fixture, [first, second])
  const lost = await first.open()
  if (chunks > 0) await lost.begin()
  linkDown(fixture.desk, first.facts.linkId)
  await fixture.advance(1_500)
  const answer = await second.open()
  await answer.begin()
  await answer.say('Whole.')
  await answer.finish(1)
  await settleJob(fixture, job)
  expect(await readSealed(ticket, reader.frames)).toMatchObject({ text: 'Whole.', end: { finish: 'stop' } })
  expect(fixture.ended[0]?.transfers).toMatchObject([{ credit: second.facts.ledgerId }])
})

test('a runner lost behind words ends it: only its client can seal on, and the part costs nothing', async () => {
  const fixture = setupDesk()
  const [first, second] = [await setupSealedRunner(fixture), await setupSealedRunner(fixture)]
  const { job, reader } = await startSealed(fixture, [first, second])
  const lost = await first.open()
  await lost.begin()
  await lost.say('Half a')
  linkDown(fixture.desk, first.facts.linkId)
  await fixture.advance(1_400)
  expect(reader.end()).toBeUndefined()
  await fixture.advance(100)
  await settleJob(fixture, job)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'runner-lost', usage: { costNano: '0' } })
  expect(second.offers()).toBe(0)
  expect(fixture.ended).toMatchObject([{ state: 'failed', charge: 0n, transfers: [] }])
})

test('with nobody else there a lost runner is waited for as long as its lease', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, reader } = await startSealed(fixture, [runner])
  const lost = await runner.open()
  await lost.begin()
  await lost.say('Half a')
  linkDown(fixture.desk, runner.facts.linkId)
  await fixture.advance(14_000)
  expect(reader.end()).toBeUndefined()
  await fixture.advance(1_000)
  await settleJob(fixture, job)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'runner-lost' })
})

test('a runner that comes back in time goes on where its chunks ended', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, ticket, reader } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.say('One')
  const { jobId, attempt } = runner.lastOffer()
  linkDown(fixture.desk, runner.facts.linkId)
  await fixture.advance(3_000)
  const welcome = linkUp(fixture.desk, runner.facts, [{ jobId, attempt, seq: 2 }])
  expect(welcome.resume).toEqual([{ jobId, attempt, fromSeq: 2 }])
  const [data = ''] = answer.chunks.slice(1)
  receiveFrame(fixture.desk, runner.facts.linkId, { type: 'job.chunk', jobId, attempt, seq: 1, data })
  await answer.say(' two')
  await answer.finish(2)
  await settleJob(fixture, job)
  expect(await readSealed(ticket, reader.frames)).toMatchObject({ text: 'One two', end: { finish: 'stop' } })
})

test('a reader that comes late, or again, gets every chunk', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const idempotency = { keyHash: 'k', fingerprint: 'f' }
  const { job, ticket } = await startSealed(fixture, [runner], { idempotency })
  const answer = await runner.open()
  await answer.begin()
  await answer.say('Again')
  const late = setupReader()
  expect(await startJob(fixture.desk, job, late.sink)).toMatchObject({ ok: true, jobId: job.jobId })
  await answer.finish(1)
  await settleJob(fixture, job)
  const after = setupReader()
  await startJob(fixture.desk, job, after.sink)
  for (const { frames } of [late, after]) {
    expect(await readSealed(ticket, frames)).toMatchObject({ text: 'Again', end: { finish: 'stop' } })
  }
  expect(runner.offers()).toBe(1)
})

test('an answer that is kept is read again when its request is too old for any runner, and never made anew', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const idempotency = { keyHash: 'k', fingerprint: 'f' }
  const { job, ticket } = await startSealed(fixture, [runner], { idempotency })
  const answer = await runner.open()
  await answer.begin()
  await answer.say('Kept')
  await answer.finish(1)
  await settleJob(fixture, job)
  await fixture.advance(200_000)
  const again = setupReader()
  expect(await startJob(fixture.desk, job, again.sink)).toMatchObject({ ok: true })
  expect(await readSealed(ticket, again.frames)).toMatchObject({ text: 'Kept', end: { finish: 'stop' } })
  const other = { ...job, idempotency: { ...idempotency, keyHash: 'other' } }
  expect(await startJob(fixture.desk, other, setupReader().sink)).toEqual({
    ok: false,
    reason: 'idempotency-ended',
  })
  expect(runner.offers()).toBe(1)
})

test('kept answers are bounded in bytes, the oldest go first', async () => {
  const fixture = setupDesk({ bounds: { ...BOUNDS, recentBytesMax: 3000 } })
  const runner = await setupSealedRunner(fixture)
  const ended: string[] = []
  for (let turn = 0; turn < 3; turn++) {
    const { job } = await startSealed(fixture, [runner])
    const answer = await runner.open()
    await answer.begin()
    await answer.finish(0)
    await settleJob(fixture, job)
    ended.push(job.jobId)
  }
  expect([...fixture.desk.recent.keys()]).toEqual(ended.slice(-1))
})

test('a job that waits is not given to a runner that a newer policy revokes meanwhile', async () => {
  let seq = 1
  const fixture = setupDesk({
    keys: {
      admit: async () => ({ ok: false, reason: 'no-policy' }),
      reload: async () => new Map(),
      policySeq: async () => seq,
    },
  })
  const runner = await setupSealedRunner(fixture)
  const { linkId } = runner.facts
  receiveFrame(fixture.desk, linkId, { type: 'slots', freeSlots: 0, tokensPerSecond: 1 })
  const { reader } = await startSealed(fixture, [runner])
  seq = 2
  await fixture.advance(20_000)
  receiveFrame(fixture.desk, linkId, { type: 'slots', freeSlots: 1, tokensPerSecond: 1 })
  expect(runner.offers()).toBe(0)
  await fixture.advance(90_000)
  expect(reader.end()).toMatchObject({ finish: 'failed' })
  expect(fixture.timers()).toBe(0)
})

test('Stop gives the last chunk and its receipt, and charges what the receipt says', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, ticket, reader } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.say('One two')
  const live = fixture.desk.jobs.get(job.jobId)
  if (live) stopAnswer(fixture.desk, live)
  expect(fixture.cancelsTo(runner.facts.linkId)).toBe(1)
  await answer.finish(2, { status: 'stopped' })
  await settleJob(fixture, job)
  expect(await readSealed(ticket, reader.frames)).toMatchObject({
    text: 'One two',
    end: { finish: 'cancelled', usage: { costNano: '220' } },
  })
  expect(fixture.ended).toMatchObject([{ state: 'stopped', charge: 220n }])
})

test('a runner that does not answer Stop is paid nothing', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, reader } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.say('One two')
  detachSink(fixture.desk, job.jobId, reader.sink)
  await fixture.advance(2_000)
  await settleJob(fixture, job)
  expect(fixture.ended).toMatchObject([{ state: 'stopped', charge: 0n, transfers: [] }])
})

test('a job whose reader asked it to linger goes on without one', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, reader } = await startSealed(fixture, [runner], { lingerMs: 5_000 })
  const answer = await runner.open()
  await answer.begin()
  detachSink(fixture.desk, job.jobId, reader.sink)
  await answer.say('Still')
  await answer.finish(1)
  await settleJob(fixture, job)
  expect(fixture.ended).toMatchObject([{ state: 'done', completionTokens: 1 }])
})

test('a runner whose first chunk is all that comes is left for another after a while', async () => {
  const fixture = setupDesk()
  const [first, second] = [await setupSealedRunner(fixture), await setupSealedRunner(fixture)]
  const { started } = await startSealed(fixture, [first, second])
  await (await first.open()).begin()
  await started
  await fixture.advance(44_000)
  expect(second.offers()).toBe(0)
  await fixture.advance(2_000)
  expect(second.offers()).toBe(1)
})
