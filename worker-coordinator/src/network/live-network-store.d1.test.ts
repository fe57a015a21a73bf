import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { sumWindow } from '../billing/sum-usage-store.ts'
import { voidJob } from '../jobs/job-store.ts'
import { readCursor } from '../ledger/job-window-store.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { countJobsLastMinute, readOwnersToday } from './live-network-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** Each test has its own day, since the cursor only grows. */
let noon = Date.UTC(2026, 10, 22, 12)

beforeEach(() => {
  noon += 2 * DAY_MS
})

async function setup() {
  const accountId = await ledger.setupUser(1_000_000n)
  const runner = await ledger.setupRunner(await ledger.setupUser())
  const run = (amount: bigint, atMs: number, more: { fee?: bigint; endMs?: number } = {}) =>
    ledger.runJob({ accountId, runner, amount, atMs, ...more })
  return { accountId, runner, run }
}
async function sumUpTo(ms: number) {
  const from = await readCursor(db, 'summed')
  expect(await sumWindow(db, { from, to: firstJobIdAt(ms) })).toBe(true)
}

test('a job counts for the minute after its end, however long it took', async () => {
  const { run } = await setup()
  await run(1n, noon - 14 * MINUTE_MS, { endMs: noon - 1_000 })
  await run(1n, noon - 90_000, { endMs: noon - 61_000 })
  await run(1n, noon - 30_000, { endMs: noon - 20_000 })
  expect(await countJobsLastMinute(db, noon)).toBe(2)
  expect(await countJobsLastMinute(db, noon + MINUTE_MS)).toBe(0)
})

test('jobs that run, that failed, and those on own machines are not counted', async () => {
  const { accountId, runner, run } = await setup()
  const open = async () => {
    const jobId = ledger.newJobId(noon - 5_000)
    await ledger.openJob({ jobId, accountId, hold: 1n, atMs: noon - 5_000 })
    return jobId
  }
  const running = await open()
  await voidJob(db, await open(), 'runner-lost', noon - 1_000)
  const own = await open()
  await env.DB.prepare("UPDATE jobs SET tier = 'own' WHERE id = ?").bind(own).run()
  await ledger.endJob({ jobId: own, accountId, runner, amount: 1n, atMs: noon - 1_000 })
  await run(1n, noon - 5_000, { endMs: noon - 1_000 })
  expect(await countJobsLastMinute(db, noon)).toBe(1)
  await voidJob(db, running, 'runner-lost', noon)
})

test('what owners earned today is after commission, and is the same before and after it is summed', async () => {
  const { run } = await setup()
  await run(100n, noon, { fee: 5n })
  await run(10n, noon + 1_000)
  const now = noon + MINUTE_MS
  expect(await readOwnersToday(db, now)).toEqual({ ownersTodayNano: 105n, jobsToday: 2 })
  await sumUpTo(noon + 500)
  expect(await readOwnersToday(db, now)).toEqual({ ownersTodayNano: 105n, jobsToday: 2 })
  await sumUpTo(now)
  expect(await readOwnersToday(db, now)).toEqual({ ownersTodayNano: 105n, jobsToday: 2 })
})

test('a new day begins with nothing, for the summed as for the fresh', async () => {
  const { run } = await setup()
  const midnight = noon + DAY_MS / 2
  await run(100n, midnight - 60_000)
  await sumUpTo(midnight - 30_000)
  await run(10n, midnight - 20_000, { endMs: midnight - 10_000 })
  expect(await readOwnersToday(db, midnight - 1)).toEqual({ ownersTodayNano: 110n, jobsToday: 2 })
  expect(await readOwnersToday(db, midnight)).toEqual({ ownersTodayNano: 0n, jobsToday: 0 })
})

test('before the first job there is nothing, rather than a fault', async () => {
  expect(await countJobsLastMinute(db, noon)).toBe(0)
  expect(await readOwnersToday(db, noon)).toEqual({ ownersTodayNano: 0n, jobsToday: 0 })
})
