import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { beforeAll, expect, test, vi } from 'vitest'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'
import {
  isSignedReserveDocument,
  type ReservePaths,
  reserveDocumentSchema,
  reservePathsSchema,
} from '../../../protocol/src/reserves/reserve-document.ts'
import { checkPath } from '../../../protocol/src/reserves/sum-tree.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { connectDb, type Db, insertTransfer } from '../ledger/ledger-store.ts'
import { readOwnPaths } from './own-paths.ts'
import { LEAVES_KEPT_DAYS, publishReserves } from './publish-reserves.ts'
import { dayOf, toDayText } from './reserve-day.ts'
import { makeReserveKeys } from './reserve-keys.ts'
import {
  deleteLeavesBefore,
  findDocument,
  findProofForPaths,
  findUnpublishedRoot,
  insertProof,
  listOwnLedgerIds,
  listProofs,
  markPublished,
  readLeaves,
  readLedgerMoment,
} from './reserve-store.ts'
import { reserveLeaves, reserveProofs } from './reserves-schema.ts'

const db = drizzle(env.DB)
const DAY_MS = 86_400_000
const HOT = `0:${'ab'.repeat(32)}`
const keys = makeReserveKeys(new Uint8Array(32).fill(7))

let lastDay = dayOf(Date.UTC(2026, 10, 22))
/** A time on a day that no test has used. */
const newDayMs = () => ++lastDay * DAY_MS + 60_000
let lastTransfer = 0
const transfer = (
  on: Db,
  kind: 'deposit' | 'earnings-use' | 'suspense' | 'float',
  debit: number,
  credit: number,
  amount: bigint,
) =>
  insertTransfer(
    on,
    { id: `test/${++lastTransfer}`, kind, debit, credit, amount: nano(amount), fee: nano(0n) },
    1,
  )

async function makePlace(id: number, code: string, amount = 0): Promise<void> {
  await env.DB.prepare("insert into ledger_accounts values (?, ?, 'credit', 0, ?, 0)")
    .bind(id, code, amount)
    .run()
}

function depsOn(database: Db, nowMs: number) {
  return {
    nowMs: () => nowMs,
    log: () => {},
    network: '-3' as const,
    findDocument: (day: number) => findDocument(database, day),
    readLedgerMoment: () => readLedgerMoment(database),
    reserveKeys: () => keys,
    insertProof: (proof: Parameters<typeof insertProof>[1]) => insertProof(database, proof),
    deleteLeavesBefore: (old: Parameters<typeof deleteLeavesBefore>[1]) => deleteLeavesBefore(database, old),
    findProofForPaths: (day: number) => findProofForPaths(database, day),
    listOwnLedgerIds: (accountId: number) => listOwnLedgerIds(database, accountId),
    readLeaves: (day: number, ranges: Parameters<typeof readLeaves>[2]) => readLeaves(database, day, ranges),
  }
}

async function readPublished(day: number) {
  return reserveDocumentSchema.parse(JSON.parse((await findDocument(db, day)) ?? 'null'))
}

async function ownPaths(day: number, accountId: number): Promise<ReservePaths> {
  const own = await readOwnPaths(depsOn(db, 0), { day, accountId })
  if (!own.ok) throw new Error(own.reason)
  return reservePathsSchema.parse(own.paths)
}

/** Checks each path against the day's document, and gives what it counts, by account. */
async function checkedAmounts(day: number, accountId: number): Promise<Record<string, bigint>> {
  const document = await readPublished(day)
  const claim = { root: document.root, total: BigInt(document.total), leaves: document.leaves }
  const { paths } = await ownPaths(day, accountId)
  for (const path of paths) {
    expect(checkPath(claim, { ...path, amount: BigInt(path.amount) }), path.account).toEqual({ ok: true })
  }
  return Object.fromEntries(paths.map(({ account, amount }) => [account, BigInt(amount)]))
}

async function sumOfLiabilities(): Promise<bigint> {
  const row = await env.DB.prepare(
    "select cast(sum(credits - debits) as text) as owed from ledger_accounts where code like 'liab:%' or code = 'suspense:deposit'",
  ).first<{ owed: string }>()
  return BigInt(row?.owed ?? -1)
}

async function countLeaves(day: number): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)` })
    .from(reserveLeaves)
    .where(sql`${reserveLeaves.id} between ${`${day}/`} and ${`${day}/9`}`)
  return row?.count ?? -1
}

beforeAll(async () => {
  await env.DB.prepare("insert into hot_wallet values (1, ?, 1, '47', ?, 0, 0, 'running', null, 1)")
    .bind(HOT, 'cd'.repeat(32))
    .run()
  for (const id of [1001, 1002]) {
    await makePlace(id, `liab:user:${id}`, 1_234_500_000)
    await env.DB.prepare('insert into accounts values (?, ?, 1)').bind(id, id).run()
  }
  await makePlace(1101, 'liab:owner:1001', 2)
  await makePlace(1201, 'liab:runner:run_a', 3)
  await makePlace(1202, 'liab:runner:run_b')
  await makePlace(1203, 'liab:runner:run_c')
  for (const [runner, account, ledger, state] of [
    ['run_a', 1001, 1201, 'active'],
    ['run_b', 1001, 1202, 'removed'],
    ['run_c', 1002, 1203, 'active'],
  ]) {
    await env.DB.prepare(
      "insert into runners (id, account_id, ledger_id, public_key, name, state, created_at) values (?, ?, ?, 'k', 'n', ?, 1)",
    )
      .bind(runner, account, ledger, state)
      .run()
  }
})

test('a proof says what the ledger owes, to the nano, and what it says it has', async () => {
  await transfer(db, 'suspense', 4, 9, 77n)
  const nowMs = newDayMs()
  expect(await publishReserves(depsOn(db, nowMs))).toEqual({ ok: true, day: dayOf(nowMs), published: true })
  const document = await readPublished(dayOf(nowMs))
  expect(await isSignedReserveDocument(document)).toBe(true)
  expect(BigInt(document.total)).toBe(await sumOfLiabilities())
  const hot = await env.DB.prepare('select debits - credits as has from ledger_accounts where id = 4').first(
    'has',
  )
  expect(document).toMatchObject({
    version: 1,
    network: '-3',
    day: toDayText(dayOf(nowMs)),
    hotWallet: HOT,
    hot: String(hot),
    cold: '0',
    scannedLt: '47',
    scannedHash: 'cd'.repeat(32),
    createdAtMs: nowMs,
    publicKey: (await keys).publicKey,
    leaves: await countLeaves(dayOf(nowMs)),
  })
})
test('deposits without a name, payouts on their way and empty accounts have their own leaves; nothing else has', async () => {
  const nowMs = newDayMs()
  await publishReserves(depsOn(db, nowMs))
  const leaves = await readLeaves(db, dayOf(nowMs), [{ from: 0, to: 1000 }])
  const codes = leaves.map(({ account }) => account)
  expect(codes).toEqual(
    expect.arrayContaining([
      'suspense:deposit',
      'liab:payout_inflight',
      'liab:runner:run_b',
      'liab:user:1001',
    ]),
  )
  expect(codes.filter((code) => !code.startsWith('liab:'))).toEqual(['suspense:deposit'])
})

test('a person gets all own places, also of removed runners, and each is counted in the published root', async () => {
  const nowMs = newDayMs()
  await publishReserves(depsOn(db, nowMs))
  const amounts = await checkedAmounts(dayOf(nowMs), 1001)
  expect(Object.keys(amounts)).toEqual([
    'liab:user:1001',
    'liab:runner:run_b',
    'liab:runner:run_a',
    'liab:owner:1001',
  ])
  expect(amounts['liab:user:1001']).toBe(1_234_500_000n)
})
test("nobody is given another's place, nor anything of a neighbour but its hash and sum", async () => {
  const nowMs = newDayMs()
  await publishReserves(depsOn(db, nowMs))
  const day = dayOf(nowMs)
  const text = JSON.stringify(await ownPaths(day, 1002))
  expect(Object.keys(await checkedAmounts(day, 1002))).toEqual(['liab:user:1002', 'liab:runner:run_c'])
  const others = (await readLeaves(db, day, [{ from: 0, to: 1000 }])).filter(
    ({ account }) => account !== 'liab:user:1002' && account !== 'liab:runner:run_c',
  )
  expect(others.length).toBeGreaterThan(4)
  for (const { account, salt } of others) {
    expect(text).not.toContain(account)
    expect(text).not.toContain(salt)
  }
  expect((await ownPaths(day, 424_242)).paths).toEqual([])
})
test('who came after the proof was made has no path in it, and is counted the next day', async () => {
  const nowMs = newDayMs()
  await publishReserves(depsOn(db, nowMs))
  await makePlace(1300, 'liab:user:1300', 5)
  expect((await ownPaths(dayOf(nowMs), 1300)).paths).toEqual([])
  const nextMs = newDayMs()
  await publishReserves(depsOn(db, nextMs))
  expect(await checkedAmounts(dayOf(nextMs), 1300)).toEqual({ 'liab:user:1300': 5n })
})
test('neighbours change from day to day', async () => {
  const orders: string[] = []
  for (let i = 0; i < 3; i++) {
    const nowMs = newDayMs()
    await publishReserves(depsOn(db, nowMs))
    const leaves = await readLeaves(db, dayOf(nowMs), [{ from: 0, to: 1000 }])
    orders.push(leaves.map(({ ledgerId }) => ledgerId).join())
  }
  expect(new Set(orders).size).toBe(3)
})

test('20 callers at once publish one proof, and its leaves are those of its root', async () => {
  const nowMs = newDayMs()
  const results = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      if (i % 3 === 1) await transfer(db, 'deposit', 4, 1002, 1n)
      return publishReserves(depsOn(db, nowMs + i))
    }),
  )
  expect(results.filter((result) => result.ok && result.published)).toHaveLength(1)
  const document = await readPublished(dayOf(nowMs))
  expect(await countLeaves(dayOf(nowMs))).toBe(document.leaves)
  await checkedAmounts(dayOf(nowMs), 1001)
  await checkedAmounts(dayOf(nowMs), 1002)
  expect(await publishReserves(depsOn(db, nowMs + DAY_MS / 2))).toMatchObject({ published: false })
  expect(await readPublished(dayOf(nowMs))).toEqual(document)
})
test('a proof whose reply was lost was published, once', async () => {
  const nowMs = newDayMs()
  const lossy = depsOn(connectDb(lostReplyD1(env.DB)), nowMs)
  const deps = { ...depsOn(db, nowMs), insertProof: lossy.insertProof }
  expect(await publishReserves(deps)).toMatchObject({ ok: true, published: true })
  expect(await publishReserves(deps)).toMatchObject({ ok: true, published: false })
  await checkedAmounts(dayOf(nowMs), 1001)
})
test('a database that does not answer publishes nothing, and the next call does', async () => {
  const nowMs = newDayMs()
  const down = async () => {
    throw new Error('D1_ERROR: overloaded')
  }
  await expect(publishReserves({ ...depsOn(db, nowMs), insertProof: down })).rejects.toThrow('overloaded')
  expect(await findDocument(db, dayOf(nowMs))).toBeUndefined()
  expect(await countLeaves(dayOf(nowMs))).toBe(0)
  expect(await publishReserves(depsOn(db, nowMs))).toMatchObject({ published: true })
})
test('transfers that fall between any two questions to the database do not tear the proof', async () => {
  await makePlace(1401, 'liab:owner:1401', 1_000)
  const owedLessHot = async () => {
    const { has } = (await env.DB.prepare(
      'select debits - credits as has from ledger_accounts where id = 4',
    ).first<{
      has: number
    }>()) ?? { has: 0 }
    return (await sumOfLiabilities()) - BigInt(has)
  }
  const before = await owedLessHot()
  const moves = vi.fn(async () => {
    await transfer(db, 'deposit', 4, 1002, 10n)
    await transfer(db, 'earnings-use', 1401, 1001, 7n)
  })
  const nowMs = newDayMs()
  expect(await publishReserves(depsOn(connectDb(busyD1(env.DB, moves)), nowMs))).toMatchObject({
    published: true,
  })
  expect(moves.mock.calls.length).toBeGreaterThanOrEqual(3)
  const document = await readPublished(dayOf(nowMs))
  expect(BigInt(document.total) - BigInt(document.hot)).toBe(before)
  await checkedAmounts(dayOf(nowMs), 1001)
})
test('while 60 transfers race with it, a proof is of one moment', async () => {
  await makePlace(1402, 'liab:owner:1402', 1_000)
  const before = await sumOfLiabilities()
  const nowMs = newDayMs()
  await Promise.all([
    ...Array.from({ length: 30 }, () => transfer(db, 'earnings-use', 1402, 1001, 3n)),
    publishReserves(depsOn(db, nowMs)),
    ...Array.from({ length: 30 }, () => transfer(db, 'earnings-use', 1402, 1002, 3n)),
  ])
  expect(BigInt((await readPublished(dayOf(nowMs))).total)).toBe(before)
})
test('without a hot wallet nothing is published', async () => {
  const nowMs = newDayMs()
  const deps = depsOn(db, nowMs)
  const noWallet = async () => ({ ...(await readLedgerMoment(db)), wallet: undefined })
  expect(await publishReserves({ ...deps, readLedgerMoment: noWallet })).toEqual({
    ok: false,
    reason: 'no-wallet',
  })
  expect(await findDocument(db, dayOf(nowMs))).toBeUndefined()
})

test('what is owed can be the most that the ledger takes', async () => {
  const proof = {
    day: ++lastDay,
    root: 'a'.repeat(64),
    total: nano(NANO_MAX),
    document: '{}',
    crown: '{}',
    createdAt: 1,
    leaves: [{ ledgerId: 9_007_199_254_740_991, salt: '0'.repeat(32), amount: nano(NANO_MAX) }],
  }
  await insertProof(db, proof)
  const [leaf] = await db
    .select()
    .from(reserveLeaves)
    .where(eq(reserveLeaves.id, `${proof.day}/00000000`))
  expect(leaf).toMatchObject({ ledgerId: 9_007_199_254_740_991, amount: NANO_MAX })
  await db.delete(reserveLeaves).where(eq(reserveLeaves.id, `${proof.day}/00000000`))
  await db.delete(reserveProofs).where(eq(reserveProofs.day, proof.day))
})

test('a root waits for the chain, the oldest first, and is noted once', async () => {
  await db.update(reserveProofs).set({ transactionId: 'old' })
  const days: number[] = []
  for (let i = 0; i < 2; i++) {
    const nowMs = newDayMs()
    await publishReserves(depsOn(db, nowMs))
    days.push(dayOf(nowMs))
  }
  const [first = 0, second = 0] = days
  const { root } = await readPublished(first)
  expect(await findUnpublishedRoot(db, second)).toEqual({ day: toDayText(first), root })
  await markPublished(db, { day: first, root: 'f'.repeat(64), transactionId: '48:aa' })
  expect(await findUnpublishedRoot(db, second)).toEqual({ day: toDayText(first), root })
  await markPublished(db, { day: first, root, transactionId: '48:aa' })
  await markPublished(db, { day: first, root, transactionId: '49:bb' })
  expect(await findUnpublishedRoot(db, second)).toMatchObject({ day: toDayText(second) })
  expect((await listProofs(db)).days.find(({ day }) => day === first)).toMatchObject({
    transactionId: '48:aa',
  })
  expect(await findUnpublishedRoot(db, second + 40)).toBeUndefined()
})

test('4,100 accounts are written in several inserts, and a path is made from a part of them', async () => {
  const rows = Array.from({ length: 4_100 }, (_, i) => [5_000 + i, `liab:user:${5_000 + i}`, 1_000_000 + i])
  await env.DB.prepare(
    "insert into ledger_accounts select value->>0, value->>1, 'credit', 0, value->>2, 0 from json_each(?)",
  )
    .bind(JSON.stringify(rows))
    .run()
  const nowMs = newDayMs()
  const day = dayOf(nowMs)
  await publishReserves(depsOn(db, nowMs))
  const document = await readPublished(day)
  expect(document.leaves).toBeGreaterThan(4_100)
  expect(await countLeaves(day)).toBe(document.leaves)
  expect(BigInt(document.total)).toBe(await sumOfLiabilities())
  for (const id of [5_000, 5_001, 6_999, 9_099]) {
    expect(await checkedAmounts(day, id)).toEqual({ [`liab:user:${id}`]: BigInt(1_000_000 + id - 5_000) })
  }
  const read = vi.fn((...[of, ranges]: [number, Parameters<typeof readLeaves>[2]]) =>
    readLeaves(db, of, ranges),
  )
  await readOwnPaths({ ...depsOn(db, 0), readLeaves: read }, { day, accountId: 5_000 })
  expect(await read.mock.results[0]?.value).toHaveLength(8)
})
test('the leaves of a path are found by key, not by going through the table', async () => {
  const prepared = vi.spyOn(env.DB, 'prepare')
  await readLeaves(drizzle(env.DB), lastDay, [{ from: 0, to: 2 }])
  const query = prepared.mock.calls.at(-1)?.[0] ?? ''
  prepared.mockRestore()
  const plan = await env.DB.prepare(`explain query plan ${query}`)
    .bind('[["1/0","1/1"]]')
    .all<{ detail: string }>()
  const details = plan.results.map(({ detail }) => detail).join('\n')
  expect(details).toMatch(/SEARCH reserve_leaves USING PRIMARY KEY \(id>\? AND id<\?\)/)
})

test('after 31 days leaves go step by step, proofs and their list stay', async () => {
  const nowMs = newDayMs()
  const day = dayOf(nowMs)
  await publishReserves(depsOn(db, nowMs))
  const total = await countLeaves(day)
  const lastKeptMs = nowMs + (LEAVES_KEPT_DAYS - 1) * DAY_MS
  await publishReserves(depsOn(db, lastKeptMs))
  lastDay = dayOf(lastKeptMs)
  expect(await countLeaves(day)).toBe(total)
  await checkedAmounts(day, 1001)
  await deleteLeavesBefore(db, { beforeDay: day, limit: 1_000_000 })
  expect(await deleteLeavesBefore(db, { beforeDay: day + 1, limit: 100 })).toBe(100)
  expect(await countLeaves(day)).toBe(total - 100)
  expect(await readOwnPaths(depsOn(db, 0), { day, accountId: 1001 })).toEqual({
    ok: false,
    reason: 'paths-gone',
  })
  await publishReserves(depsOn(db, lastKeptMs + DAY_MS))
  lastDay++
  expect(await countLeaves(day)).toBe(0)
  expect(await isSignedReserveDocument(await readPublished(day))).toBe(true)
  expect((await listProofs(db)).days.find((listed) => listed.day === day)).toMatchObject({ pathsKept: false })
  await checkedAmounts(dayOf(lastKeptMs), 1001)
})
test('after the secret of the salts has changed, old paths are refused instead of missing', async () => {
  const nowMs = newDayMs()
  await publishReserves(depsOn(db, nowMs))
  const other = makeReserveKeys(new Uint8Array(32).fill(8))
  expect(
    await readOwnPaths(
      { ...depsOn(db, 0), reserveKeys: () => other },
      { day: dayOf(nowMs), accountId: 1001 },
    ),
  ).toEqual({ ok: false, reason: 'paths-gone' })
})
test('a day without a proof has no paths', async () => {
  expect(await readOwnPaths(depsOn(db, 0), { day: 1, accountId: 1001 })).toEqual({
    ok: false,
    reason: 'unknown-day',
  })
})

/** A D1 that answers one question after the other, and on which something happens before each. */
function busyD1(database: D1Database, happen: () => Promise<void>): D1Database {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    const answer = last.then(happen).then(ask)
    last = answer.catch(() => {}) // the one who asked is told
    return answer
  }
  const busy = (statement: D1PreparedStatement): D1PreparedStatement => {
    for (const name of ['all', 'raw', 'run', 'first'] as const) {
      const ask = statement[name].bind(statement) as (...args: unknown[]) => Promise<unknown>
      Object.assign(statement, { [name]: (...args: unknown[]) => inTurn(() => ask(...args)) })
    }
    const bind = statement.bind.bind(statement)
    return Object.assign(statement, { bind: (...values: unknown[]) => busy(bind(...values)) })
  }
  return new Proxy(database, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => busy(target.prepare(query))
      if (name === 'batch')
        return (statements: D1PreparedStatement[]) => inTurn(() => target.batch(statements))
      return Reflect.get(target, name)
    },
  })
}
