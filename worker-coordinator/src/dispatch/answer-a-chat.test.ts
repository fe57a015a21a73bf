import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { OpenJobResult } from '../jobs/job-store.ts'
import type { DispatchDeps } from './desk.ts'
import { settleDown, setupDesk, setupReader, setupRunner } from './desk-fixture.ts'
import { stopAnswer } from './end-answer.ts'
import { linkBroken, linkDown, linkUp } from './links.ts'
import { attachSink, detachSink } from './readers.ts'
import { receiveFrame } from './receive-frame.ts'
import { startJob } from './start-job.ts'

async function setupChat(fixture = setupDesk(), runners = 1) {
  const all = []
  for (let index = 0; index < runners; index++) all.push(await setupRunner(fixture))
  const reader = setupReader()
  const job = fixture.makeJob()
  const started = startJob(fixture.desk, job, reader.sink)
  await settleDown()
  const [runner] = all.filter((one) => one.offers() > 0)
  if (!runner) throw new Error('no runner was offered the job')
  const [other] = all.filter((one) => one !== runner)
  return { ...fixture, fixture, runner, other, reader, job, started }
}

test('an answer is streamed, paid once, and ends with its cost and its receipt', async () => {
  const { runner, reader, started, ended, sent } = await setupChat()
  runner.say('Hello there')
  expect(await started).toMatchObject({ ok: true })
  runner.say(' friend')
  await runner.finish({ tokens: 4 })
  expect(reader.frames.map(({ type }) => type)).toEqual(['job', 'delta', 'delta', 'end'])
  expect(reader.text()).toBe('Hello there friend')
  expect(reader.state.closed).toBe(true)
  const charge = 5n * 20n + 4n * 60n
  expect(ended).toHaveLength(1)
  expect(ended[0]).toMatchObject({ state: 'done', charge, promptTokens: 5, completionTokens: 4 })
  expect(ended[0]?.transfers).toEqual([
    {
      id: `${ended[0]?.jobId}/earn/0`,
      kind: 'usage',
      debit: 7,
      credit: runner.facts.ledgerId,
      amount: charge,
      fee: 17n,
    },
  ])
  expect(reader.end()).toMatchObject({
    finish: 'stop',
    usage: { costNano: '340' },
    receipts: [{ jobId: ended[0]?.jobId }],
  })
  expect(sent.at(-1)?.frame).toMatchObject({ type: 'job.paid', earnedNano: 323 })
})
test('nothing is shown before the hold is durable', async () => {
  const hold = Promise.withResolvers<OpenJobResult>()
  const { runner, reader, started } = await setupChat(setupDesk({ openJob: () => hold.promise }))
  runner.say('Hello')
  await runner.finish({ tokens: 1 })
  expect(reader.frames).toEqual([])
  hold.resolve({ ok: true })
  expect(await started).toMatchObject({ ok: true })
  await settleDown()
  expect(reader.text()).toBe('Hello')
  expect(reader.end()).toMatchObject({ finish: 'stop' })
})
test('without coins the runner is told to stop, and nothing is shown, ended or paid', async () => {
  const fixture = setupDesk({ openJob: async () => ({ ok: false, reason: 'insufficient-funds' }) })
  const { runner, reader, started, cancelsTo, ended, desk } = await setupChat(fixture)
  expect(await started).toEqual({ ok: false, reason: 'insufficient-funds' })
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
  expect(reader.frames).toEqual([])
  expect(ended).toEqual([])
  expect(desk.jobs.size).toBe(0)
  expect(desk.book.size()).toBe(1)
})
test('a runner that dies is replaced: the other goes on exactly behind it, and each is paid for its part', async () => {
  const { fixture, runner, other, reader, started, ended, desk, advance } = await setupChat(setupDesk(), 2)
  runner.say('one two')
  await started
  linkDown(desk, runner.facts.linkId)
  await advance(1_500)
  expect(other?.offer().delivered).toEqual({ text: 'one two', tokens: 2, tokenIds: [3, 3] })
  expect(other?.offer().attempt).toBe(1)
  other?.say(' three')
  await other?.finish({ tokens: 2 })
  expect(reader.text()).toBe('one two three')
  expect(reader.frames.map(({ type }) => type)).toEqual(['job', 'delta', 'pause', 'delta', 'end'])
  expect(fixture.ended[0]).toMatchObject({
    state: 'done',
    charge: 340n,
    promptTokens: 5,
    completionTokens: 4,
  })
  expect(ended[0]?.transfers.map(({ credit, amount }) => [credit, amount])).toEqual([
    [runner.facts.ledgerId, 220n],
    [other?.facts.ledgerId, 120n],
  ])
})
test('with no other runner the answer keeps what was delivered, and only that is charged', async () => {
  const { runner, reader, started, ended, desk, advance } = await setupChat()
  runner.say('one two')
  await started
  linkDown(desk, runner.facts.linkId)
  await advance(60_000)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'runner-lost' })
  expect(ended).toMatchObject([{ state: 'failed', reason: 'runner-lost', completionTokens: 2 }])
  // No receipt counts the prompt: five bytes are at least one token.
  expect(ended[0]?.charge).toBe(1n * 20n + 2n * 60n)
})
test('a job that delivered nothing costs nothing', async () => {
  const { runner, reader, started, ended, desk, advance } = await setupChat()
  linkDown(desk, runner.facts.linkId)
  await advance(60_000)
  expect(await started).toMatchObject({ ok: true })
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'runner-lost', usage: { costNano: '0' } })
  expect(ended).toMatchObject([{ state: 'failed', charge: 0n, transfers: [] }])
})
test('a runner that comes back within its lease goes on, and what it sends twice is shown once', async () => {
  const { runner, reader, started, ended, desk, advance } = await setupChat()
  runner.say('one')
  runner.say(' two')
  await started
  linkDown(desk, runner.facts.linkId)
  await advance(5_000)
  const { jobId, attempt } = runner.offer()
  const facts = { ...runner.facts, linkId: 'link-again' }
  expect(linkUp(desk, facts, [{ jobId, attempt, seq: 3 }])).toMatchObject({
    resume: [{ jobId, attempt, fromSeq: 2 }],
    drop: [],
  })
  const again = { type: 'job.delta', jobId, attempt, tokens: 1 } as const
  receiveFrame(desk, 'link-again', { ...again, seq: 1, text: ' two' })
  receiveFrame(desk, 'link-again', { ...again, seq: 2, text: ' three' })
  expect(reader.text()).toBe('one two three')
  await advance(60_000)
  expect(ended).toHaveLength(1)
})
test('a runner that comes back without its job is not waited for', async () => {
  const { runner, other, started, desk } = await setupChat(setupDesk(), 2)
  runner.say('one')
  await started
  linkDown(desk, runner.facts.linkId)
  linkUp(desk, { ...runner.facts, linkId: 'link-restarted' }, [])
  await settleDown()
  expect(other?.offer().delivered).toMatchObject({ text: 'one' })
})
test('a runner that hangs is cancelled and replaced', async () => {
  const { runner, other, started, cancelsTo, advance } = await setupChat(setupDesk(), 2)
  runner.say('one')
  await started
  await advance(14_999)
  expect(other?.offers()).toBe(0)
  await advance(1)
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
  expect(other?.offer().delivered).toMatchObject({ text: 'one' })
})
test('a runner that never begins is replaced, too', async () => {
  const { other, advance } = await setupChat(setupDesk(), 2)
  await advance(45_000)
  expect(other?.offer().delivered).toBeUndefined()
})
test('rubbish frames send the job to another runner at once', async () => {
  const { runner, other, started, desk } = await setupChat(setupDesk(), 2)
  runner.say('one')
  await started
  linkBroken(desk, runner.facts.linkId)
  expect(other?.offer().delivered).toMatchObject({ text: 'one' })
})
test('a gap in the deltas sends the job to another runner', async () => {
  const { runner, other, started, desk } = await setupChat(setupDesk(), 2)
  runner.say('one')
  await started
  const { jobId, attempt } = runner.offer()
  receiveFrame(desk, runner.facts.linkId, { type: 'job.delta', jobId, attempt, seq: 2, text: 'x', tokens: 1 })
  expect(other?.offer().delivered).toMatchObject({ text: 'one' })
})
test("a runner cannot speak for another's job", async () => {
  const { runner, other, reader, started, desk, cancelsTo } = await setupChat(setupDesk(), 2)
  runner.say('one')
  await started
  const { jobId, attempt } = runner.offer()
  const thief = other?.facts.linkId ?? ''
  receiveFrame(desk, thief, { type: 'job.delta', jobId, attempt, seq: 1, text: 'stolen', tokens: 1 })
  receiveFrame(desk, thief, { type: 'job.fail', jobId, attempt, reason: 'engine-failed' })
  expect(reader.text()).toBe('one')
  expect(cancelsTo(thief)).toBe(2)
  expect(desk.links.get(thief)?.strikes).toBe(2)
})
test('an engine that fails passes the job on, and after four runners the job fails', async () => {
  const { fixture, reader, desk, started } = await setupChat(setupDesk(), 6)
  for (let attempt = 0; attempt < 4; attempt++) {
    const { linkId } = [...fixture.sent].reverse().find(({ frame }) => frame.type === 'job.offer') ?? {
      linkId: '',
    }
    const [{ jobId } = { jobId: '' }] = fixture.offersTo(linkId)
    receiveFrame(desk, linkId, { type: 'job.fail', jobId, attempt, reason: 'engine-failed' })
  }
  expect(await started).toEqual({ ok: false, reason: 'engine-failed' })
  expect(reader.frames).toEqual([])
  expect(fixture.ended).toMatchObject([{ state: 'failed', charge: 0n }])
})
test('a busy runner that refuses is not blamed', async () => {
  const { runner, other, desk } = await setupChat(setupDesk(), 2)
  const { jobId, attempt } = runner.offer()
  receiveFrame(desk, runner.facts.linkId, { type: 'job.refuse', jobId, attempt, reason: 'busy' })
  expect(other?.offers()).toBe(1)
  expect(desk.links.get(runner.facts.linkId)).toMatchObject({ strikes: 0, closed: true })
  receiveFrame(desk, runner.facts.linkId, { type: 'slots', freeSlots: 1, tokensPerSecond: 1 })
  expect(desk.book.size()).toBe(1)
})
test('a prompt that does not fit the model is refused with its reason, and nothing is charged', async () => {
  const { runner, started, desk, ended } = await setupChat()
  const { jobId, attempt } = runner.offer()
  receiveFrame(desk, runner.facts.linkId, {
    type: 'job.fail',
    jobId,
    attempt,
    reason: 'context-length-exceeded',
  })
  expect(await started).toEqual({ ok: false, reason: 'context-length-exceeded' })
  expect(ended).toMatchObject([{ charge: 0n }])
})
test('Stop keeps what was written, tells the runner at once, and charges no more than that', async () => {
  const { runner, reader, started, ended, desk, job, cancelsTo } = await setupChat()
  runner.say('one two')
  await started
  const live = desk.jobs.get(job.jobId)
  if (live) stopAnswer(desk, live)
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
  runner.say(' three four five')
  await runner.finish({ tokens: 6, finish: 'cancelled' })
  expect(reader.text()).toBe('one two')
  expect(reader.end()).toMatchObject({ finish: 'cancelled', usage: { completionTokens: 2 } })
  expect(ended).toMatchObject([{ state: 'stopped', completionTokens: 2 }])
})
test('a runner that does not answer a Stop does not hold it up', async () => {
  const { runner, started, ended, desk, job, advance } = await setupChat()
  runner.say('one')
  await started
  const live = desk.jobs.get(job.jobId)
  if (live) stopAnswer(desk, live)
  await advance(2_000)
  expect(ended).toMatchObject([{ state: 'stopped', completionTokens: 1 }])
})
test('when the last reader leaves, the job stops; while one stays, it goes on', async () => {
  const { runner, reader, started, desk, job, cancelsTo } = await setupChat()
  runner.say('one')
  await started
  const second = setupReader()
  attachSink(desk, job.jobId, second.sink)
  expect(second.text()).toBe('one')
  detachSink(desk, job.jobId, reader.sink)
  expect(cancelsTo(runner.facts.linkId)).toBe(0)
  detachSink(desk, job.jobId, second.sink)
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
})
test('the same Idempotency-Key joins the answer that runs, and sees an ended one again', async () => {
  const opened: string[] = []
  const openJob: DispatchDeps['openJob'] = async ({ job }) => {
    opened.push(job.jobId)
    const [jobId = ''] = opened
    return opened.length === 1 ? { ok: true } : { ok: false, reason: 'same-key', jobId }
  }
  const first = await setupChat(setupDesk({ openJob }))
  first.runner.say('one')
  await first.started
  const { jobId } = first.job
  const again = setupReader()
  await setupRunner(first.fixture)
  expect(await startJob(first.desk, first.makeJob(), again.sink)).toEqual({ ok: true, jobId })
  await first.runner.finish({ tokens: 1 }, first.runner.offer(0))
  expect(again.text()).toBe('one')
  expect(again.end()).toMatchObject({ finish: 'stop' })
  const later = setupReader()
  await startJob(first.desk, first.makeJob(), later.sink)
  expect(later.text()).toBe('one')
  expect(later.state.closed).toBe(true)
  expect(first.ended).toHaveLength(1)
})
test.each([
  ['another output', { outputHash: 'b'.repeat(64) }],
  ['another signature', { signature: 'A'.repeat(86) }],
  ['more tokens than it signed', { completionTokens: 9 }],
])('a receipt with %s is not paid and not charged', async (_, change) => {
  const { runner, reader, started, ended, desk } = await setupChat()
  runner.say('one')
  await started
  await runner.finish({ tokens: 1, change })
  expect(ended).toMatchObject([{ state: 'done', charge: 0n, transfers: [] }])
  expect(reader.text()).toBe('one')
  expect(reader.end()).toMatchObject({ receipts: [] })
  expect(desk.links.get(runner.facts.linkId)?.strikes).toBeGreaterThan(0)
})
test('tokens that were reported and never delivered are not paid', async () => {
  const { runner, started, ended, desk } = await setupChat()
  runner.say('one two')
  await started
  await runner.finish({ tokens: 100 })
  expect(ended).toMatchObject([{ completionTokens: 2 }])
  expect(desk.links.get(runner.facts.linkId)?.strikes).toBe(1)
})
test('thoughts are paid like text and are no part of it', async () => {
  const { fixture, runner, reader, started, desk } = await setupChat()
  const { jobId, attempt } = runner.offer()
  const thought = {
    type: 'job.delta',
    jobId,
    attempt,
    seq: 0,
    text: '',
    reasoning: 'Let me think.',
    tokens: 4,
  } as const
  receiveFrame(desk, runner.facts.linkId, thought)
  await started
  expect(reader.frames.at(-1)).toEqual({ type: 'delta', text: '', reasoning: 'Let me think.' })
  expect(desk.jobs.get(jobId)).toMatchObject({ text: '', tokens: 4 })
  expect(fixture.cancelsTo(runner.facts.linkId)).toBe(0)
})
test('an answer that is longer than it may be is cut, and charged up to its limit', async () => {
  const { runner, reader, started, ended, desk, cancelsTo } = await setupChat()
  const { jobId, attempt, params } = runner.offer()
  runner.say('one')
  await started
  const flood = 'x '.repeat(params.maxTokens + 300)
  receiveFrame(desk, runner.facts.linkId, {
    type: 'job.delta',
    jobId,
    attempt,
    seq: 1,
    text: flood,
    tokens: params.maxTokens + 300,
  })
  await settleDown()
  expect(cancelsTo(runner.facts.linkId)).toBe(1)
  expect(reader.end()).toMatchObject({ finish: 'length' })
  expect(ended).toMatchObject([{ state: 'done', completionTokens: params.maxTokens }])
})
test('an answer that goes on beyond its time is cut before its hold expires', async () => {
  const { runner, reader, started, advance, ended } = await setupChat()
  for (let minute = 0; minute < 80; minute++) {
    runner.say('still here')
    await advance(10_000)
  }
  await started
  expect(reader.end()).toMatchObject({ finish: 'length' })
  expect(ended).toMatchObject([{ state: 'done' }])
})
test('a settlement that no try can write shows no cost', async () => {
  const fixture = setupDesk({
    endJob: async () => {
      throw new Error('D1 is away')
    },
  })
  const { runner, reader, started } = await setupChat(fixture)
  runner.say('one')
  await started
  await runner.finish({ tokens: 1 })
  await fixture.advance(60_000)
  expect(reader.end()).toMatchObject({ finish: 'stop', usage: { costNano: '0' } })
})
test('a stream opens after its patience, before its first word', async () => {
  const fixture = setupDesk()
  const { bounds } = fixture.desk.deps
  const runner = await setupRunner(fixture)
  const reader = setupReader()
  let opened = false
  void startJob(fixture.desk, fixture.makeJob(), reader.sink, bounds.streamHeadersMs).then(({ ok }) => {
    opened = ok
  })
  await settleDown()
  await fixture.advance(bounds.streamHeadersMs - 1)
  expect(opened).toBe(false)
  await fixture.advance(1)
  expect(opened).toBe(true)
  expect(reader.frames.map(({ type }) => type)).toEqual(['job'])
  runner.say('one')
  expect(reader.text()).toBe('one')
})
test('a done that comes twice settles once', async () => {
  const { runner, started, ended } = await setupChat()
  runner.say('one')
  await started
  await Promise.all([runner.finish({ tokens: 1 }), runner.finish({ tokens: 1 })])
  expect(ended).toHaveLength(1)
})
test('a settlement that fails is tried again', async () => {
  let tries = 0
  const fixture = setupDesk({
    endJob: async () => {
      tries += 1
      if (tries < 3) throw new Error('D1 is away')
      return { ok: true }
    },
  })
  const { runner, reader, started } = await setupChat(fixture)
  runner.say('one')
  await started
  await runner.finish({ tokens: 1 })
  await fixture.advance(1_000)
  expect(tries).toBe(3)
  expect(reader.end()).toMatchObject({ finish: 'stop' })
})
test('jobs wait in order, with an honest place, and begin when a slot is free', async () => {
  const { fixture, runner, started, desk, running } = await setupChat()
  const readers = [setupReader(), setupReader()]
  const jobs = readers.map(() => fixture.makeJob())
  for (const [index, job] of jobs.entries()) {
    expect(await startJob(desk, job, readers[index]?.sink ?? setupReader().sink)).toMatchObject({ ok: true })
  }
  expect(readers[1]?.frames).toMatchObject([{ type: 'job' }, { type: 'queued', place: 2, waitSeconds: 16 }])
  runner.say('one')
  await started
  await runner.finish({ tokens: 1 })
  expect(runner.offer().jobId).toBe(jobs[0]?.jobId)
  await settleDown()
  expect(running).toEqual([jobs[0]?.jobId])
  runner.say('two')
  await runner.finish({ tokens: 1 })
  expect(runner.offer().jobId).toBe(jobs[1]?.jobId)
  expect(readers[0]?.text()).toBe('two')
})
test('a full queue refuses and says when to come again', async () => {
  const { desk, makeJob } = await setupChat()
  for (let index = 0; index < 256; index++) await startJob(desk, makeJob(), setupReader().sink)
  expect(await startJob(desk, makeJob(), setupReader().sink)).toEqual({
    ok: false,
    reason: 'queue-full',
    retryAfterSeconds: 2048,
  })
})
test('a job that waited too long fails without a charge', async () => {
  const { desk, makeJob, ended, advance, runner, started } = await setupChat()
  const reader = setupReader()
  await startJob(desk, makeJob(), reader.sink)
  for (let index = 0; index < 13; index++) {
    runner.say('still busy')
    await advance(10_000)
  }
  await started
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'no-runner' })
  expect(ended).toMatchObject([{ state: 'failed', charge: 0n }])
})
test("a caller's maximum price is never exceeded, also when the runner changes", async () => {
  const fixture = setupDesk()
  const dear = await setupRunner(fixture, { ask: { input: 20_000_000, output: 60_000_001 } })
  const maxPrice = { output: nano(60_000_000n) }
  const job = fixture.makeJob({ maxPrice })
  expect(await startJob(fixture.desk, job, setupReader().sink)).toEqual({
    ok: false,
    reason: 'price-too-low',
    param: 'max_price',
  })
  const fair = await setupRunner(fixture)
  const reader = setupReader()
  const started = startJob(fixture.desk, fixture.makeJob({ maxPrice }), reader.sink)
  await settleDown()
  fair.say('one')
  await started
  linkDown(fixture.desk, fair.facts.linkId)
  await fixture.advance(60_000)
  expect(dear.offers()).toBe(0)
  expect(reader.end()).toMatchObject({ finish: 'failed' })
})
test('what no engine can do is refused by the name of its field', async () => {
  const fixture = setupDesk()
  await setupRunner(fixture)
  const job = fixture.makeJob({ needs: [{ feature: 'tools', param: 'tools' }] })
  expect(await startJob(fixture.desk, job, setupReader().sink)).toEqual({
    ok: false,
    reason: 'unsupported',
    param: 'tools',
  })
  const able = await setupRunner(fixture, { features: ['tools'] })
  void startJob(fixture.desk, job, setupReader().sink)
  await settleDown()
  expect(able.offers()).toBe(1)
})
test('a conversation stays with its runner while that is free', async () => {
  const fixture = setupDesk()
  const runners = [await setupRunner(fixture, { slots: 8 }), await setupRunner(fixture, { slots: 8 })]
  for (let turn = 0; turn < 4; turn++) {
    void startJob(fixture.desk, fixture.makeJob({ conversation: 'c' }), setupReader().sink)
    await settleDown()
  }
  expect(runners.map((runner) => runner.offers()).toSorted()).toEqual([0, 4])
})
test('a runner that is leaving gets nothing new and finishes what it has', async () => {
  const { fixture, runner, reader, started, desk } = await setupChat()
  receiveFrame(desk, runner.facts.linkId, { type: 'bye' })
  receiveFrame(desk, runner.facts.linkId, { type: 'slots', freeSlots: 1, tokensPerSecond: 1 })
  runner.say('one')
  await started
  await runner.finish({ tokens: 1 })
  expect(reader.end()).toMatchObject({ finish: 'stop' })
  receiveFrame(desk, runner.facts.linkId, { type: 'slots', freeSlots: 1, tokensPerSecond: 1 })
  expect(desk.book.size()).toBe(0)
  void startJob(desk, fixture.makeJob(), setupReader().sink)
  await settleDown()
  expect(runner.offers()).toBe(1)
})
