import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { ASKS_MAX, deleteAsk, findAsk, listAsks, setAsk } from './ask-store.ts'
import { setRunnerState } from './runner-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const CHEAP = { input: 5, output: 10 }
const DEAR = { input: 1_000_000_000_000, output: 0 }

async function setup() {
  const accountId = await ledger.setupUser()
  const { runnerId } = await ledger.setupRunner(accountId)
  return { accountId, runnerId, own: { accountId, runnerId } }
}

test('an owner sets a price, changes it, and gives it back', async () => {
  const { accountId, runnerId, own } = await setup()
  expect(await findAsk(db, runnerId, 'm')).toBeUndefined()
  expect(await setAsk(db, own, { model: 'm', ask: CHEAP })).toEqual({ ok: true })
  expect(await setAsk(db, own, { model: 'org/n:7b', ask: CHEAP })).toEqual({ ok: true })
  expect(await setAsk(db, own, { model: 'm', ask: DEAR })).toEqual({ ok: true })
  expect(await setAsk(db, own, { model: 'm', ask: DEAR })).toEqual({ ok: true })
  expect(await findAsk(db, runnerId, 'm')).toEqual(DEAR)
  expect((await listAsks(db, accountId)).get(runnerId)).toEqual([
    { model: 'm', ask: DEAR },
    { model: 'org/n:7b', ask: CHEAP },
  ])
  expect(await deleteAsk(db, own, 'm')).toBe(true)
  expect(await deleteAsk(db, own, 'm')).toBe(true)
  expect(await findAsk(db, runnerId, 'm')).toBeUndefined()
  expect(await findAsk(db, runnerId, 'org/n:7b')).toEqual(CHEAP)
})
test("nobody sets or takes back a price of another's runner, nor of one that was removed", async () => {
  const { accountId, runnerId, own } = await setup()
  const stranger = { accountId: await ledger.setupUser(), runnerId }
  await setAsk(db, own, { model: 'm', ask: CHEAP })
  const notFound = { ok: false, reason: 'runner-not-found' }
  expect(await setAsk(db, stranger, { model: 'm', ask: DEAR })).toEqual(notFound)
  expect(await setAsk(db, stranger, { model: 'new', ask: DEAR })).toEqual(notFound)
  expect(await deleteAsk(db, stranger, 'm')).toBe(false)
  expect(await findAsk(db, runnerId, 'm')).toEqual(CHEAP)
  expect(await findAsk(db, runnerId, 'new')).toBeUndefined()
  expect((await listAsks(db, stranger.accountId)).size).toBe(0)
  await setRunnerState(db, own, 'removed')
  expect(await setAsk(db, own, { model: 'm', ask: DEAR })).toEqual(notFound)
  expect(await deleteAsk(db, own, 'm')).toBe(false)
  expect((await listAsks(db, accountId)).size).toBe(0)
})
test('a runner has a bounded number of prices, and those that stand can still change', async () => {
  const { runnerId, own } = await setup()
  const row = env.DB.prepare('INSERT INTO runner_asks VALUES (?, ?, 1, 1)')
  await env.DB.batch(Array.from({ length: ASKS_MAX }, (_, index) => row.bind(runnerId, `m${index}`)))
  expect(await setAsk(db, own, { model: 'one-more', ask: CHEAP })).toEqual({
    ok: false,
    reason: 'too-many-asks',
  })
  expect(await setAsk(db, own, { model: 'm0', ask: CHEAP })).toEqual({ ok: true })
  expect(await findAsk(db, runnerId, 'm0')).toEqual(CHEAP)
})
