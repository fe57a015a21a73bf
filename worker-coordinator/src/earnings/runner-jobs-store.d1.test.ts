import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { JOB_IDS_END, listRunnerJobs } from './runner-jobs-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const NOON = Date.UTC(2026, 10, 22, 12)
const HOUR_MS = 3_600_000
const since = (fromMs: number, toMs?: number) => ({
  from: firstJobIdAt(fromMs),
  to: toMs === undefined ? JOB_IDS_END : firstJobIdAt(toMs),
})

async function setup() {
  const payer = await ledger.setupUser(1_000_000n)
  const owner = await ledger.setupUser()
  const runner = await ledger.setupRunner(owner)
  const other = await ledger.setupRunner(owner)
  const run = (atMs: number, to = runner, amount = 5n) =>
    ledger.runJob({ accountId: payer, runner: to, amount, atMs, endMs: atMs + 1000 })
  return { payer, runner, other, run }
}

test("pages hold one runner's jobs, the newest first, each once", async () => {
  const { runner, other, run } = await setup()
  const mine: string[] = []
  for (let index = 0; index < 7; index++) {
    mine.unshift(await run(NOON + index * 1000))
    await run(NOON + index * 1000 + 500, other)
  }
  const ranges = [since(NOON)]
  const first = await listRunnerJobs(db, { runnerId: runner.runnerId, ranges, limit: 3 })
  expect(first.jobs.map(({ jobId }) => jobId)).toEqual(mine.slice(0, 3))
  expect(first.jobs[0]).toMatchObject({
    runnerId: runner.runnerId,
    model: 'm',
    amount: 5n,
    completionTokens: 5,
    unpaidReason: undefined,
    jobReason: null,
    endedAtMs: NOON + 7000,
  })
  const seen = first.jobs.map(({ jobId }) => jobId as string)
  for (let next = first.next; next !== undefined; ) {
    const page = await listRunnerJobs(db, {
      runnerId: runner.runnerId,
      ranges: [{ from: ranges[0]?.from ?? '', to: next }],
      limit: 3,
    })
    seen.push(...page.jobs.map(({ jobId }) => jobId))
    next = page.next
  }
  expect(seen).toEqual(mine)
})
test("a page looks through a bounded number of the network's jobs, and the next goes on from there", async () => {
  const { runner, other, run } = await setup()
  const start = NOON + HOUR_MS
  const old = await run(start)
  for (let index = 1; index <= 5; index++) await run(start + index, other)
  const scan = (to: string) =>
    listRunnerJobs(db, {
      runnerId: runner.runnerId,
      ranges: [{ from: firstJobIdAt(start), to }],
      limit: 10,
      scanMax: 2,
    })
  let page = await scan(JOB_IDS_END)
  const sizes = [page.jobs.length]
  while (page.next !== undefined) {
    page = await scan(page.next)
    sizes.push(page.jobs.length)
    if (page.jobs.length > 0) expect(page.jobs[0]?.jobId).toBe(old)
  }
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1)
  expect(sizes.length).toBeGreaterThan(2)
})
test('ranges are gone through one after the other, eight for a page', async () => {
  const { runner, run } = await setup()
  const start = NOON + 100 * HOUR_MS
  const mine: string[] = []
  for (let index = 0; index < 10; index++) mine.unshift(await run(start + index * HOUR_MS))
  const ranges = mine.map((_, index) => {
    const fromMs = start + (9 - index) * HOUR_MS
    return since(fromMs, fromMs + HOUR_MS / 2)
  })
  const ids = (page: Awaited<ReturnType<typeof listRunnerJobs>>) => page.jobs.map(({ jobId }) => jobId)
  const { runnerId } = runner
  const first = await listRunnerJobs(db, { runnerId, ranges, limit: 100 })
  expect(ids(first)).toEqual(mine.slice(0, 8))
  expect(first.next).toBe(ranges[7]?.from)
  const rest = await listRunnerJobs(db, { runnerId, ranges: ranges.slice(8), limit: 100 })
  expect(ids(rest)).toEqual(mine.slice(8))
  expect(rest.next).toBeUndefined()
  const cut = await listRunnerJobs(db, { runnerId, ranges, limit: 2 })
  expect(ids(cut)).toEqual(mine.slice(0, 2))
  expect(cut.next).toBe(mine[1])
  expect(await listRunnerJobs(db, { runnerId, ranges: [], limit: 5 })).toEqual({ jobs: [], next: undefined })
})
test('a job that was not paid says why, and one that still runs is not there', async () => {
  const { payer, runner, run } = await setup()
  const start = NOON + 1000 * HOUR_MS
  await run(start, runner, 0n)
  await ledger.openJob({ jobId: ledger.newJobId(start + 1), accountId: payer, hold: 1n, atMs: start + 1 })
  const { jobs } = await listRunnerJobs(db, { runnerId: runner.runnerId, ranges: [since(start)], limit: 10 })
  expect(jobs).toHaveLength(1)
  expect(jobs[0]).toMatchObject({ amount: 0n, unpaidReason: 'no-valid-receipt' })
})
