import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { sumUsage } from '../billing/sum-usage.ts'
import { sumWindow } from '../billing/sum-usage-store.ts'
import { findJobs, readCursor } from '../ledger/job-window-store.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { voidJob } from './job-store.ts'
import { type LoggedRequest, listRequests } from './request-log-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const DAY_MS = 86_400_000
const T = Date.UTC(2026, 10, 22, 12)

const sumUp = (nowMs: number) =>
  sumUsage({
    nowMs: () => nowMs,
    readCursor: () => readCursor(db, 'summed'),
    findJobs: (window) => findJobs(db, window),
    takeWindow: (window) => sumWindow(db, window),
  })
async function setup() {
  const user = await ledger.setupUser(1_000_000n)
  const stranger = await ledger.setupUser(1_000_000n)
  const runner = await ledger.setupRunner(await ledger.setupUser())
  return { user, stranger, runner }
}
/** The whole log of an account, page by page. */
async function readAll(accountId: number, limit: number, options: { keyId?: number; scanMax?: number } = {}) {
  const requests: LoggedRequest[] = []
  const { keyId, ...rest } = options
  let below: string | undefined
  for (let pages = 1; ; pages++) {
    if (pages > 500) throw new Error('the pages do not end')
    const page = await listRequests(db, { accountId, keyId, limit, below, ...rest })
    expect(page.requests.length).toBeLessThanOrEqual(limit)
    requests.push(...page.requests)
    if (page.next === undefined) return { requests, pages }
    below = page.next
  }
}
const idsOf = ({ requests }: { requests: readonly LoggedRequest[] }) => requests.map(({ id }) => id)

test('a request is shown with what it used and cost, and by which key it came', async () => {
  const { user, runner } = await setup()
  const keyId = await ledger.setupKey(user, 'laptop')
  const done = await ledger.runJob({ accountId: user, keyId, runner, amount: 80n, atMs: T, endMs: T + 900 })
  const running = ledger.newJobId(T + 5)
  await ledger.openJob({ jobId: running, accountId: user, hold: 10n, atMs: T + 5, model: 'large' })
  expect(await readAll(user, 10)).toEqual({
    pages: 1,
    requests: [
      {
        id: running,
        kind: 'chat',
        model: 'large',
        tier: 'open',
        state: 'running',
        reason: null,
        keyName: null,
        promptTokens: 0,
        completionTokens: 0,
        charge: 0,
        createdAt: T + 5,
        firstDeltaAt: null,
        endedAt: null,
      },
      {
        id: done,
        kind: 'chat',
        model: 'm',
        tier: 'open',
        state: 'done',
        reason: null,
        keyName: 'laptop',
        promptTokens: 3,
        completionTokens: 5,
        charge: 80,
        createdAt: T,
        firstDeltaAt: null,
        endedAt: T + 900,
      },
    ],
  })
  await voidJob(db, running, 'runner-lost', T + 50)
  expect((await readAll(user, 10)).requests[0]).toMatchObject({ state: 'failed', reason: 'runner-lost' })
})

test('every request is shown once, the newest first, whatever the size of the pages', async () => {
  const { user, stranger, runner } = await setup()
  const start = T + 10 * DAY_MS
  const mine: string[] = []
  for (let i = 0; i < 8; i++) {
    const atMs = start + i * (DAY_MS / 2)
    await ledger.runJob({ accountId: stranger, runner, amount: 3n, atMs })
    mine.unshift(await ledger.runJob({ accountId: user, runner, amount: i % 2 === 0 ? 0n : 5n, atMs }))
    await ledger.runJob({ accountId: stranger, runner, amount: 3n, atMs: atMs + 1 })
  }
  for (const when of ['before', 'after']) {
    if (when === 'after') await sumUp(start + 30 * DAY_MS)
    for (const [limit, scanMax] of [[1], [3], [100], [2, 2], [100, 3]] as const) {
      const all = await readAll(user, limit, scanMax ? { scanMax } : {})
      expect(idsOf(all), `${when} the figures are made, pages of ${limit}`).toEqual(mine)
      // A page looks through no more jobs than it may.
      if (scanMax) expect(all.pages).toBeGreaterThanOrEqual(16 / scanMax)
    }
  }
})

test('a log is only of its account, and a filter only of its key', async () => {
  const { user, stranger, runner } = await setup()
  const start = T + 40 * DAY_MS
  const [one, other] = [await ledger.setupKey(user), await ledger.setupKey(user)]
  const first = await ledger.runJob({ accountId: user, keyId: one, runner, amount: 1n, atMs: start })
  await ledger.runJob({ accountId: stranger, runner, amount: 1n, atMs: start + 1 })
  const second = await ledger.runJob({ accountId: user, keyId: other, runner, amount: 1n, atMs: start + 2 })
  const third = await ledger.runJob({ accountId: user, runner, amount: 1n, atMs: start + 3 })
  expect(idsOf(await readAll(user, 10))).toEqual([third, second, first])
  expect(idsOf(await readAll(user, 1, { keyId: one }))).toEqual([first])
  expect(idsOf(await readAll(stranger, 10, { keyId: one }))).toEqual([])
})

test('days on which an account asked for nothing are not looked through', async () => {
  const { user, stranger, runner } = await setup()
  const start = T + 60 * DAY_MS
  const mine = await ledger.runJob({ accountId: user, runner, amount: 1n, atMs: start })
  for (let i = 1; i < 30; i++) {
    await ledger.runJob({ accountId: stranger, runner, amount: 1n, atMs: start + i * DAY_MS })
  }
  await sumUp(start + 31 * DAY_MS)
  const all = await readAll(user, 10, { scanMax: 3 })
  expect([idsOf(all), all.pages]).toEqual([[mine], 1])
})

test('jobs are found by their key, and no index by account is needed or there', async () => {
  const { results } = await env.DB.prepare(
    'EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE id < ? AND id >= ? AND account_id = ? ORDER BY id DESC LIMIT 9',
  )
    .bind('job_2', 'job_1', 1)
    .all()
  expect(results.map(({ detail }) => detail).join('; ')).toBe('SEARCH jobs USING PRIMARY KEY (id>? AND id<?)')
})
