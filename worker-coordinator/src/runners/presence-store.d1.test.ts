import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { beforeEach, expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { SUMMED_BEHIND_MS } from '../billing/sum-usage.ts'
import { sumWindow } from '../billing/sum-usage-store.ts'
import { readCursor } from '../ledger/job-window-store.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import {
  closePresence,
  deletePresence,
  listOpenPresence,
  listPresence,
  openPresence,
  readLastMinute,
  repairPresence,
} from './presence-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const HOUR_MS = 3_600_000
/** Each test has its own days, since the cursor only grows. */
let now = Date.UTC(2026, 10, 22, 12)

beforeEach(async () => {
  now += 100 * 24 * HOUR_MS
  await env.DB.prepare('DELETE FROM runner_presence').run()
})

async function setup() {
  const accountId = await ledger.setupUser()
  const { runnerId } = await ledger.setupRunner(accountId)
  const open = (fromMs: number, model = 'm', region: string | null = 'EU') =>
    openPresence(db, { runnerId, model, fromMs, device: 'cuda', region })
  const close = (fromMs: number, toMs: number, model = 'm') =>
    closePresence(db, { runnerId, model, fromMs, toMs })
  const spans = () => listPresence(db, { runnerId, sinceMs: 0, limit: 100 })
  const runner = () =>
    env.DB.prepare('SELECT device, region, last_seen_at FROM runners WHERE id = ?').bind(runnerId).first()
  return { runnerId, open, close, spans, runner }
}
/** The clock's minute: figures are summed. */
async function tick(ms: number) {
  const from = await readCursor(db, 'summed')
  expect(await sumWindow(db, { from, to: firstJobIdAt(ms - SUMMED_BEHIND_MS) })).toBe(true)
}

test('a link that stands is a row, with what its runner said of the machine', async () => {
  const { open, spans, runner } = await setup()
  await open(now)
  expect(await spans()).toEqual([{ fromMs: now, toMs: undefined }])
  expect(await runner()).toEqual({ device: 'cuda', region: 'EU', last_seen_at: now })
})
test('a link that ends closes its row, and no earlier than it began', async () => {
  const { open, close, spans, runner } = await setup()
  await open(now)
  await close(now, now + HOUR_MS)
  expect(await spans()).toEqual([{ fromMs: now, toMs: now + HOUR_MS }])
  expect(await runner()).toMatchObject({ last_seen_at: now + HOUR_MS })
  await close(now + 2 * HOUR_MS, now)
  expect((await spans())[0]).toEqual({ fromMs: now + 2 * HOUR_MS, toMs: now + 2 * HOUR_MS })
})
test('the end of a link whose beginning was not written writes both', async () => {
  const { close, spans } = await setup()
  await close(now, now + HOUR_MS)
  expect(await spans()).toEqual([{ fromMs: now, toMs: now + HOUR_MS }])
})
test('a beginning that is written after the end does not open the row again', async () => {
  const { open, close, spans } = await setup()
  await close(now, now + HOUR_MS)
  await open(now)
  expect(await spans()).toEqual([{ fromMs: now, toMs: now + HOUR_MS }])
})
test('a runner whose object died and who is back within a minute was never away', async () => {
  const { open, spans } = await setup()
  await open(now - HOUR_MS)
  await tick(now - 30_000)
  await open(now)
  expect(await spans()).toEqual([
    { fromMs: now, toMs: undefined },
    { fromMs: now - HOUR_MS, toMs: now },
  ])
})
test('a coordinator that was off for a night was off: the row ends with its last minute', async () => {
  const { open, spans } = await setup()
  await open(now - 12 * HOUR_MS)
  await tick(now - 10 * HOUR_MS)
  await open(now)
  expect(await spans()).toEqual([
    { fromMs: now, toMs: undefined },
    { fromMs: now - 12 * HOUR_MS, toMs: now - 10 * HOUR_MS },
  ])
})
test("a new link ends no other model's row and no other runner's", async () => {
  const one = await setup()
  const other = await setup()
  await one.open(now - HOUR_MS, 'm')
  await one.open(now - HOUR_MS, 'n')
  await other.open(now - HOUR_MS, 'm')
  await one.open(now, 'm')
  const open = await listOpenPresence(db, { from: 'run_', limit: 10 })
  expect(open).toHaveLength(3)
  expect(open).toContainEqual({ runnerId: one.runnerId, model: 'n', fromMs: now - HOUR_MS })
  expect(open).toContainEqual({ runnerId: other.runnerId, model: 'm', fromMs: now - HOUR_MS })
})
test('repaired rows end once, at the moment that is known or at their own beginning', async () => {
  const { runnerId, open, close, spans, runner } = await setup()
  await open(now - 3 * HOUR_MS, 'a')
  await open(now, 'b')
  await open(now - 5 * HOUR_MS, 'c')
  await close(now - 5 * HOUR_MS, now - 4 * HOUR_MS, 'c')
  const rows = ['a', 'b', 'c'].map((model, index) => ({
    runnerId,
    model,
    fromMs: now - ([3, 0, 5][index] ?? 0) * HOUR_MS,
  }))
  await repairPresence(db, rows, now - HOUR_MS)
  await repairPresence(db, rows, now)
  expect(await spans()).toEqual([
    { fromMs: now, toMs: now },
    { fromMs: now - 3 * HOUR_MS, toMs: now - HOUR_MS },
    { fromMs: now - 5 * HOUR_MS, toMs: now - 4 * HOUR_MS },
  ])
  expect(await runner()).toMatchObject({ last_seen_at: now })
})
test('the last minute is the one whose figures were summed', async () => {
  await tick(now)
  expect(await readLastMinute(db)).toBe(now)
})
test('open rows are read from a place on, and then from the beginning', async () => {
  const runners = await Promise.all([setup(), setup(), setup()])
  for (const { open } of runners) await open(now)
  const [a, b, c] = runners.map(({ runnerId }) => runnerId).toSorted()
  const idsFrom = async (from: string, limit = 10) =>
    (await listOpenPresence(db, { from, limit })).map(({ runnerId }) => runnerId)
  expect(await idsFrom('run_')).toEqual([a, b, c])
  expect(await idsFrom(b ?? '')).toEqual([b, c, a])
  expect(await idsFrom(c ?? '', 2)).toEqual([c, a])
})
test('rows are deleted when they are too old, a bounded number at a time, and never one that is open', async () => {
  const { open, close, spans } = await setup()
  await open(now - 50 * HOUR_MS, 'standing')
  for (let at = 0; at < 5; at++) await close(now - (40 - at) * HOUR_MS, now - (39 - at) * HOUR_MS)
  const beforeMs = now - 36.5 * HOUR_MS
  await deletePresence(db, { beforeMs, limit: 2 })
  expect(await spans()).toHaveLength(4)
  await deletePresence(db, { beforeMs, limit: 2 })
  await deletePresence(db, { beforeMs, limit: 2 })
  expect(await spans()).toEqual([
    { fromMs: now - 36 * HOUR_MS, toMs: now - 35 * HOUR_MS },
    { fromMs: now - 37 * HOUR_MS, toMs: now - 36 * HOUR_MS },
    { fromMs: now - 50 * HOUR_MS, toMs: undefined },
  ])
})
test('a list begins at a moment and has a bound', async () => {
  const { runnerId, close } = await setup()
  for (let at = 0; at < 5; at++) await close(now - (10 - at) * HOUR_MS, now - (9.5 - at) * HOUR_MS)
  const since = (hours: number, limit = 10) =>
    listPresence(db, { runnerId, sinceMs: now - hours * HOUR_MS, limit })
  expect(await since(8)).toHaveLength(3)
  expect(await since(100, 2)).toEqual([
    { fromMs: now - 6 * HOUR_MS, toMs: now - 5.5 * HOUR_MS },
    { fromMs: now - 7 * HOUR_MS, toMs: now - 6.5 * HOUR_MS },
  ])
})
test('a link writes three rows as it stands, and three as it ends', async () => {
  const { runnerId } = await setup()
  const written = async (run: (database: D1Database) => Promise<unknown>) => {
    let rows = 0
    const counting = new Proxy(env.DB, {
      get: (target, name) =>
        name === 'batch'
          ? async (statements: D1PreparedStatement[]) => {
              const results = await target.batch(statements)
              for (const { meta } of results) rows += meta.rows_written
              return results
            }
          : Reflect.get(target, name).bind?.(target),
    })
    await run(counting)
    return rows
  }
  const link = { runnerId, model: 'm', fromMs: now }
  expect(
    await written((database) => openPresence(drizzle(database), { ...link, device: 'cpu', region: null })),
  ).toBe(3)
  expect(await written((database) => closePresence(drizzle(database), { ...link, toMs: now + 1 }))).toBe(3)
})
