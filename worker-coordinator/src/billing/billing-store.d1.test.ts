import { env } from 'cloudflare:workers'
import { afterEach, expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { listEarnedJobs, listRunnerEarnings } from '../earnings/earnings-report-store.ts'
import { voidJob } from '../jobs/job-store.ts'
import { findJobs, readCursor } from '../ledger/job-window-store.ts'
import { findLedgerFaults, LEDGER } from '../ledger/ledger.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { readLedgerAudit } from '../ledger/ledger-store.ts'
import { readMoney, readUsage } from './billing-store.ts'
import { type Position, readCursorText, type StatementLine, writeCursor } from './statement.ts'
import { readStatement } from './statement-store.ts'
import { sumUsage } from './sum-usage.ts'
import { sumWindow } from './sum-usage-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const DAY_MS = 86_400_000
const T = Date.UTC(2026, 10, 22, 12)
const TODAY = Math.floor(T / DAY_MS)

const sumUp = (nowMs: number) =>
  sumUsage({
    nowMs: () => nowMs,
    readCursor: () => readCursor(db, 'summed'),
    findJobs: (window) => findJobs(db, window),
    takeWindow: (window) => sumWindow(db, window),
  })
async function setup(credit = 1_000_000n) {
  const user = await ledger.setupUser(credit)
  const owner = await ledger.setupUser()
  const runner = await ledger.setupRunner(owner)
  return { user, owner, runner }
}
async function setupOwnerPlace(owner: number) {
  const id = ledger.newId()
  await env.DB.prepare("INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)")
    .bind(id, `liab:owner:${owner}`)
    .run()
  return id
}
/** Every line of an account, page by page. */
async function readAll(accountId: number, limit: number, scanMax?: number) {
  const lines: StatementLine[] = []
  let before: Position | undefined
  for (let pages = 1; ; pages++) {
    if (pages > 500) throw new Error('the pages do not end')
    const page = await readStatement(db, { accountId, limit, before, ...(scanMax ? { scanMax } : {}) })
    expect(page.lines.length).toBeLessThanOrEqual(limit)
    lines.push(...page.lines)
    if (!page.next) return { lines, pages }
    before = readCursorText(writeCursor(page.next))
  }
}

afterEach(async () => {
  expect(findLedgerFaults(await readLedgerAudit(db))).toEqual([])
})

test('an account sees what it can spend, what is held, what may leave, and what it earned', async () => {
  const { user, runner } = await setup(1000n)
  expect(await readMoney(db, user)).toEqual({
    available: 1000n,
    held: 0n,
    withdrawable: 0n,
    accruing: 0n,
    payable: 0n,
  })
  await env.DB.prepare(
    "INSERT INTO hot_wallet VALUES (1, '0:a', 1, '', '', 500, 0, 'running', NULL, 0)",
  ).run()
  await ledger.transfer({ id: 'd/1', kind: 'deposit', debit: LEDGER.hot, credit: user, amount: 500 })
  expect(await readMoney(db, user)).toMatchObject({ available: 1500n, withdrawable: 500n })
  const keyId = await ledger.setupKey(user)
  const jobId = ledger.newJobId(T)
  await ledger.openJob({ jobId, accountId: user, keyId, hold: 1200n, atMs: T })
  expect(await readMoney(db, user)).toMatchObject({ available: 300n, held: 1200n, withdrawable: 300n })
  await voidJob(db, jobId, 'timed-out', T)
  const own = await ledger.setupRunner(user)
  await ledger.runJob({ accountId: user, runner: own, amount: 100n, fee: 5n, atMs: T })
  const place = await setupOwnerPlace(user)
  await ledger.transfer({ id: 'm/1', kind: 'mature', debit: own.ledgerId, credit: place, amount: 40 })
  expect(await readMoney(db, user)).toMatchObject({ available: 1400n, accruing: 55n, payable: 40n })
  expect(await readMoney(db, user + 999)).toBeUndefined()
  expect(await readMoney(db, runner.ledgerId)).toBeUndefined()
})

test('usage is summed by day, model and key, the same before and after the figures are made', async () => {
  const { user, runner } = await setup()
  const other = await ledger.setupUser(1000n)
  const keyId = await ledger.setupKey(user, 'laptop')
  const jobs = [
    { atMs: T - 2 * DAY_MS, amount: 100n, model: 'small' },
    { atMs: T - DAY_MS, amount: 200n, model: 'small', keyId },
    { atMs: T - DAY_MS + 1, amount: 400n, model: 'large', keyId },
    { atMs: T, amount: 800n, model: 'large' },
    { atMs: T - 30 * DAY_MS, amount: 1600n, model: 'old' },
  ].toSorted((a, b) => a.atMs - b.atMs)
  for (const job of jobs) await ledger.runJob({ accountId: user, runner, ...job })
  await ledger.runJob({ accountId: other, runner, amount: 7n, atMs: T })
  const report = async (groupBy: 'key' | 'model' | 'day', fromDay = TODAY - 2) => {
    const lines = await readUsage(db, { accountId: user, fromDay, toDay: TODAY, groupBy })
    return lines.map(({ group, name, jobs: count, charge }) => [group, name, count, charge])
  }
  const check = async () => {
    expect(await report('day')).toEqual([
      [TODAY - 2, null, 1, 100n],
      [TODAY - 1, null, 2, 600n],
      [TODAY, null, 1, 800n],
    ])
    expect(await report('model')).toEqual([
      ['large', null, 2, 1200n],
      ['small', null, 2, 300n],
    ])
    expect(await report('key')).toEqual([
      [0, null, 2, 900n],
      [keyId, 'laptop', 2, 600n],
    ])
    expect(await report('day', TODAY - 30)).toHaveLength(4)
    expect(await readUsage(db, { accountId: user, fromDay: TODAY, toDay: TODAY, groupBy: 'day' })).toEqual([
      { group: TODAY, name: null, jobs: 1, promptTokens: 3, completionTokens: 5, charge: nano(800n) },
    ])
    const [mine] = await listRunnerEarnings(db, await ownerOf(runner.ledgerId), T)
    expect(mine).toMatchObject({ today: 807n, days7: 1507n, days30: 1507n, accruing: 3107n })
  }
  await check()
  await sumUp(T - DAY_MS / 2)
  await check()
  await Promise.all(Array.from({ length: 5 }, () => sumUp(T + 10 * 60_000)))
  await check()
  const rows = env.DB.prepare('SELECT COUNT(*) AS n FROM usage_days WHERE account_id = ?').bind(user)
  expect(await rows.first()).toEqual({ n: 5 })
})
async function ownerOf(ledgerId: number): Promise<number> {
  const row = await env.DB.prepare('SELECT account_id AS id FROM runners WHERE ledger_id = ?')
    .bind(ledgerId)
    .first()
  return Number(row?.id)
}

test('an open job is counted when it has ended, and holds back nothing that is shown', async () => {
  const { user, runner } = await setup()
  const at = T + 3 * DAY_MS
  const day = TODAY + 3
  await ledger.runJob({ accountId: user, runner, amount: 10n, atMs: at - 1 })
  const open = ledger.newJobId(at)
  await ledger.openJob({ jobId: open, accountId: user, hold: 50n, atMs: at })
  await ledger.runJob({ accountId: user, runner, amount: 10n, atMs: at + 1 })
  await sumUp(at + DAY_MS / 4)
  const jobs = async () =>
    (await readUsage(db, { accountId: user, fromDay: day, toDay: day, groupBy: 'day' }))[0]?.jobs
  expect(await jobs()).toBe(2)
  await ledger.endJob({ jobId: open, accountId: user, runner, amount: 50n, atMs: at + 5 })
  expect(await jobs()).toBe(3)
  await sumUp(at + DAY_MS / 4)
  expect(await jobs()).toBe(3)
})

test('the ledger of an account has every line once, whatever the size of the pages', async () => {
  const { user, runner } = await setup(5000n)
  const stranger = await ledger.setupUser(100_000n)
  const start = T + 10 * DAY_MS
  const expected: { id: string; amount: bigint; atMs: number }[] = []
  for (let i = 0; i < 8; i++) {
    const atMs = start + i * (DAY_MS / 2)
    await ledger.runJob({ accountId: stranger, runner, amount: 3n, atMs })
    expected.push({
      id: await ledger.runJob({ accountId: user, runner, amount: 10n, atMs }),
      amount: -10n,
      atMs,
    })
    if (i % 3 === 0) {
      const id = `gift/${i}`
      await ledger.transfer({ id, kind: 'grant', debit: LEDGER.goodwill, credit: user, amount: 5, atMs })
      expected.push({ id, amount: 5n, atMs })
    }
    await ledger.runJob({ accountId: user, runner, amount: 0n, atMs: atMs + 1 })
  }
  expected.push({ id: `welcome/${user}`, amount: 5000n, atMs: 0 })
  expected.sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1))
  for (const when of ['before', 'after']) {
    if (when === 'after') await sumUp(start + 30 * DAY_MS)
    for (const [limit, scanMax] of [[1], [5], [200], [3, 2], [200, 4]] as const) {
      const { lines, pages } = await readAll(user, limit, scanMax)
      // A page looks through no more jobs than it may.
      if (scanMax) expect(pages).toBeGreaterThanOrEqual(16 / scanMax)
      expect(
        lines.map(({ id, amount, atMs }) => ({ id, amount, atMs })),
        `${when}, pages of ${limit}`,
      ).toEqual(expected)
    }
  }
  expect((await readAll(stranger, 200)).lines).toHaveLength(9)
})
test('days on which an account asked for nothing are not looked through', async () => {
  const { user, runner } = await setup(100n)
  const stranger = await ledger.setupUser(100_000n)
  const start = T + 40 * DAY_MS
  await ledger.runJob({ accountId: user, runner, amount: 1n, atMs: start })
  for (let i = 1; i < 30; i++) {
    await ledger.runJob({ accountId: stranger, runner, amount: 1n, atMs: start + i * DAY_MS })
  }
  await sumUp(start + 31 * DAY_MS)
  const { lines, pages } = await readAll(user, 10, 3)
  expect(lines).toHaveLength(2)
  expect(pages).toBe(1)
})
test('money between the places of one account is a line in each', async () => {
  const { owner, user, runner } = await setup()
  const at = T + 80 * DAY_MS
  await ledger.runJob({ accountId: user, runner, amount: 100n, atMs: at })
  const place = await setupOwnerPlace(owner)
  const atMs = at + 5000
  await ledger.transfer({
    id: 'mature/x',
    kind: 'mature',
    debit: runner.ledgerId,
    credit: place,
    amount: 90,
    atMs,
  })
  await ledger.transfer({ id: 'use/x', kind: 'earnings-use', debit: place, credit: owner, amount: 50, atMs })
  const { lines } = await readAll(owner, 1)
  expect(
    lines.map(({ kind, place: where, amount, counterpart }) => [kind, where, amount, counterpart]),
  ).toEqual([
    ['earnings-use', 'earnings', -50n, 'To your balance'],
    ['earnings-use', 'balance', 50n, 'From your earnings'],
    ['mature', 'earnings', 90n, `Earnings of runner ${runner.ledgerId}`],
  ])
})
test('an account is found by small indexes, and no chat writes to them', async () => {
  for (const column of ['debit', 'credit']) {
    const { results } = await env.DB.prepare(
      `EXPLAIN QUERY PLAN SELECT id FROM ledger_transfers t WHERE t.${column} = ? and t.kind <> 'usage'
        ORDER BY t.at DESC, t.id DESC LIMIT 9`,
    )
      .bind(1)
      .all()
    const plan = results.map(({ detail }) => detail).join('; ')
    expect(plan).toContain(`USING INDEX ledger_transfers_${column}`)
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/)
  }
})

test('an owner sees for each job what was paid, and why not', async () => {
  const { user, owner, runner } = await setup()
  const foreign = await ledger.setupRunner(user)
  const at = T + 90 * DAY_MS
  const paid = await ledger.runJob({ accountId: user, runner, amount: 100n, fee: 5n, atMs: at })
  await ledger.runJob({ accountId: user, runner: foreign, amount: 100n, atMs: at + 1 })
  const failed = ledger.newJobId(at + 2)
  await ledger.openJob({ jobId: failed, accountId: user, hold: 10n, atMs: at })
  await env.DB.prepare(
    "UPDATE jobs SET state = 'failed', reason = 'runner-lost', ended_at = ?, why = ?, receipts = '[]' WHERE id = ?",
  )
    .bind(at + 3, JSON.stringify([{ runner: foreign.runnerId }, { runner: runner.runnerId }]), failed)
    .run()
  const tooMany = ledger.newJobId(at + 4)
  await ledger.openJob({ jobId: tooMany, accountId: user, hold: 10n, atMs: at })
  const receipts = [{ attempt: 0, completionTokens: 9 }]
  await ledger.endJob({ jobId: tooMany, accountId: user, runner, amount: 10n, atMs: at + 5, receipts })
  const listed = await listEarnedJobs(db, { accountId: owner, limit: 10 })
  expect(
    listed.map(({ jobId, amount, unpaidReason, reportedTokens }) => [
      jobId,
      amount,
      unpaidReason,
      reportedTokens,
    ]),
  ).toEqual([
    [tooMany, 10n, 'over-reported', 9],
    [failed, 0n, 'job-failed', undefined],
    [paid, 95n, undefined, undefined],
  ])
  expect(listed[1]?.jobReason).toBe('runner-lost')
  expect(await listEarnedJobs(db, { accountId: owner, limit: 1 })).toHaveLength(1)
  expect(await listEarnedJobs(db, { accountId: owner, limit: 0 })).toEqual([])
})
