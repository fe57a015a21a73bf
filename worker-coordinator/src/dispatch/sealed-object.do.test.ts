import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, test } from 'vitest'
import { createBotDeps } from '../bot-deps.ts'
import { findLedgerFaults } from '../ledger/ledger.ts'
import { connectDb, readLedgerAudit } from '../ledger/ledger-store.ts'
import {
  askOverHttp,
  publishTestPolicy,
  sealFor,
  setupCaller,
  setupSealingRunner,
} from './sealed-workerd-fixture.ts'

beforeAll(async () => {
  await publishTestPolicy()
})

test('a runner in a TEE is admitted, found, and answers what it alone can read', async () => {
  const runner = await setupSealingRunner('sealed-tee', 'tee')
  expect(runner.verdict).toMatchObject({ kind: 'tee', accepted: true })
  const caller = await setupCaller()
  const asking = askOverHttp(caller, { model: 'sealed-tee', tier: 'confidential', content: 'xyzzy-asked' })
  expect(await runner.answer('xyzzy answered')).toBe('xyzzy-asked')
  const asked = await asking
  expect(asked.faults).toEqual([])
  expect(asked).toMatchObject({ text: 'xyzzy answered', end: { type: 'end', finish: 'stop' } })
  // 5 tokens asked and 2 answered, at 1 nano each.
  expect(await caller.charges()).toMatchObject([
    { state: 'done', tier: 'confidential', kind: 'chat', charge: 7 },
  ])
  const dump = JSON.stringify((await env.DB.prepare('SELECT * FROM jobs').all()).results)
  expect(dump).toContain('sealed')
  expect(dump).not.toContain('xyzzy')
  expect(findLedgerFaults(await readLedgerAudit(connectDb(env.DB)))).toEqual([])
})

test("a person's own runner answers under the seal, for free", async () => {
  const runner = await setupSealingRunner('sealed-own', 'paired')
  expect(runner.verdict).toMatchObject({ kind: 'paired', accepted: true })
  const caller = await setupCaller(runner.accountId)
  const ask = { model: 'sealed-own', tier: 'own', content: 'mine' } as const
  const asking = askOverHttp(caller, ask, [runner.runnerId])
  expect(await runner.answer('Yours.')).toBe('mine')
  expect(await asking).toMatchObject({ text: 'Yours.', end: { finish: 'stop', usage: { costNano: '0' } } })
  const stranger = await askOverHttp(await setupCaller(), ask, [runner.runnerId])
  expect(stranger.end).toMatchObject({ type: 'refused', reason: 'no-own-runner' })
})

test('the same Idempotency-Key and body read the same answer again; another body is refused', async () => {
  const runner = await setupSealingRunner('sealed-again', 'tee')
  const caller = await setupCaller()
  const ticket = await sealFor(runner)
  const body = JSON.stringify({ model: 'sealed-again', ...ticket.envelope })
  const headers = { 'idempotency-key': 'once' }
  const ask = (text = body) => caller.call('/v1/sealed/chat', { method: 'POST', body: text, headers })
  const first = ask()
  await runner.answer('Once.')
  const [one, other] = [await first, await ask()]
  expect([one.status, one.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8'])
  expect(one.headers.get('x-sharnaqa-job')).toMatch(/^job_/)
  expect(other.headers.get('x-sharnaqa-job')).toBe(one.headers.get('x-sharnaqa-job'))
  const text = await one.text()
  expect(await other.text()).toBe(text)
  expect(text.match(/"type":"chunk"/g)).toHaveLength(3)
  expect(await caller.charges()).toHaveLength(1)
  const changed = await ask(JSON.stringify({ model: 'sealed-again', ...(await sealFor(runner)).envelope }))
  expect(changed.status).toBe(409)
})

test('keys outlive the sleep of their object', async () => {
  const runner = await setupSealingRunner('sealed-sleep', 'tee')
  await evictDurableObject(runner.stub)
  const asking = askOverHttp(await setupCaller(), {
    model: 'sealed-sleep',
    tier: 'confidential',
    content: 'Awake?',
  })
  expect(await runner.answer('Awake.')).toBe('Awake?')
  expect(await asking).toMatchObject({ text: 'Awake.' })
})

test('the plain API seals for its caller: one answer as JSON, one as a stream, both said to be simulated', async () => {
  const runner = await setupSealingRunner('sealed-edge', 'tee')
  const caller = await setupCaller()
  const ask = (fields: object, headers = {}) =>
    caller.call('/v1/chat/completions', {
      method: 'POST',
      headers,
      body: JSON.stringify({
        model: 'sealed-edge',
        tier: 'confidential',
        messages: [{ role: 'user', content: 'plain' }],
        max_tokens: 32,
        ...fields,
      }),
    })
  const json = ask({})
  expect(await runner.answer('In one.')).toBe('plain')
  const reply = await json
  const body = await reply.json<{ id: string; usage: object; choices: { message: object }[] }>()
  const jobId = reply.headers.get('x-sharnaqa-job')
  expect(reply.headers.get('x-sharnaqa-simulated')).toBe('true')
  expect(body).toMatchObject({
    id: `chatcmpl-${jobId}`,
    usage: { prompt_tokens: 5, completion_tokens: 2, cost_nano: 7 },
    choices: [{ message: { content: 'In one.' }, finish_reason: 'stop' }],
  })
  const stream = ask({ stream: true })
  await runner.answer('Piece by piece.')
  const text = await (await stream).text()
  expect(text).toContain('Piece by piece.')
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(await caller.charges()).toMatchObject([
    { id: jobId, tier: 'confidential', state: 'done' },
    { tier: 'confidential', state: 'done' },
  ])
  const receipts = await (await caller.call(`/v1/jobs/${jobId}`)).json()
  expect(receipts).toMatchObject({
    receipts: [{ version: 2, runnerId: runner.sealer.runnerId }],
    runner_keys: { [runner.sealer.runnerId]: expect.stringMatching(/^[\w-]{43}$/) },
  })
  expect((await ask({}, { 'idempotency-key': 'k' })).status).toBe(400)
  expect((await ask({ linger_seconds: 9 })).status).toBe(400)
})

test('a caller of the plain API that hangs up stops the sealed job', async () => {
  const runner = await setupSealingRunner('sealed-left', 'tee')
  const caller = await setupCaller()
  const asking = caller.call('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({
      model: 'sealed-left',
      tier: 'confidential',
      stream: true,
      messages: [{ role: 'user', content: 'plain' }],
    }),
  })
  const opened = await runner.open(await runner.link.next('job.offer'))
  await opened.begin()
  await opened.say('One')
  const reader = (await asking).body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await runner.link.next('job.cancel')
  await opened.finish(1, { status: 'stopped' })
  await expect.poll(caller.charges).toMatchObject([{ state: 'stopped', charge: 6 }])
})

test('the bot asks under the seal, too, and hears in one word that nobody serves it', async () => {
  const runner = await setupSealingRunner('sealed-bot', 'tee')
  const { accountId } = await setupCaller()
  const bot = createBotDeps(new Proxy(env, {}))
  const order = {
    accountId,
    conversation: 'c',
    tier: 'confidential',
    messages: [{ role: 'user', content: 'from the bot' }],
  } as const
  const asking = bot.startAnswer({ ...order, model: 'sealed-bot' })
  expect(await runner.answer('To the bot.')).toBe('from the bot')
  const frames = await Array.fromAsync(await asking)
  expect(frames.map(({ type }) => type)).toEqual(['job', 'delta', 'end'])
  const offers = await bot.listModels()
  expect(offers.filter(({ id }) => id === 'sealed-bot')).toMatchObject([
    { tier: 'open' },
    { tier: 'confidential', isSimulated: true, freeSlots: 2 },
  ])
  runner.link.socket.close()
  await expect
    .poll(async () => Array.fromAsync(await bot.startAnswer({ ...order, model: 'sealed-bot' })))
    .toMatchObject([{ type: 'refused', reason: 'no-runner' }])
})

test('choices name the tier confidential, with its lowest price, where a TEE serves it', async () => {
  await setupSealingRunner('sealed-choice', 'tee')
  const choices = await (await (await setupCaller()).call('/v1/choices')).json<{
    data: { model: string }[]
  }>()
  expect(choices.data.find(({ model }) => model === 'sealed-choice')).toMatchObject({
    tiers: [
      { tier: 'open' },
      { tier: 'confidential', runners: 1, free_slots: 2, price: { input: '1000000', output: '1000000' } },
    ],
  })
})

test('what no client makes is refused before a runner is bothered', async () => {
  const runner = await setupSealingRunner('sealed-wrong', 'tee')
  await setupSealingRunner('sealed-wronger', 'tee')
  const caller = await setupCaller()
  const { envelope } = await sealFor(runner)
  const codeOf = async (body: object) => {
    const reply = await caller.call('/v1/sealed/chat', { method: 'POST', body: JSON.stringify(body) })
    const { error } = await reply.json<{ error: { code: string } }>()
    return [reply.status, error.code]
  }
  expect(await codeOf({ model: 'sealed-wrong' })).toEqual([400, 'sealed_malformed'])
  expect(await codeOf({ model: 'sealed-wrong', ...envelope, tier: 'open' })).toEqual([
    400,
    'sealed_malformed',
  ])
  expect(await codeOf({ model: 'nowhere', ...envelope })).toEqual([404, 'model_not_found'])
  expect(await codeOf({ model: 'sealed-wronger', ...envelope })).toEqual([409, 'sealed_model'])
  const old = await sealFor(runner, Date.now() - 121_000)
  expect(await codeOf({ model: 'sealed-wrong', ...old.envelope })).toEqual([400, 'sealed_too_old'])
  const anybody = await caller.app.request('http://x/v1/sealed/chat', { method: 'POST', body: '{}' })
  expect(anybody.status).toBe(401)
  expect(runner.link.frames).toEqual([])
})

test('a runner that a newer policy revokes gets no sealed job', async () => {
  const runner = await setupSealingRunner('sealed-revoked', 'tee')
  const caller = await setupCaller()
  const read = () => caller.call('/v1/sealed/directory?model=sealed-revoked&tier=confidential')
  const ask = { model: 'sealed-revoked', tier: 'confidential', content: 'hi' } as const
  const ticket = await sealFor(runner)
  expect((await read()).status).toBe(200)
  await publishTestPolicy({
    seq: 2,
    revoked: { runners: [runner.sealer.runnerId], platforms: [], certificates: [] },
  })
  // An object that just woke has read no policy: one that is awake looks within 30 seconds.
  await evictDurableObject(runner.stub)
  const sealed = await caller.call('/v1/sealed/chat', {
    method: 'POST',
    body: JSON.stringify({ model: 'sealed-revoked', ...ticket.envelope }),
  })
  expect(sealed.status).toBe(503)
  const fresh = await setupCaller()
  expect((await askOverHttp(fresh, ask)).end).toMatchObject({ type: 'refused', reason: 'no-runner' })
  expect(runner.link.frames).toEqual([])
})
