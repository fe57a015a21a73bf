import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { afterEach, expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { endJob, openJob, voidJob } from '../jobs/job-store.ts'
import { findLedgerFaults, LEDGER, TRANSFER_KINDS } from './ledger.ts'
import { createLedgerFixture } from './ledger-fixture.ts'
import { insertTransfer, readLedgerAudit } from './ledger-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const T = Date.UTC(2026, 10, 22, 12)
const balanceOf = (id: number) => ledger.balanceOf(`liab:user:${id}`)
const sumsOf = (id: number) =>
  env.DB.prepare('SELECT debits, credits, held FROM ledger_accounts WHERE id = ?').bind(id).first()
const grant = (id: string, credit: number, amount: bigint) =>
  ({ id, kind: 'grant', debit: LEDGER.goodwill, credit, amount: nano(amount), fee: nano(0n) }) as const

afterEach(async () => {
  expect(findLedgerFaults(await readLedgerAudit(db))).toEqual([])
})

test('300 racing holds of 10 on 1000 give exactly 100', async () => {
  const user = await ledger.setupUser(1000n)
  const keyId = await ledger.setupKey(user)
  const results = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      ledger.openJob({
        jobId: ledger.newJobId(T),
        accountId: user,
        hold: 10n,
        atMs: T,
        ...(index % 3 === 0 ? { keyId } : {}),
      }),
    ),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(100)
  expect(results.filter((one) => !one.ok && one.reason === 'insufficient-funds')).toHaveLength(200)
})
test('50 transfers of one id at once move once', async () => {
  const user = await ledger.setupUser()
  const one = grant('same/1', user, 10n)
  await Promise.allSettled(Array.from({ length: 50 }, () => insertTransfer(db, one, T)))
  expect(await balanceOf(user)).toBe(10n)
})
test('the same id with another amount, or to another, changes nothing', async () => {
  const [user, other] = [await ledger.setupUser(), await ledger.setupUser()]
  await insertTransfer(db, grant('same/2', user, 10n), T)
  await expect(insertTransfer(db, grant('same/2', user, 11n), T)).rejects.toThrow()
  await expect(insertTransfer(db, grant('same/2', other, 10n), T)).rejects.toThrow()
  expect([await balanceOf(user), await balanceOf(other)]).toEqual([10n, 0n])
})
test('a bad leg takes the whole batch back', async () => {
  const user = await ledger.setupUser(5n)
  const before = await sumsOf(user)
  const good = insertTransfer(db, grant('leg/1', user, 10n), T)
  const bad = insertTransfer(
    db,
    { ...grant('leg/2', LEDGER.commission, 1000n), kind: 'refund', debit: user },
    T,
  )
  await expect(db.batch([good, bad])).rejects.toThrow()
  expect(await sumsOf(user)).toEqual(before)
})
test('of an end, a void and an expiry at once, one counts', async () => {
  const user = await ledger.setupUser(2000n)
  const runner = await ledger.setupRunner(await ledger.setupUser())
  for (let i = 0; i < 10; i++) {
    const jobId = ledger.newJobId(T)
    await ledger.openJob({ jobId, accountId: user, hold: 100n, atMs: T })
    const results = await Promise.all([
      ledger.endJob({ jobId, accountId: user, runner, amount: 70n, fee: 3n, atMs: T + 1 }),
      voidJob(db, jobId, 'runner-lost', T + 2),
      voidJob(db, jobId, 'timed-out', T + 3),
      ledger.endJob({ jobId, accountId: user, runner, amount: 50n, atMs: T + 4 }),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  }
  expect(await sumsOf(user)).toMatchObject({ held: 0 })
})
test('a job whose opening and whose end lost their replies is opened and ended once', async () => {
  const lossy = drizzle(lostReplyD1(env.DB))
  const user = await ledger.setupUser(1000n)
  const runner = await ledger.setupRunner(await ledger.setupUser())
  const jobId = ledger.newJobId(T)
  const job = {
    kind: 'chat',
    jobId,
    caller: { accountId: user, keyId: undefined },
    model: 'm',
    tier: 'open',
    messages: [],
    params: {},
    needs: [],
  } as const
  const price = { input: nano(1n), output: nano(1n) }
  const opening = { job, shard: 0, state: 'running', price, hold: nano(100n), nowMs: T } as const
  expect(await openJob(lossy, opening)).toEqual({ ok: true })
  expect(await openJob(db, opening)).toEqual({ ok: true })
  expect(await sumsOf(user)).toEqual({ debits: 0, credits: 1000, held: 100 })
  const end = {
    jobId,
    state: 'done',
    charge: nano(60n),
    promptTokens: 1,
    completionTokens: 1,
    transfers: [
      {
        id: `${jobId}/earn/0`,
        kind: 'usage',
        debit: user,
        credit: runner.ledgerId,
        amount: nano(60n),
        fee: nano(3n),
      },
    ],
    nowMs: T + 5,
  } as const
  expect(await endJob(lossy, end)).toEqual({ ok: true })
  expect(await endJob(db, end)).toEqual({ ok: true })
  expect(await endJob(lossy, { ...end, nowMs: T + 6 })).toEqual({ ok: false, reason: 'already-ended' })
  expect(await sumsOf(user)).toEqual({ debits: 60, credits: 1000, held: 0 })
})

const wrong = [0, -1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY, '5 apples', null] as const
test.each(wrong)('%s is no amount of a transfer, of any kind', async (amount) => {
  const user = await ledger.setupUser(1000n)
  for (const kind of TRANSFER_KINDS) {
    const insert = env.DB.prepare('INSERT INTO ledger_transfers VALUES (?, ?, ?, ?, ?, 0, 0)')
    await expect(insert.bind(`w/${kind}`, kind, LEDGER.goodwill, user, amount).run(), kind).rejects.toThrow()
  }
  expect(await balanceOf(user)).toBe(1000n)
})
test.each([-1, 1.5, Number.NaN, 11, 2 ** 53])('%s is no fee of 10', async (fee) => {
  const user = await ledger.setupUser()
  const insert = env.DB.prepare("INSERT INTO ledger_transfers VALUES (?, 'grant', ?, ?, 10, ?, 0)")
  await expect(insert.bind('f/1', LEDGER.goodwill, user, fee).run()).rejects.toThrow()
})
test('D1 takes no bigint: an amount goes in through its column, and comes out whole', async () => {
  const user = await ledger.setupUser()
  const insert = env.DB.prepare("INSERT INTO ledger_transfers VALUES ('b/1', 'grant', 3, ?, ?, 0, 0)")
  expect(() => insert.bind(user, 5n)).toThrow('bigint')
  const most = 9_007_199_254_740_991n
  const used = await env.DB.prepare('SELECT debits FROM ledger_accounts WHERE id = 3').first<{
    debits: number
  }>()
  await insertTransfer(db, grant('b/2', user, most - BigInt(used?.debits ?? 0)), T)
  expect(await balanceOf(user)).toBe(most - BigInt(used?.debits ?? 0))
  await expect(insertTransfer(db, grant('b/3', user, 1n), T)).rejects.toThrow()
  await ledger.transfer({
    id: 'b/4',
    kind: 'refund',
    debit: user,
    credit: LEDGER.goodwill,
    amount: most - BigInt(used?.debits ?? 0),
  })
})
test.each(TRANSFER_KINDS.filter((kind) => !['usage', 'welcome', 'grant', 'refund'].includes(kind)))(
  '%s moves between the places that it is for, and no others',
  async (kind) => {
    const user = await ledger.setupUser(1000n)
    const runner = await ledger.setupRunner(user)
    const insert = env.DB.prepare('INSERT INTO ledger_transfers VALUES (?, ?, ?, ?, 1, 0, 0)')
    const places = [LEDGER.commission, LEDGER.welcome, LEDGER.goodwill, runner.ledgerId]
    for (const debit of places) {
      for (const credit of places.filter((place) => place !== debit)) {
        await expect(insert.bind(`p/${kind}`, kind, debit, credit).run()).rejects.toThrow()
      }
    }
    await expect(insert.bind(`p/${kind}`, kind, user, user + 1_000_000).run()).rejects.toThrow()
  },
)

test.each([
  ['what a person does not have', 'user', 'debits = debits + 101'],
  ['a hold beyond the balance', 'user', 'held = held + 101'],
  ['less than nothing held', 'user', 'held = -1'],
  ['coins that the hot wallet does not have', 'hot', 'credits = debits + 1'],
  ['more than a number keeps exactly', 'hot', 'debits = 9007199254740992'],
])('the table itself refuses %s, whatever the code does', async (_what, whose, change) => {
  const id = whose === 'hot' ? LEDGER.hot : await ledger.setupUser(100n)
  const write = env.DB.prepare(`UPDATE ledger_accounts SET ${change} WHERE id = ?`).bind(id).run()
  await expect(write).rejects.toThrow(/CHECK/)
})
