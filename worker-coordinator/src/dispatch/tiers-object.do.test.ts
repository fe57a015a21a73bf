import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { createAppDeps } from '../app-deps.ts'
import { createDeps } from '../deps.ts'
import { findLedgerFaults } from '../ledger/ledger.ts'
import { connectDb, readLedgerAudit } from '../ledger/ledger-store.ts'
import { setupAccount, setupSocketRunner } from './workerd-fixture.ts'

type App = ReturnType<typeof createApp>
type Runner = Awaited<ReturnType<typeof setupSocketRunner>>
type Link = Awaited<ReturnType<Runner['open']>>

/** A model name per test: each has its own object. */
function setupApp(of: Cloudflare.Env = env) {
  // A fresh env: what an isolate remembers of one test is not there in the next.
  const fresh = new Proxy(of, {})
  return { app: createApp(createAppDeps(fresh)), deps: createDeps(fresh) }
}

async function sessionOf(deps: ReturnType<typeof createDeps>, accountId: number) {
  const { token } = await deps.signSession({ accountId, telegramId: accountId })
  return `Bearer ${token}`
}

async function setupKey(deps: ReturnType<typeof createDeps>, accountId: number) {
  const key = await deps.createApiKey({ accountId, name: 'test', limitDay: null, limitMonth: null })
  if (!key.ok) throw new Error(key.reason)
  return `Bearer ${key.key}`
}

function call(app: App, authorization: string, method: string, path: string, body?: unknown) {
  return app.request(`http://x${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

function chat(app: App, authorization: string, fields: object, headers: Record<string, string> = {}) {
  return app.request('http://x/v1/chat/completions', {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...fields }),
  })
}

async function refusalOf(reply: Response | Promise<Response>) {
  const response = await reply
  const body = (await response.json()) as { readonly error?: { readonly code: string } }
  return [response.status, body.error?.code]
}

/** Answers the next offer, and gives what the caller got. */
async function answerNext(runner: Runner, link: Link, reply: Response | Promise<Response>) {
  const offer = await link.next('job.offer')
  await runner.answer(link, offer, 'Hello.')
  const text = await (await reply).text()
  expect(text).toContain('Hello.')
  return { offer, text }
}

const offersOf = (link: Link) => link.frames.filter(({ type }) => type === 'job.offer').length

test('whose jobs a runner takes changes on its live link, at once and without reconnecting', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('audience')
  const link = await runner.open()
  await link.next('welcome')
  const owner = await sessionOf(deps, runner.accountId)
  const stranger = await setupKey(deps, await setupAccount())
  await answerNext(runner, link, chat(app, stranger, { model: 'audience' }))

  const path = `/v1/runners/${runner.runnerId}`
  expect((await call(app, owner, 'PATCH', path, { audience: 'own' })).status).toBe(200)
  expect(await refusalOf(chat(app, stranger, { model: 'audience' }))).toEqual([503, 'no_runner'])
  expect(await refusalOf(chat(app, stranger, { model: 'audience', tier: 'own' }))).toEqual([
    503,
    'no_own_runner',
  ])
  await answerNext(runner, link, chat(app, owner, { model: 'audience', tier: 'own' }))

  expect((await call(app, owner, 'PATCH', path, { audience: 'everyone' })).status).toBe(200)
  await answerNext(runner, link, chat(app, stranger, { model: 'audience' }))
  expect(link.closed).toEqual([])
  expect(offersOf(link)).toBe(0)
})
test('a runner is found at once by who may, also when it linked a moment before', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('just-linked')
  // Figures of a moment ago are remembered; the change must not go by them.
  await deps.listModels()
  const link = await runner.open()
  await link.next('welcome')
  const owner = await sessionOf(deps, runner.accountId)
  await call(app, owner, 'PATCH', `/v1/runners/${runner.runnerId}`, { audience: 'own' })
  const stranger = await setupKey(deps, await setupAccount())
  expect(await refusalOf(chat(app, stranger, { model: 'just-linked' }))).toEqual([503, 'no_runner'])
})
test('what its owner decides while a runner is greeted is in force when its link stands', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('greeted')
  const owner = await sessionOf(deps, runner.accountId)
  const path = `/v1/runners/${runner.runnerId}`
  for (let round = 0; round < 10; round++) {
    const audience = round % 2 === 0 ? 'own' : 'everyone'
    const link = await runner.connect()
    const { nonce } = await link.next('challenge')
    link.send(await runner.makeHello(nonce))
    // Later and later into the greeting.
    for (let turn = 0; turn < round; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
    expect((await call(app, owner, 'PATCH', path, { audience })).status).toBe(200)
    await link.next('welcome')
    expect(await runner.stub.snapshot(), `round ${round}`).toMatchObject({
      runners: audience === 'own' ? 0 : 1,
      runnerIds: [runner.runnerId],
    })
  }
})
test('a member of a group gets its runner until the group ends, and a stranger never does', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('shared')
  const link = await runner.open()
  await link.next('welcome')
  const owner = await sessionOf(deps, runner.accountId)
  const member = await sessionOf(deps, await setupAccount(0n))
  const stranger = await sessionOf(deps, await setupAccount(0n))
  const made = await call(app, owner, 'POST', '/v1/groups', { name: 'family' })
  const group = (await made.json()) as { readonly id: string; readonly invitation: string }
  const path = `/v1/runners/${runner.runnerId}`
  const foreign = await call(app, owner, 'PATCH', path, { audience: 'group', group_id: 'grp_none' })
  expect(await refusalOf(foreign)).toEqual([404, 'group_not_found'])
  const shared = await call(app, owner, 'PATCH', path, { audience: 'group', group_id: group.id })
  expect(shared.status).toBe(200)

  const own = { model: 'shared', tier: 'own' }
  expect(await refusalOf(chat(app, member, own))).toEqual([503, 'no_own_runner'])
  expect((await call(app, member, 'POST', '/v1/groups/join', { code: group.invitation })).status).toBe(200)
  await answerNext(runner, link, chat(app, member, own))
  await answerNext(runner, link, chat(app, owner, own))
  expect(await refusalOf(chat(app, stranger, own))).toEqual([503, 'no_own_runner'])
  expect(await refusalOf(chat(app, member, { model: 'shared' }))).toEqual([503, 'no_runner'])

  expect((await call(app, owner, 'DELETE', `/v1/groups/${group.id}`)).status).toBe(200)
  expect(await refusalOf(chat(app, member, own))).toEqual([503, 'no_own_runner'])
  await answerNext(runner, link, chat(app, owner, own))
  expect(await runner.stub.snapshot()).toMatchObject({
    runners: 0,
    groupIds: [],
    privateRunnerIds: [runner.runnerId],
  })
})
test('an owner who is deleted leaves no link standing, and what others shared with the group is theirs again', async () => {
  const { app, deps } = setupApp()
  const theirs = await setupSocketRunner('left-behind')
  const owners = await setupSocketRunner('left-behind')
  const [link, gone] = [await theirs.open(), await owners.open()]
  await Promise.all([link.next('welcome'), gone.next('welcome')])
  const owner = await sessionOf(deps, owners.accountId)
  const member = await sessionOf(deps, theirs.accountId)
  const made = await call(app, owner, 'POST', '/v1/groups', { name: 'family' })
  const group = (await made.json()) as { readonly id: string; readonly invitation: string }
  await call(app, member, 'POST', '/v1/groups/join', { code: group.invitation })
  const share = { audience: 'group', group_id: group.id }
  await call(app, member, 'PATCH', `/v1/runners/${theirs.runnerId}`, share)
  expect(await theirs.stub.snapshot()).toMatchObject({ groupIds: [group.id] })
  await deps.deleteAccount(owners.accountId)
  expect(await gone.next('refused')).toMatchObject({ reason: 'unknown-runner' })
  expect(await theirs.stub.snapshot()).toMatchObject({ groupIds: [], privateRunnerIds: [theirs.runnerId] })
  expect(link.closed).toEqual([])
})
test('an object that slept still knows whose jobs each runner takes', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('slept')
  const owner = await sessionOf(deps, runner.accountId)
  const made = await call(app, owner, 'POST', '/v1/groups', { name: 'x'.repeat(64) })
  const group = (await made.json()) as { readonly id: string; readonly invitation: string }
  const link = await runner.open({
    // As long as a hello may be: all of it must fit into what survives.
    device: '🐛'.repeat(32),
    features: Array.from({ length: 1000 }, () => 'response_format' as const),
    ask: { input: 10 ** 12, output: 10 ** 12 },
    contextTokens: 10_000_000,
    slots: 1024,
  })
  await link.next('welcome')
  const share = { audience: 'group', group_id: group.id }
  await call(app, owner, 'PATCH', `/v1/runners/${runner.runnerId}`, share)
  await evictDurableObject(runner.stub, { webSockets: 'hibernate' })
  const member = await sessionOf(deps, await setupAccount(0n))
  expect(await refusalOf(chat(app, member, { model: 'slept', tier: 'own' }))).toEqual([503, 'no_own_runner'])
  await call(app, member, 'POST', '/v1/groups/join', { code: group.invitation })
  await answerNext(runner, link, chat(app, member, { model: 'slept', tier: 'own' }))
})
test('an own chat needs no balance and moves no money, whatever its runner asks', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('free')
  const link = await runner.open({ ask: { input: 10 ** 12, output: 10 ** 12 } })
  await link.next('welcome')
  const movesOf = async () =>
    (await env.DB.prepare('SELECT COUNT(*) AS count FROM ledger_transfers').first<{ count: number }>())?.count
  // Its owner has nothing at all.
  const poor = await setupAccount(0n)
  await env.DB.prepare('UPDATE runners SET account_id = ? WHERE id = ?').bind(poor, runner.runnerId).run()
  await runner.stub.reloadAudiences([runner.runnerId])
  const again = await runner.open({ ask: { input: 10 ** 12, output: 10 ** 12 } })
  await again.next('welcome')
  const key = await setupKey(deps, poor)
  expect(await refusalOf(chat(app, key, { model: 'free' }))).toEqual([402, 'insufficient_quota'])
  await again.next('job.offer')
  const before = await movesOf()
  const { offer, text } = await answerNext(runner, again, chat(app, key, { model: 'free', tier: 'own' }))
  expect(offer.price).toEqual({ input: 0, output: 0 })
  expect(JSON.parse(text)).toMatchObject({ usage: { cost_nano: 0 } })
  expect(await again.next('job.paid')).toMatchObject({ earnedNano: 0, reason: 'free' })
  const row = await env.DB.prepare('SELECT * FROM jobs WHERE id = ?').bind(offer.jobId).first()
  expect(row).toMatchObject({ tier: 'own', state: 'done', hold: 0, charge: 0, price_input: 0 })
  expect(await movesOf()).toBe(before)
  expect(await deps.readBalance(poor)).toEqual({ available: 0n, held: 0n })
  expect(findLedgerFaults(await readLedgerAudit(connectDb(env.DB)))).toEqual([])
})
test('a confidential chat is refused by name, and never served in another tier', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('secret')
  const link = await runner.open()
  await link.next('welcome')
  const owner = await sessionOf(deps, runner.accountId)
  const reply = await chat(app, owner, { model: 'secret', tier: 'confidential' })
  expect(reply.status).toBe(503)
  expect(await reply.json()).toMatchObject({ error: { code: 'no_runner' } })
  expect(await refusalOf(chat(app, owner, { model: 'secret', tier: 'Open' }))).toEqual([400, 'invalid_value'])
  expect(offersOf(link)).toBe(0)
})
test('a private runner is no supply for anybody else, and is a choice for its owner', async () => {
  const { app, deps } = setupApp()
  const runner = await setupSocketRunner('hidden')
  const link = await runner.open({ slots: 3 })
  await link.next('welcome')
  const owner = await sessionOf(deps, runner.accountId)
  await call(app, owner, 'PATCH', `/v1/runners/${runner.runnerId}`, { audience: 'own' })
  const shown = setupApp().app
  const jsonOf = async (path: string, authorization: string) =>
    (await (await call(shown, authorization, 'GET', path)).json()) as { data: never[]; models: never[] }
  const stranger = await sessionOf(deps, await setupAccount())
  const network = await jsonOf('/v1/network', stranger)
  expect(network.models.find(({ id }) => id === 'hidden')).toMatchObject({
    runners: 0,
    slots: 0,
    free_slots: 0,
    price_nano_per_million: null,
  })
  const listed = await jsonOf('/v1/models', stranger)
  expect(listed.data.find(({ id }) => id === 'hidden')).toMatchObject({
    sharnaqa: { online_runners: 0, price_nano: null },
  })
  const choiceOf = async (authorization: string) =>
    (await jsonOf('/v1/choices', authorization)).data.find(({ model }) => model === 'hidden')
  expect(await choiceOf(stranger)).toBeUndefined()
  expect(await choiceOf(owner)).toMatchObject({
    kind: 'chat',
    tiers: [{ tier: 'own', runners: 1, free_slots: 3, price: { input: '0', output: '0' } }],
  })
  const mine = await jsonOf('/v1/runners', owner)
  expect(mine.data).toMatchObject([{ id: runner.runnerId, online: true, models: ['hidden'] }])
})
test('an open chat costs no query of the Worker and one request, and an own one a query more', async () => {
  const counts = { queries: 0, requests: 0 }
  const counting = new Proxy(env, {
    get: (target, name) => {
      if (name === 'DB') {
        return new Proxy(target.DB, {
          get: (db, method) => {
            if (method === 'prepare') counts.queries += 1
            const value: unknown = Reflect.get(db, method)
            return typeof value === 'function' ? value.bind(db) : value
          },
        })
      }
      if (name !== 'DISPATCH') return Reflect.get(target, name)
      return {
        getByName: (objectName: string) => {
          counts.requests += 1
          return target.DISPATCH.getByName(objectName)
        },
      }
    },
  })
  const { app, deps } = setupApp(counting)
  const runner = await setupSocketRunner('cheap')
  const link = await runner.open()
  await link.next('welcome')
  const key = await setupKey(deps, runner.accountId)
  // The first chat looks its key and its model up.
  await answerNext(runner, link, chat(app, key, { model: 'cheap' }))
  const costOf = async (fields: object) => {
    counts.queries = 0
    counts.requests = 0
    await answerNext(runner, link, chat(app, key, { model: 'cheap', ...fields }))
    return { ...counts }
  }
  expect(await costOf({})).toEqual({ queries: 0, requests: 1 })
  expect(await costOf({ stream: true })).toEqual({ queries: 0, requests: 1 })
  expect(await costOf({ tier: 'own' })).toEqual({ queries: 1, requests: 1 })
})
