import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { beforeEach, expect, test } from 'vitest'
import { type JobId, makeJobId } from '../../../protocol/src/ids.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { findLedgerFaults, LEDGER } from '../ledger/ledger.ts'
import { readLedgerAudit } from '../ledger/ledger-store.ts'
import type { ChatJob } from './chat-job.ts'
import { endJob, listOpenJobs, markJobRunning, openJob, readJob, voidJob } from './job-store.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)
const price = { input: nano(10n), output: nano(20n) }
let counter = 5_000_000_000

async function setupPurse(credit: bigint) {
  const accountId = counter++
  const runnerLedgerId = counter++
  const statement =
    'INSERT INTO ledger_accounts (id, code, side, debits, credits, held) VALUES (?, ?, ?, 0, 0, 0)'
  await env.DB.batch([
    env.DB.prepare(statement).bind(accountId, `liab:user:${accountId}`, 'credit'),
    env.DB.prepare(statement).bind(runnerLedgerId, `liab:runner:${runnerLedgerId}`, 'credit'),
    env.DB.prepare('INSERT INTO accounts (id, created_at) VALUES (?, 0)').bind(accountId),
    env.DB.prepare("INSERT INTO ledger_transfers VALUES (?, 'welcome', ?, ?, ?, 0, 0)").bind(
      `welcome/${accountId}`,
      LEDGER.welcome,
      accountId,
      Number(credit),
    ),
  ])
  return { accountId, runnerLedgerId }
}

async function setupKey(accountId: number, limits: { day?: bigint; month?: bigint } = {}) {
  const keyId = counter++
  await env.DB.prepare(
    `INSERT INTO api_keys (id, account_id, hash, prefix, name, limit_day, limit_month, held, spent, day, spent_day,
      month, spent_month, created_at) VALUES (?, ?, ?, 'sk', 'test', ?, ?, 0, 0, 0, 0, 0, 0, 0)`,
  )
    .bind(
      keyId,
      accountId,
      `hash-${keyId}`,
      limits.day === undefined ? null : Number(limits.day),
      limits.month === undefined ? null : Number(limits.month),
    )
    .run()
  return keyId
}

function makeJob(accountId: number, keyId?: number, extra: Partial<ChatJob> = {}): ChatJob {
  const random = crypto.getRandomValues(new Uint8Array(16))
  return {
    kind: 'chat',
    jobId: makeJobId(nowMs, random),
    caller: { accountId, keyId },
    model: 'm',
    tier: 'open',
    messages: [],
    params: {},
    needs: [],
    ...extra,
  }
}

function earn(jobId: JobId, accountId: number, runnerLedgerId: number, amount: bigint, fee = 0n) {
  const id = `${jobId}/earn/0`
  return [
    { id, kind: 'usage', debit: accountId, credit: runnerLedgerId, amount: nano(amount), fee: nano(fee) },
  ] as const
}

async function balanceOf(id: number) {
  return env.DB.prepare('SELECT debits, credits, held FROM ledger_accounts WHERE id = ?').bind(id).first()
}

async function expectBooksInOrder() {
  expect(findLedgerFaults(await readLedgerAudit(drizzle(env.DB)))).toEqual([])
}

const db = drizzle(env.DB)
const open = (job: ChatJob, hold: bigint, state: 'queued' | 'running' = 'running') =>
  openJob(db, { job, shard: 0, state, price, hold: nano(hold), nowMs })
const end = (job: ChatJob, charge: Nano, transfers: Parameters<typeof endJob>[1]['transfers']) =>
  endJob(db, {
    jobId: job.jobId,
    state: 'done',
    charge,
    promptTokens: 1,
    completionTokens: 2,
    transfers,
    nowMs,
  })

beforeEach(expectBooksInOrder)

test('a job moves its charge once and releases the rest of its hold', async () => {
  const { accountId, runnerLedgerId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  expect(await open(job, 300n)).toEqual({ ok: true })
  expect(await balanceOf(accountId)).toEqual({ debits: 0, credits: 1000, held: 300 })
  await expectBooksInOrder()
  const transfers = earn(job.jobId, accountId, runnerLedgerId, 100n, 5n)
  expect(await end(job, nano(100n), transfers)).toEqual({ ok: true })
  expect(await end(job, nano(100n), transfers)).toEqual({ ok: true })
  expect(await balanceOf(accountId)).toEqual({ debits: 100, credits: 1000, held: 0 })
  expect(await balanceOf(runnerLedgerId)).toEqual({ debits: 0, credits: 95, held: 0 })
  await expectBooksInOrder()
})
test('an ended job cannot be ended otherwise', async () => {
  const { accountId, runnerLedgerId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  await open(job, 300n)
  await voidJob(db, job.jobId, 'coordinator-restarted', nowMs + 5)
  expect(await end(job, nano(100n), earn(job.jobId, accountId, runnerLedgerId, 100n))).toEqual({
    ok: false,
    reason: 'already-ended',
  })
  expect(await balanceOf(runnerLedgerId)).toEqual({ debits: 0, credits: 0, held: 0 })
})
test('an ended job that held nothing cannot be ended otherwise, either', async () => {
  const { accountId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  await open(job, 0n)
  await voidJob(db, job.jobId, 'runner-lost', nowMs + 5)
  expect(await end(job, nano(0n), [])).toEqual({ ok: false, reason: 'already-ended' })
  expect(await readJob(db, job.jobId, accountId)).toMatchObject({ state: 'failed', reason: 'runner-lost' })
})
test('nobody is paid more than the job was charged', async () => {
  const { accountId, runnerLedgerId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  await open(job, 100n)
  await expect(end(job, nano(50n), earn(job.jobId, accountId, runnerLedgerId, 51n))).rejects.toThrow()
  expect(await balanceOf(runnerLedgerId)).toEqual({ debits: 0, credits: 0, held: 0 })
  await voidJob(db, job.jobId, 'runner-lost', nowMs)
})
test('a hold beyond the balance is refused and leaves no trace', async () => {
  const { accountId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  expect(await open(job, 1001n)).toEqual({ ok: false, reason: 'insufficient-funds' })
  expect(await readJob(db, job.jobId, accountId)).toBeUndefined()
  expect(await balanceOf(accountId)).toEqual({ debits: 0, credits: 1000, held: 0 })
})
test('a hundred racing holds of 30 on 1000 give exactly 33', async () => {
  const { accountId } = await setupPurse(1000n)
  const keyId = await setupKey(accountId)
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, index) => open(makeJob(accountId, index % 2 ? keyId : undefined), 30n)),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(33)
  await expectBooksInOrder()
})
test('the same job is opened once, however often it is asked', async () => {
  const { accountId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  const results = await Promise.all(Array.from({ length: 20 }, () => open(job, 10n)))
  expect(results.every(({ ok }) => ok)).toBe(true)
  expect(await balanceOf(accountId)).toMatchObject({ held: 10 })
})
test("a key's limits bound what it holds and spends, by day and by month", async () => {
  const { accountId, runnerLedgerId } = await setupPurse(10_000n)
  const daily = await setupKey(accountId, { day: 100n })
  const first = makeJob(accountId, daily)
  expect(await open(first, 60n)).toEqual({ ok: true })
  expect(await open(makeJob(accountId, daily), 60n)).toEqual({ ok: false, reason: 'key-limit-reached' })
  await end(first, nano(50n), earn(first.jobId, accountId, runnerLedgerId, 50n))
  expect(await open(makeJob(accountId, daily), 60n)).toEqual({ ok: false, reason: 'key-limit-reached' })
  expect(await open(makeJob(accountId, daily), 50n)).toEqual({ ok: true })
  const tomorrow = nowMs + 86_400_000
  const later = makeJob(accountId, daily)
  expect(
    await openJob(db, { job: later, shard: 0, state: 'running', price, hold: nano(50n), nowMs: tomorrow }),
  ).toEqual({ ok: true })
  const monthly = await setupKey(accountId, { month: 100n })
  expect(await open(makeJob(accountId, monthly), 101n)).toEqual({ ok: false, reason: 'key-limit-reached' })
  expect(await open(makeJob(accountId, monthly), 100n)).toEqual({ ok: true })
})
test("a revoked key, and another account's key, hold nothing", async () => {
  const { accountId } = await setupPurse(1000n)
  const other = await setupPurse(1000n)
  const keyId = await setupKey(accountId)
  expect(await open(makeJob(other.accountId, keyId), 10n)).toMatchObject({ reason: 'key-limit-reached' })
  await env.DB.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?').bind(keyId).run()
  expect(await open(makeJob(accountId, keyId), 10n)).toMatchObject({ reason: 'key-limit-reached' })
})
test('an idempotency key names one job; with another body it is refused', async () => {
  const { accountId } = await setupPurse(1000n)
  const idempotency = { keyHash: 'k', fingerprint: 'body' }
  const first = makeJob(accountId, undefined, { idempotency })
  expect(await open(first, 10n)).toEqual({ ok: true })
  const again = makeJob(accountId, undefined, { idempotency })
  expect(await open(again, 10n)).toEqual({ ok: false, reason: 'same-key', jobId: first.jobId })
  const changed = makeJob(accountId, undefined, { idempotency: { ...idempotency, fingerprint: 'other' } })
  expect(await open(changed, 10n)).toEqual({ ok: false, reason: 'idempotency-mismatch' })
  expect(await balanceOf(accountId)).toMatchObject({ held: 10 })
})
test('a charge above the hold is refused by the database', async () => {
  const { accountId, runnerLedgerId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  await open(job, 100n)
  await expect(end(job, nano(101n), earn(job.jobId, accountId, runnerLedgerId, 101n))).rejects.toThrow()
  expect(await balanceOf(accountId)).toEqual({ debits: 0, credits: 1000, held: 100 })
  await voidJob(db, job.jobId, 'runner-lost', nowMs)
})
test('pay without the end of its job is refused, and a transfer never changes', async () => {
  const { accountId, runnerLedgerId } = await setupPurse(1000n)
  const insert = env.DB.prepare("INSERT INTO ledger_transfers VALUES (?, 'usage', ?, ?, 10, 0, ?)")
  const job = makeJob(accountId)
  await expect(insert.bind(`${job.jobId}/earn/0`, accountId, runnerLedgerId, nowMs).run()).rejects.toThrow(
    'no-such-job',
  )
  await expect(env.DB.prepare('UPDATE ledger_transfers SET amount = 1').run()).rejects.toThrow(
    'transfer-fixed',
  )
  await expect(env.DB.prepare('DELETE FROM ledger_transfers').run()).rejects.toThrow('transfer-fixed')
})
test('nobody spends what a key of the same account holds', async () => {
  const { accountId } = await setupPurse(100n)
  const keyId = await setupKey(accountId)
  expect(await open(makeJob(accountId, keyId), 80n)).toEqual({ ok: true })
  const grant = env.DB.prepare("INSERT INTO ledger_transfers VALUES (?, 'grant', ?, ?, ?, 0, 0)")
  await expect(grant.bind(`g/${accountId}`, accountId, LEDGER.goodwill, 21).run()).rejects.toThrow(
    'insufficient-funds',
  )
  await grant.bind(`g/${accountId}`, accountId, LEDGER.goodwill, 20).run()
})
test.each([1.5, -1, 0, 2 ** 53])('a transfer of %d nano is refused', async (amount) => {
  const { accountId } = await setupPurse(1000n)
  const insert = env.DB.prepare("INSERT INTO ledger_transfers VALUES (?, 'grant', ?, ?, ?, 0, 0)")
  await expect(insert.bind(`x/${accountId}`, LEDGER.goodwill, accountId, amount).run()).rejects.toThrow()
})
test('open jobs are found by time, and a queued one becomes running once', async () => {
  const { accountId } = await setupPurse(1000n)
  const job = makeJob(accountId, undefined, { model: 'open-jobs' })
  await open(job, 10n, 'queued')
  await markJobRunning(db, job.jobId)
  await markJobRunning(db, job.jobId)
  expect(await readJob(db, job.jobId, accountId)).toMatchObject({ state: 'running' })
  const range = { fromMs: nowMs - 1, beforeMs: nowMs + 1, owner: { model: 'open-jobs', shard: 0 } }
  expect(await listOpenJobs(db, range)).toEqual([{ id: job.jobId, model: 'open-jobs' }])
  expect(await listOpenJobs(db, { ...range, beforeMs: nowMs - 1 })).toEqual([])
  expect(await listOpenJobs(db, { ...range, owner: { model: 'open-jobs', shard: 1 } })).toEqual([])
  await voidJob(db, job.jobId, 'timed-out', nowMs)
  expect(await listOpenJobs(db, range)).toEqual([])
})
test("another account cannot read a job's record", async () => {
  const { accountId } = await setupPurse(1000n)
  const job = makeJob(accountId)
  await open(job, 10n)
  expect(await readJob(db, job.jobId, accountId + 1)).toBeUndefined()
})
test('a paid chat writes at most 8 rows, with a key or without', async () => {
  const { accountId, runnerLedgerId } = await setupPurse(10_000n)
  const keyId = await setupKey(accountId, { day: 5000n })
  for (const key of [undefined, keyId]) {
    const counted = countingDb()
    const job = makeJob(accountId, key)
    await openJob(counted.db, { job, shard: 0, state: 'running', price, hold: nano(100n), nowMs })
    const transfers = earn(job.jobId, accountId, runnerLedgerId, 50n, 2n)
    await endJob(counted.db, {
      jobId: job.jobId,
      state: 'done',
      charge: nano(50n),
      promptTokens: 1,
      completionTokens: 1,
      transfers,
      nowMs,
    })
    expect(counted.rowsWritten()).toBe(8)
  }
})

test('a chat of tier own is recorded as such, and writes fewer rows still', async () => {
  const { accountId } = await setupPurse(1n)
  const free = { input: nano(0n), output: nano(0n) }
  for (const idempotency of [undefined, { keyHash: 'own', fingerprint: 'f' }]) {
    const counted = countingDb()
    const job = makeJob(accountId, undefined, { tier: 'own', ...(idempotency ? { idempotency } : {}) })
    const opening = { job, shard: 0, state: 'running', price: free, hold: nano(0n), nowMs } as const
    expect(await openJob(counted.db, opening)).toEqual({ ok: true })
    const end = { jobId: job.jobId, state: 'done', charge: nano(0n), transfers: [] } as const
    await endJob(counted.db, { ...end, promptTokens: 1, completionTokens: 1, nowMs })
    expect(await readJob(db, job.jobId, accountId)).toMatchObject({ tier: 'own', hold: 0n, charge: 0n })
    expect(counted.rowsWritten()).toBeLessThanOrEqual(3)
  }
})

/** A D1 that sums the rows that Cloudflare would bill as written. */
function countingDb() {
  let rows = 0
  const count = <T extends D1Result | D1Result[]>(result: T): T => {
    for (const one of Array.isArray(result) ? result : [result]) rows += one.meta.rows_written
    return result
  }
  const inner = new WeakMap<object, D1PreparedStatement>()
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = Object.create(statement, {
      bind: { value: (...values: unknown[]) => wrap(statement.bind(...values)) },
      run: { value: async () => count(await statement.run()) },
      all: { value: async () => count(await statement.all()) },
      raw: { value: (...options: []) => statement.raw(...options) },
    }) as D1PreparedStatement
    inner.set(wrapped, statement)
    return wrapped
  }
  const d1 = Object.create(env.DB, {
    prepare: { value: (sql: string) => wrap(env.DB.prepare(sql)) },
    batch: {
      value: async (statements: D1PreparedStatement[]) =>
        count(await env.DB.batch(statements.map((statement) => inner.get(statement) ?? statement))),
    },
  }) as D1Database
  return { db: drizzle(d1), rowsWritten: () => rows }
}
