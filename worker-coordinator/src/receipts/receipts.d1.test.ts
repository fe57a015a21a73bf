import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { fromHex } from '../../../protocol/src/bytes.ts'
import { canonicalJson } from '../../../protocol/src/canonical-json.ts'
import { firstJobIdAt, makeJobId } from '../../../protocol/src/ids.ts'
import { isSignedReceiptDay, receiptDayDocumentSchema } from '../../../protocol/src/receipts/day-document.ts'
import {
  FIXTURE_JOB,
  makeFixtureKey,
  makeOpenReceipt,
} from '../../../protocol/src/receipts/receipt-fixture.ts'
import { type ReceiptProof, receiptProofSchema } from '../../../protocol/src/receipts/receipt-proof.ts'
import {
  checkReceiptPath,
  makeReceiptTree,
  receiptLeaf,
} from '../../../protocol/src/receipts/receipt-tree.ts'
import { deleteAccount } from '../accounts/account-store.ts'
import { readJob } from '../jobs/job-store.ts'
import { connectDb } from '../ledger/ledger-store.ts'
import { createReceiptDeps } from '../receipt-deps.ts'
import { dayOf } from '../reserves/reserve-day.ts'
import { makeDirectoryKey } from '../sealed/directory-key.ts'
import { buildReceiptDay } from './build-receipt-day.ts'
import { readJobProof } from './read-job-proof.ts'
import { boundsOfDay, readyAtMs } from './receipt-day.ts'
import {
  findNextDay,
  findReceiptDay,
  findUnpublishedReceipts,
  insertChunks,
  listChunks,
  listReceiptDays,
  markReceiptsPublished,
  readChunk,
  readJobsPage,
} from './receipt-store.ts'

const db = connectDb(env.DB)
const ACCOUNT = 7001
const signer = makeDirectoryKey('a secret of at least thirty-two characters')
const runner = makeFixtureKey()
const RULES = ['jobs_covered', 'jobs_hold', 'jobs_moves', 'jobs_release', 'jobs_kept']
const FIXED = ['receipt_days_fixed', 'receipt_days_kept', 'receipt_chunks_fixed', 'receipt_chunks_kept']
let kept: readonly { name: string; sql: string }[] = []

/** Without the rules of jobs: a test makes whole days of them at once. */
beforeEach(async () => {
  const names = [...RULES, ...FIXED].map((name) => `'${name}'`).join()
  const found = await env.DB.prepare(
    `select name, sql from sqlite_master where type = 'trigger' and name in (${names})`,
  ).all<{ name: string; sql: string }>()
  kept = found.results.length > 0 ? found.results : kept
  for (const { name } of found.results) await env.DB.prepare(`drop trigger ${name}`).run()
  for (const table of ['jobs', 'receipt_days', 'receipt_chunks'])
    await env.DB.prepare(`delete from ${table}`).run()
  for (const { name, sql } of kept) if (FIXED.includes(name)) await env.DB.prepare(sql).run()
})

const DAY = dayOf(Date.UTC(2026, 10, 22))
const idAt = (place: number, day = DAY) => {
  const { fromMs, endMs } = boundsOfDay(day)
  const random = Uint8Array.of(place & 31, (place >> 5) & 31, (place >> 10) & 31)
  return makeJobId(fromMs + ((endMs - fromMs - 1) % 1000) + place, random)
}

async function addJob(
  id: string,
  receipts: readonly object[] | null,
  endedAt: number | null = 5,
): Promise<void> {
  await env.DB.prepare(
    `insert into jobs (id, account_id, kind, model, shard, tier, state, price_input, price_output, hold, charge,
      prompt_tokens, completion_tokens, receipts, created_at, ended_at)
    values (?, ?, 'chat', 'tiny', 0, 'open', ?, 0, 0, 0, 0, 0, 0, ?, 1, ?)`,
  )
    .bind(id, ACCOUNT, endedAt === null ? 'running' : 'done', receipts && JSON.stringify(receipts), endedAt)
    .run()
}

/** Jobs of a day with one made-up receipt each, in one statement. */
async function addMany(count: number, receiptsOf = (place: number): object[] => [{ attempt: 0, place }]) {
  const rows = Array.from({ length: count }, (_, place) => [idAt(place), JSON.stringify(receiptsOf(place))])
  for (let at = 0; at < rows.length; at += 1000) {
    await env.DB.prepare(
      `insert into jobs (id, account_id, kind, model, shard, tier, state, price_input, price_output, hold, charge,
        prompt_tokens, completion_tokens, receipts, created_at, ended_at)
      select value->>0, ${ACCOUNT}, 'chat', 'tiny', 0, 'open', 'done', 0, 0, 0, 0, 0, 0, value->>1, 1, 5
      from json_each(?)`,
    )
      .bind(JSON.stringify(rows.slice(at, at + 1000)))
      .run()
  }
}

function depsAt(nowMs: number) {
  return {
    nowMs: () => nowMs,
    log: () => {},
    findNextDay: () => findNextDay(db),
    listChunks: (day: number) => listChunks(db, day),
    readJobs: (range: Parameters<typeof readJobsPage>[1]) => readJobsPage(db, range),
    insertChunks: (
      ...[day, chunks, whole]: Parameters<Parameters<typeof buildReceiptDay>[0]['insertChunks']>
    ) => insertChunks(db, day, chunks, whole),
    signer: () => signer,
    readJob: (jobId: string, accountId: number) => readJob(db, jobId, accountId),
    findDay: (day: number) => findReceiptDay(db, day),
    readChunk: (range: Parameters<typeof readChunk>[1]) => readChunk(db, range),
  }
}

const DUE_MS = readyAtMs(DAY)
const build = (nowMs = DUE_MS) => buildReceiptDay(depsAt(nowMs))

async function proofOf(jobId: string, accountId = ACCOUNT): Promise<ReceiptProof> {
  const read = await readJobProof(depsAt(DUE_MS), { jobId, accountId })
  if (!read.ok) throw new Error(read.reason)
  return receiptProofSchema.parse(read.proof)
}

/** Checks each stored receipt of a job against what was published of its day. */
async function checkJob(jobId: string): Promise<readonly (true | string)[]> {
  const { document, paths } = await proofOf(jobId)
  const row = await readJob(db, jobId, ACCOUNT)
  const receipts = JSON.parse(row?.receipts ?? '[]') as { attempt: number; [key: string]: number }[]
  return receipts.map((receipt) => {
    const path = paths.find(({ attempt }) => attempt === receipt.attempt)
    const checked = path ? checkReceiptPath(document, receiptLeaf(receipt), path) : undefined
    return checked?.ok ? true : (checked?.reason ?? 'no path')
  })
}

test('a signed receipt of a job is found in the published tree of its day', async () => {
  const receipt = await makeOpenReceipt(await runner)
  await addJob(FIXTURE_JOB, [receipt])
  await addMany(3)
  expect(await build()).toEqual({ state: 'built', day: DAY })
  expect(await checkJob(FIXTURE_JOB)).toEqual([true])
  const { document } = await proofOf(FIXTURE_JOB)
  expect(document).toMatchObject({ version: 1, day: '2026-11-22', leaves: 4, issued_at_ms: DUE_MS })
  expect(await isSignedReceiptDay(document)).toBe(true)
  expect(fromHex(document.signer)).toEqual((await signer).publicKey)
})

test('a receipt that was changed in the database afterwards no longer fits the published root', async () => {
  await addMany(5)
  await build()
  const jobId = idAt(2)
  expect(await checkJob(jobId)).toEqual([true])
  await env.DB.prepare(`update jobs set receipts = replace(receipts, '"place":2', '"place":9') where id = ?`)
    .bind(jobId)
    .run()
  expect(await checkJob(jobId)).toEqual(['wrong-root'])
  // Its neighbour's way leads past the changed one: that shows, too.
  expect(await checkJob(idAt(3))).toEqual(['wrong-root'])
  await env.DB.prepare('delete from jobs where id = ?').bind(idAt(4)).run()
  expect(await checkJob(idAt(1))).not.toEqual([true])
})

test.each([0, 1, 255, 256, 257, 700])('a day of %i receipts has the root of all of them', async (count) => {
  await addMany(count)
  await addJob(idAt(count + 1), null)
  await build()
  const leaves = Array.from({ length: count }, (_, place) => receiptLeaf({ attempt: 0, place }))
  const day = receiptDayDocumentSchema.parse(JSON.parse((await findReceiptDay(db, DAY))?.document ?? ''))
  expect(day).toMatchObject({ root: makeReceiptTree(leaves).root, leaves: count })
  expect(await listChunks(db, DAY)).toHaveLength(Math.ceil(count / 256))
  for (const place of [0, 254, 255, 256, count - 1].filter((at) => at >= 0 && at < count)) {
    expect(await checkJob(idAt(place)), `place ${place}`).toEqual([true])
  }
})

test('all receipts of a job whose attempts stand in two chunks are proved', async () => {
  await addMany(300, (place) =>
    place === 255 ? [2, 0, 1].map((attempt) => ({ attempt, place })) : [{ attempt: 0, place }],
  )
  await build()
  expect((await proofOf(idAt(255))).paths.map(({ attempt, place }) => [attempt, place])).toEqual([
    [0, 255],
    [1, 256],
    [2, 257],
  ])
  expect(await checkJob(idAt(255))).toEqual([true, true, true])
  expect(await checkJob(idAt(299))).toEqual([true])
})

test('a day is built over several runs, and no run reads more than its pages', async () => {
  await addMany(2_500)
  let reads = 0
  const few = {
    ...depsAt(DUE_MS),
    readJobs: (range: Parameters<typeof readJobsPage>[1]) => {
      reads++
      return readJobsPage(db, { ...range, limit: Math.min(range.limit, 1_024) })
    },
  }
  // The first run is cut off after its first page, as when a Worker is stopped.
  const stopped = {
    ...few,
    insertChunks: async (...given: Parameters<typeof few.insertChunks>) => {
      await few.insertChunks(...given)
      throw new Error('stopped')
    },
  }
  await expect(buildReceiptDay(stopped)).rejects.toThrow('stopped')
  expect(await findReceiptDay(db, DAY)).toBeUndefined()
  expect(await listChunks(db, DAY)).toHaveLength(4)
  expect(await buildReceiptDay(few)).toEqual({ state: 'built', day: DAY })
  expect(reads).toBe(3)
  const leaves = Array.from({ length: 2_500 }, (_, place) => receiptLeaf({ attempt: 0, place }))
  const { document } = await proofOf(idAt(2_000))
  expect(document.root).toBe(makeReceiptTree(leaves).root)
})

test('two runs at once come to the same chunks and to one document', async () => {
  await addMany(600)
  await Promise.all([build(), build(DUE_MS + 1)])
  const { document } = await proofOf(idAt(1))
  await build(DUE_MS + 2)
  expect((await proofOf(idAt(1))).document).toEqual(document)
  expect(await listChunks(db, DAY)).toHaveLength(3)
})

test('a day is built twenty minutes after its end and not before; a proof says when', async () => {
  await addMany(1)
  expect(await build(DUE_MS - 1)).toEqual({ state: 'nothing-due' })
  const early = await readJobProof(depsAt(DUE_MS - 1_000_000), { jobId: idAt(0), accountId: ACCOUNT })
  expect(early).toEqual({ ok: false, reason: 'not-yet', readyAtMs: DUE_MS })
  const late = await readJobProof(depsAt(DUE_MS + 5), { jobId: idAt(0), accountId: ACCOUNT })
  expect(late).toEqual({ ok: false, reason: 'not-yet', readyAtMs: DUE_MS + 60_005 })
  expect(await build()).toEqual({ state: 'built', day: DAY })
})

test('while a job of the day is open the day is not closed over it', async () => {
  await addMany(2)
  await addJob(idAt(7), null, null)
  expect(await build()).toEqual({ state: 'waiting', day: DAY })
  expect(await listReceiptDays(db)).toEqual([])
  await env.DB.prepare(
    `update jobs set state = 'done', ended_at = 9, receipts = '[{"attempt":0}]' where id = ?`,
  )
    .bind(idAt(7))
    .run()
  expect(await build()).toEqual({ state: 'built', day: DAY })
  expect((await proofOf(idAt(7))).document.leaves).toBe(3)
})

test('jobs of the next day are no part of this one, and days follow one another', async () => {
  await addMany(2)
  await addJob(firstJobIdAt(boundsOfDay(DAY).endMs) + '0'.repeat(16), [{ attempt: 0 }])
  expect(await build(readyAtMs(DAY + 2))).toEqual({ state: 'built', day: DAY })
  expect(await build(readyAtMs(DAY + 2))).toEqual({ state: 'built', day: DAY + 1 })
  expect(await build(readyAtMs(DAY + 2))).toEqual({ state: 'built', day: DAY + 2 })
  expect(await build(readyAtMs(DAY + 2))).toEqual({ state: 'nothing-due' })
  expect((await listReceiptDays(db)).map(({ day, leaves }) => [day, leaves])).toEqual([
    [DAY + 2, 0],
    [DAY + 1, 1],
    [DAY, 2],
  ])
})

test('nobody else asks for a proof, and a job without receipts has none', async () => {
  await addMany(1)
  await addJob(idAt(4), null)
  await build()
  const of = (jobId: string, accountId: number) => readJobProof(depsAt(DUE_MS), { jobId, accountId })
  expect(await of(idAt(0), ACCOUNT + 1)).toEqual({ ok: false, reason: 'job-not-found' })
  expect(await of(idAt(4), ACCOUNT)).toEqual({ ok: false, reason: 'no-receipts' })
})

test('an account that is deleted leaves its receipts in the tree: its neighbours still hold', async () => {
  await addMany(4)
  await build()
  await deleteAccount(db, ACCOUNT, 1)
  for (const place of [0, 1, 2, 3]) expect(await checkJob(idAt(place))).toEqual([true])
})

test('a root waits for the chain until a transaction carries it; what was published stays as it is', async () => {
  await addMany(2)
  await build()
  const waiting = await findUnpublishedReceipts(db, DAY + 1)
  const { document } = await proofOf(idAt(0))
  expect(waiting).toEqual({ day: '2026-11-22', root: document.root })
  expect(await findUnpublishedReceipts(db, DAY + 40)).toBeUndefined()
  const transactionId = `7:${'ab'.repeat(32)}`
  await markReceiptsPublished(db, { day: DAY, root: '0'.repeat(64), transactionId: '1:00' })
  await markReceiptsPublished(db, { day: DAY, root: document.root, transactionId })
  await markReceiptsPublished(db, { day: DAY, root: document.root, transactionId: '9:99' })
  expect((await proofOf(idAt(0))).transaction_id).toBe(transactionId)
  expect(await findUnpublishedReceipts(db, DAY + 1)).toBeUndefined()
  for (const change of [
    `update receipt_days set root = '${'0'.repeat(64)}'`,
    'delete from receipt_days',
    'update receipt_chunks set leaves = 1',
    'delete from receipt_chunks',
  ]) {
    await expect(env.DB.prepare(change).run(), change).rejects.toThrow('receipts-fixed')
  }
  expect(canonicalJson((await proofOf(idAt(0))).document)).toBe((await findReceiptDay(db, DAY))?.document)
})

test('a day without receipts is signed and not noted on the chain', async () => {
  await addJob(idAt(1), null)
  await build()
  expect(await findUnpublishedReceipts(db, DAY + 1)).toBeUndefined()
})

test('the Worker builds a day by its own clock and signs it with the key of its directories', async () => {
  const day = dayOf(Date.now()) - 2
  const jobId = makeJobId(boundsOfDay(day).fromMs + 5, new Uint8Array(16))
  await addJob(jobId, [{ attempt: 0 }])
  const deps = createReceiptDeps(env)
  for (let minute = 0; minute < 2; minute++) await deps.buildReceiptDay()
  const read = await deps.readJobProof({ jobId, accountId: ACCOUNT })
  if (!read.ok) throw new Error(read.reason)
  const { publicKey } = await makeDirectoryKey(env.SESSION_KEY)
  expect(fromHex(read.proof.document.signer)).toEqual(publicKey)
  expect(await isSignedReceiptDay(read.proof.document)).toBe(true)
})
