import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { type AnswerFrame, answerFrameSchema } from '../../../protocol/src/answer.ts'
import { nano } from '../../../protocol/src/money.ts'
import { createApp } from '../app.ts'
import { createAppDeps } from '../app-deps.ts'
import { createDeps } from '../deps.ts'
import { openJob, readJob } from '../jobs/job-store.ts'
import { findLedgerFaults } from '../ledger/ledger.ts'
import { connectDb, readLedgerAudit } from '../ledger/ledger-store.ts'
import { readFrames } from './read-frames.ts'
import { makeChat, setupAccount, setupSocketRunner } from './workerd-fixture.ts'

async function readAnswer(body: ReadableStream<Uint8Array>): Promise<AnswerFrame[]> {
  const all: AnswerFrame[] = []
  const frames = readFrames(body, (value) => answerFrameSchema.parse(value))
  for await (const frame of frames as unknown as AsyncIterable<AnswerFrame>) all.push(frame)
  return all
}

test('a chat goes over a real socket and a real database, and the books are in order', async () => {
  const runner = await setupSocketRunner('whole')
  const link = await runner.open()
  await link.next('welcome')
  const accountId = await setupAccount()
  const started = runner.stub.runChat(makeChat(accountId, 'whole'), { kind: 'frames' })
  await runner.answer(link, await link.next('job.offer'), 'Hello.')
  const result = await started
  if (!result.ok) throw new Error(result.reason)
  const frames = await readAnswer(result.body)
  expect(frames.map(({ type }) => type)).toEqual(['job', 'delta', 'end'])
  expect(frames.at(-1)).toMatchObject({ usage: { costNano: '4', promptTokens: 3, completionTokens: 1 } })
  expect(await link.next('job.paid')).toMatchObject({ earnedNano: 4 })
  expect(findLedgerFaults(await readLedgerAudit(connectDb(env.DB)))).toEqual([])
})
test('an object that slept knows its runners and answers the next chat', async () => {
  const runner = await setupSocketRunner('sleepy')
  const link = await runner.open()
  await link.next('welcome')
  await evictDurableObject(runner.stub, { webSockets: 'hibernate' })
  expect(await runner.stub.snapshot()).toMatchObject({ runners: 1, freeSlots: 2 })
  const started = runner.stub.runChat(makeChat(await setupAccount(), 'sleepy'), { kind: 'frames' })
  await runner.answer(link, await link.next('job.offer'), 'Awake.')
  expect(await started).toMatchObject({ ok: true })
})
test('an object that starts afresh ends the jobs that an earlier one left, and charges nothing', async () => {
  const accountId = await setupAccount()
  const job = makeChat(accountId, 'orphaned')
  const db = connectDb(env.DB)
  const price = { input: nano(1n), output: nano(1n) }
  await openJob(db, { job, shard: 0, state: 'running', price, hold: nano(50n), nowMs: Date.now() })
  // The object looks at jobs from before its own start.
  await new Promise((resolve) => setTimeout(resolve, 5))
  await env.DISPATCH.getByName('orphaned:0').snapshot()
  await expect.poll(async () => (await readJob(db, job.jobId, accountId))?.state).toBe('failed')
  expect(await readJob(db, job.jobId, accountId)).toMatchObject({
    reason: 'coordinator-restarted',
    charge: 0n,
  })
  expect(findLedgerFaults(await readLedgerAudit(db))).toEqual([])
})
test.each([
  ['no JSON', 'hello'],
  ['JSON of another shape', '{"type":"job.delta"}'],
  ['a frame over the bound', `{"type":"bye","pad":"${'x'.repeat(1_000_001)}"}`],
])('%s ends the link with a sentence, and its job goes to another runner', async (_, rubbish) => {
  const model = `rubbish-${rubbish.length}`
  const first = await setupSocketRunner(model)
  const link = await first.open({ slots: 1 })
  await link.next('welcome')
  const started = first.stub.runChat(makeChat(await setupAccount(), model), { kind: 'frames' })
  await link.next('job.offer')
  const second = await setupSocketRunner(model)
  const other = await second.open()
  await other.next('welcome')
  link.socket.send(rubbish)
  expect(await link.next('refused')).toMatchObject({ reason: 'bad-frame', retry: true })
  await expect.poll(() => link.closed).toEqual([4001])
  await second.answer(other, await other.next('job.offer'), 'Hello.')
  expect(await started).toMatchObject({ ok: true })
})
test('an old protocol is refused with a sentence', async () => {
  const runner = await setupSocketRunner('old')
  const link = await runner.open({ protocol: 0 })
  expect(await link.next('refused')).toMatchObject({
    reason: 'protocol-too-old',
    retry: false,
    sentence: expect.stringContaining('Update'),
  })
  expect(await runner.stub.snapshot()).toMatchObject({ runners: 0 })
})
test('a hello that was signed for another link does not open this one', async () => {
  const runner = await setupSocketRunner('replayed')
  const first = await runner.connect()
  const { nonce } = await first.next('challenge')
  const hello = await runner.makeHello(nonce)
  const second = await runner.connect()
  await second.next('challenge')
  second.send(hello)
  expect(await second.next('refused')).toMatchObject({ reason: 'bad-signature' })
})
test('a runner that nobody paired reaches no object', async () => {
  const app = createApp(createAppDeps(env))
  const path = `/v1/runners/link?runner=run_${'0'.repeat(26)}&model=strange`
  const reply = await app.request(path, { headers: { upgrade: 'websocket' } })
  expect(reply.status).toBe(403)
  expect(
    await (
      await app.request('/v1/runners/link?runner=x&model=y', { headers: { upgrade: 'websocket' } })
    ).text(),
  ).toContain('?runner=')
  expect((await app.request(path)).status).toBe(426)
})
test('a frame before the hello ends the link', async () => {
  const runner = await setupSocketRunner('early')
  const link = await runner.connect()
  link.send({ type: 'slots', freeSlots: 1, tokensPerSecond: 1 })
  expect(await link.next('refused')).toMatchObject({ reason: 'bad-frame' })
})
test('a runner that links again takes the place of its older link', async () => {
  const runner = await setupSocketRunner('twice')
  const first = await runner.open()
  await first.next('welcome')
  const second = await runner.open()
  await second.next('welcome')
  expect(await first.next('refused')).toMatchObject({ reason: 'replaced' })
  expect(await runner.stub.snapshot()).toMatchObject({ runners: 1 })
})
test('a runner that its owner paused is told so and gets nothing more', async () => {
  const runner = await setupSocketRunner('paused')
  const link = await runner.open()
  await link.next('welcome')
  await runner.stub.closeRunner(runner.runnerId, 'paused')
  expect(await link.next('refused')).toMatchObject({ reason: 'paused', retry: true })
  expect(await runner.stub.snapshot()).toMatchObject({ runners: 0, price: undefined })
})
test('a caller that goes away stops its job', async () => {
  const runner = await setupSocketRunner('leaving')
  const link = await runner.open()
  await link.next('welcome')
  const accountId = await setupAccount()
  const job = makeChat(accountId, 'leaving')
  const started = runner.stub.runChat(job, { kind: 'frames' })
  const { jobId, attempt } = await link.next('job.offer')
  link.send({ type: 'job.delta', jobId, attempt, seq: 0, text: 'one', tokens: 1 })
  const result = await started
  if (!result.ok) throw new Error(result.reason)
  await result.body.cancel()
  expect(await link.next('job.cancel')).toMatchObject({ jobId })
  const db = connectDb(env.DB)
  await expect
    .poll(async () => (await readJob(db, jobId, accountId))?.state, { timeout: 5_000 })
    .toBe('stopped')
})
test("nobody stops another account's job", async () => {
  const runner = await setupSocketRunner('others')
  const link = await runner.open()
  await link.next('welcome')
  const accountId = await setupAccount()
  const started = runner.stub.runChat(makeChat(accountId, 'others'), { kind: 'frames' })
  const offer = await link.next('job.offer')
  await runner.stub.stopJob(offer.jobId, accountId + 1)
  await runner.answer(link, offer, 'Still here.')
  expect(await started).toMatchObject({ ok: true })
  expect(link.frames.filter(({ type }) => type === 'job.cancel')).toEqual([])
})
test('a chat over the API costs one request to a Durable Object', async () => {
  const runner = await setupSocketRunner('counted')
  const link = await runner.open()
  await link.next('welcome')
  let requests = 0
  const counting = new Proxy(env, {
    get: (target, name) =>
      name !== 'DISPATCH'
        ? Reflect.get(target, name)
        : {
            getByName: (objectName: string) => {
              requests += 1
              return target.DISPATCH.getByName(objectName)
            },
          },
  })
  const key = await createDeps(counting).createApiKey({
    accountId: await setupAccount(),
    name: 'test',
    limitDay: null,
    limitMonth: null,
  })
  if (!key.ok) throw new Error(key.reason)
  const app = createApp(createAppDeps(counting))
  for (let chat = 0; chat < 5; chat++) {
    const reply = app.request('http://x/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'counted', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    })
    await runner.answer(link, await link.next('job.offer'), 'Hello.')
    expect(await (await reply).text()).toContain('[DONE]')
  }
  expect(requests).toBe(5)
})
test('an object keeps neither prompts nor answers', async () => {
  const runner = await setupSocketRunner('private')
  const link = await runner.open()
  await link.next('welcome')
  const job = {
    ...makeChat(await setupAccount(), 'private'),
    messages: [{ role: 'user' as const, content: 'xyzzy-prompt' }],
  }
  const started = runner.stub.runChat(job, { kind: 'frames' })
  await runner.answer(link, await link.next('job.offer'), 'xyzzy-answer')
  const result = await started
  if (result.ok) await readAnswer(result.body)
  const row = await env.DB.prepare('SELECT * FROM jobs WHERE id = ?').bind(job.jobId).first()
  expect(row).toMatchObject({ state: 'done' })
  expect(JSON.stringify(row)).not.toContain('xyzzy')
  await runInDurableObject(runner.stub, async (_, { storage }) => {
    expect([...(await storage.list())]).toEqual([])
  })
})
test('a model in several shards is one model to its callers: whoever is free answers', async () => {
  const runner = await setupSocketRunner('sharded')
  const first = await runner.open()
  await first.next('welcome')
  await env.DB.prepare("UPDATE models SET shards = 2 WHERE id = 'sharded'").run()
  const deps = createDeps(new Proxy(env, {}))
  const accountId = await setupAccount()
  // The runner stands at shard 0; conversations of both shards reach it.
  for (let chat = 0; chat < 6; chat++) {
    const job = { ...makeChat(accountId, 'sharded'), conversation: `conversation-${chat}` }
    const started = deps.runChat(job, { kind: 'frames' })
    await runner.answer(first, await first.next('job.offer'), 'Hello.')
    const result = await started
    if (!result.ok) throw new Error(result.reason)
    expect((await readAnswer(result.body)).at(-1)).toMatchObject({ type: 'end', finish: 'stop' })
  }
  const [listed] = (await deps.listModels()).filter(({ model }) => model.id === 'sharded')
  expect(listed?.now).toMatchObject({ runners: 1, slots: 2 })
  expect(findLedgerFaults(await readLedgerAudit(connectDb(env.DB)))).toEqual([])
})
