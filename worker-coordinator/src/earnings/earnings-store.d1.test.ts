import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { voidJob } from '../jobs/job-store.ts'
import { findJobs, readCursor } from '../ledger/job-window-store.ts'
import { findLedgerFaults } from '../ledger/ledger.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { type Db, readLedgerAudit } from '../ledger/ledger-store.ts'
import { matureWindow, spendEarnings } from './earnings-store.ts'
import { matureEarnings } from './mature-earnings.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const MATURE_MS = 10_000
/** Each test has its own stretch of time, since the cursor only grows. */
let clock = Date.UTC(2026, 10, 22, 12)

function mature(nowMs: number, database: Db = db) {
  return matureEarnings({
    matureMs: MATURE_MS,
    nowMs: () => nowMs,
    log: () => {},
    readCursor: () => readCursor(db, 'matured'),
    findJobs: (window) => findJobs(db, window),
    takeWindow: (window) => matureWindow(database, window, nowMs),
  })
}
async function setup() {
  const user = await ledger.setupUser(1_000_000n)
  const owner = await ledger.setupUser()
  const runner = await ledger.setupRunner(owner)
  const accruing = () => ledger.balanceOf(`liab:runner:${runner.runnerId}`)
  const payable = () => ledger.balanceOf(`liab:owner:${owner}`)
  return { user, owner, runner, accruing, payable }
}

beforeEach(() => {
  clock += 24 * 3_600_000
})
afterEach(async () => {
  expect(findLedgerFaults(await readLedgerAudit(db))).toEqual([])
})

test('earnings mature once they are old enough, and not before', async () => {
  const { user, runner, accruing, payable } = await setup()
  await ledger.runJob({ accountId: user, runner, amount: 100n, fee: 5n, atMs: clock })
  await mature(clock + MATURE_MS)
  expect([await accruing(), await payable()]).toEqual([95n, undefined])
  await mature(clock + 2 * MATURE_MS)
  expect([await accruing(), await payable()]).toEqual([0n, 95n])
  await mature(clock + 3 * MATURE_MS)
  expect([await accruing(), await payable()]).toEqual([0n, 95n])
})
test('two runners of one owner mature into one account, with one transfer each', async () => {
  const { user, owner, runner, payable } = await setup()
  const second = await ledger.setupRunner(owner)
  for (let i = 0; i < 3; i++) {
    await ledger.runJob({ accountId: user, runner, amount: 10n, atMs: clock + i })
    await ledger.runJob({ accountId: user, runner: second, amount: 100n, atMs: clock + i })
  }
  await mature(clock + 3 * MATURE_MS)
  expect(await payable()).toBe(330n)
  const rows = await env.DB.prepare(
    "SELECT id, amount FROM ledger_transfers WHERE kind = 'mature' AND debit IN (?, ?) ORDER BY debit",
  )
    .bind(runner.ledgerId, second.ledgerId)
    .all()
  const endMs = clock + 2 * MATURE_MS
  expect(rows.results).toEqual([
    { id: `mature/${runner.ledgerId}/${endMs}`, amount: 30 },
    { id: `mature/${second.ledgerId}/${endMs}`, amount: 300 },
  ])
})
test('20 runs at once mature once', async () => {
  const { user, runner, accruing, payable } = await setup()
  for (let i = 0; i < 5; i++) await ledger.runJob({ accountId: user, runner, amount: 7n, atMs: clock + i })
  await Promise.all(Array.from({ length: 20 }, () => mature(clock + 2 * MATURE_MS)))
  expect([await accruing(), await payable()]).toEqual([0n, 35n])
})
test('a run whose reply was lost has matured, and the next changes nothing', async () => {
  const { user, runner, accruing, payable } = await setup()
  await ledger.runJob({ accountId: user, runner, amount: 7n, atMs: clock })
  await mature(clock + 2 * MATURE_MS, drizzle(lostReplyD1(env.DB)))
  await mature(clock + 2 * MATURE_MS)
  expect([await accruing(), await payable()]).toEqual([0n, 7n])
})
test('a window that another run has begun to take is not taken again, with another end neither', async () => {
  const { user, runner, accruing, payable } = await setup()
  await ledger.runJob({ accountId: user, runner, amount: 7n, atMs: clock })
  await ledger.runJob({ accountId: user, runner, amount: 100n, atMs: clock + 500 })
  const from = await readCursor(db, 'matured')
  const until = (ms: number) => ({ from, to: firstJobIdAt(clock + ms) })
  expect(await matureWindow(db, until(100), clock)).toBe(true)
  await expect(matureWindow(db, until(50), clock)).resolves.toBe(false)
  expect(await matureWindow(db, until(1000), clock)).toBe(false)
  expect(await matureWindow(db, until(100), clock)).toBe(true)
  expect([await accruing(), await payable()]).toEqual([100n, 7n])
})
test('a job that began before the window and ends after it is neither lost nor paid twice', async () => {
  const { user, runner, accruing, payable } = await setup()
  const early = await ledger.runJob({ accountId: user, runner, amount: 1n, atMs: clock })
  const long = ledger.newJobId(clock + 1)
  await ledger.openJob({ jobId: long, accountId: user, hold: 100n, atMs: clock + 1 })
  await ledger.runJob({ accountId: user, runner, amount: 10n, atMs: clock + 2 })
  const gone = await mature(clock + 2 * MATURE_MS)
  expect(gone.heldBackBy).toBe(long)
  expect([await accruing(), await payable()]).toEqual([10n, 1n])
  const lateMs = clock + 3 * MATURE_MS
  await ledger.endJob({ jobId: long, accountId: user, runner, amount: 100n, atMs: lateMs })
  await mature(lateMs)
  await mature(lateMs + MATURE_MS)
  expect([await accruing(), await payable()]).toEqual([0n, 111n])
  expect(early).toBeDefined()
})
test('a job that ends while a run is under way is paid by exactly one of them', async () => {
  const { user, runner, accruing, payable } = await setup()
  const jobs = Array.from({ length: 10 }, (_, index) => ledger.newJobId(clock + index))
  for (const jobId of jobs) await ledger.openJob({ jobId, accountId: user, hold: 10n, atMs: clock })
  await Promise.all(
    jobs.flatMap((jobId) => [
      ledger.endJob({ jobId, accountId: user, runner, amount: 10n, atMs: clock + MATURE_MS }),
      mature(clock + 2 * MATURE_MS),
    ]),
  )
  await mature(clock + 2 * MATURE_MS)
  expect([await accruing(), await payable()]).toEqual([0n, 100n])
})
test('no job begins where earnings have matured already', async () => {
  const { user } = await setup()
  await mature(clock + 2 * MATURE_MS)
  const jobId = ledger.newJobId(clock)
  const late = ledger.openJob({ jobId, accountId: user, hold: 10n, atMs: clock + 2 * MATURE_MS })
  await expect(late).rejects.toThrow()
  const cursor = await readCursor(db, 'matured')
  expect(cursor).toBe(firstJobIdAt(clock + MATURE_MS))
  const onTime = ledger.newJobId(clock + MATURE_MS)
  expect(await ledger.openJob({ jobId: onTime, accountId: user, hold: 10n, atMs: clock })).toEqual({
    ok: true,
  })
  await voidJob(db, onTime, 'timed-out', clock + MATURE_MS)
})
test('the database keeps the cursor from going back, and from passing an open job', async () => {
  const { user } = await setup()
  const jobId = ledger.newJobId(clock)
  await ledger.openJob({ jobId, accountId: user, hold: 10n, atMs: clock })
  const move = env.DB.prepare("UPDATE ledger_cursors SET up_to = ? WHERE name = 'matured'")
  await expect(move.bind(firstJobIdAt(clock + 1)).run()).rejects.toThrow('cursor-order')
  await expect(move.bind('job_').run()).rejects.toThrow('cursor-order')
  await expect(env.DB.prepare('DELETE FROM ledger_cursors').run()).rejects.toThrow('cursor-order')
  await voidJob(db, jobId, 'timed-out', clock)
})
test('a failed job, and one that cost nothing, mature nothing and hold nothing back', async () => {
  const { user, runner, payable } = await setup()
  const jobId = ledger.newJobId(clock)
  await ledger.openJob({ jobId, accountId: user, hold: 10n, atMs: clock })
  await voidJob(db, jobId, 'runner-lost', clock + 5)
  await ledger.runJob({ accountId: user, runner, amount: 0n, atMs: clock + 1 })
  expect((await mature(clock + 2 * MATURE_MS)).heldBackBy).toBeUndefined()
  expect(await payable()).toBeUndefined()
})
test('a runner that has less than it earned gives what it has, and holds nobody up', async () => {
  const { user, owner, runner, payable } = await setup()
  const other = await ledger.setupRunner(owner)
  await ledger.runJob({ accountId: user, runner, amount: 100n, atMs: clock })
  await ledger.runJob({ accountId: user, runner: other, amount: 5n, atMs: clock })
  const id = `refund/${runner.ledgerId}`
  await ledger.transfer({ id, kind: 'refund', debit: runner.ledgerId, credit: user, amount: 60 })
  await mature(clock + 2 * MATURE_MS)
  expect(await payable()).toBe(45n)
})

test('matured earnings are moved to the balance, once for each key', async () => {
  const { user, owner, runner, payable } = await setup()
  await ledger.runJob({ accountId: user, runner, amount: 100n, atMs: clock })
  await mature(clock + 2 * MATURE_MS)
  const use = (amount: bigint, requestKey: string, database: Db = db) =>
    spendEarnings(database, { accountId: owner, amount: nano(amount), requestKey, nowMs: clock })
  expect(await Promise.all(Array.from({ length: 10 }, () => use(30n, 'a')))).toEqual(
    Array(10).fill({ ok: true }),
  )
  expect([await payable(), await ledger.balanceOf(`liab:user:${owner}`)]).toEqual([70n, 30n])
  expect(await use(31n, 'a')).toEqual({ ok: false, reason: 'idempotency-mismatch' })
  expect(await use(71n, 'b')).toEqual({ ok: false, reason: 'insufficient-funds' })
  expect(await use(70n, 'b', drizzle(lostReplyD1(env.DB)))).toEqual({ ok: true })
  expect(await use(70n, 'b')).toEqual({ ok: true })
  expect([await payable(), await ledger.balanceOf(`liab:user:${owner}`)]).toEqual([0n, 100n])
})
test('who earned nothing moves nothing', async () => {
  const { owner } = await setup()
  const input = { accountId: owner, amount: nano(1n), requestKey: 'a', nowMs: clock }
  expect(await spendEarnings(db, input)).toEqual({ ok: false, reason: 'insufficient-funds' })
})
