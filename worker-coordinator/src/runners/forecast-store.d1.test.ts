import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { readEarningsByModel } from './forecast-store.ts'
import { closePresence, openPresence } from './presence-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Each test has its own days. */
let now = Date.UTC(2026, 10, 22, 12)

beforeEach(async () => {
  now += 100 * DAY_MS
  await env.DB.prepare('DELETE FROM runner_presence').run()
})

async function setup() {
  const payer = await ledger.setupUser(1_000_000n)
  const runner = await ledger.setupRunner(await ledger.setupUser())
  const { runnerId } = runner
  return {
    runnerId,
    open: (fromMs: number, model = 'm') =>
      openPresence(db, { runnerId, model, fromMs, device: 'cpu', region: null }),
    close: (fromMs: number, toMs: number, model = 'm') =>
      closePresence(db, { runnerId, model, fromMs, toMs }),
    run: (amount: bigint, atMs: number, model = 'm', fee = 0n) =>
      ledger.runJob({ accountId: payer, runner, amount, fee, atMs, model }),
    limitTo: (audience: 'own') =>
      env.DB.prepare('UPDATE runners SET audience = ? WHERE id = ?').bind(audience, runnerId).run(),
  }
}
const read = (transfersMax?: number) =>
  readEarningsByModel(db, {
    fromMs: now - DAY_MS,
    toMs: now,
    ...(transfersMax === undefined ? {} : { transfersMax }),
  })

test('what runners earned stands beside how long they were connected, by model', async () => {
  const a = await setup()
  const b = await setup()
  await a.open(now - 2 * HOUR_MS)
  await b.close(now - 5 * HOUR_MS, now - 4 * HOUR_MS)
  await b.close(now - 3 * HOUR_MS, now - 2 * HOUR_MS)
  await b.open(now - HOUR_MS, 'n')
  await a.run(100n, now - HOUR_MS, 'm', 5n)
  await b.run(50n, now - 3 * HOUR_MS)
  await b.run(7n, now - HOUR_MS / 2, 'n')
  expect(await read()).toEqual({
    models: [
      { model: 'm', runners: 2, connectedMs: 4 * HOUR_MS, earned: 145n },
      { model: 'n', runners: 1, connectedMs: HOUR_MS, earned: 7n },
    ],
    fromMs: now - DAY_MS,
    toMs: now,
  })
})
test('only the last day counts, of links and of jobs', async () => {
  const { open, close, run } = await setup()
  await close(now - 60 * HOUR_MS, now - 30 * HOUR_MS)
  await open(now - 30 * HOUR_MS)
  await run(9n, now - 25 * HOUR_MS)
  await run(3n, now - 23 * HOUR_MS)
  expect((await read()).models).toEqual([{ model: 'm', runners: 1, connectedMs: DAY_MS, earned: 3n }])
})
test('a runner that is not for everybody counts neither with its hours nor with its earnings', async () => {
  const shared = await setup()
  const own = await setup()
  for (const { open, run } of [shared, own]) {
    await open(now - HOUR_MS)
    await run(5n, now - HOUR_MS)
  }
  await own.limitTo('own')
  expect((await read()).models).toEqual([{ model: 'm', runners: 1, connectedMs: HOUR_MS, earned: 5n }])
})
test('a model that was connected and earned nothing is there with nothing', async () => {
  const { open } = await setup()
  await open(now - HOUR_MS, 'idle')
  expect((await read()).models).toEqual([{ model: 'idle', runners: 1, connectedMs: HOUR_MS, earned: 0n }])
})
test('on a busy network it covers less than a day, and says from when', async () => {
  const { open, run } = await setup()
  await open(now - 20 * HOUR_MS)
  for (let hour = 10; hour >= 1; hour--) await run(10n, now - hour * HOUR_MS)
  expect(await read(4)).toEqual({
    models: [{ model: 'm', runners: 1, connectedMs: 4 * HOUR_MS, earned: 40n }],
    fromMs: now - 4 * HOUR_MS,
    toMs: now,
  })
})
