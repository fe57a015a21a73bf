import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { makeJobId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import { PAIRING_CODE_TTL_MS } from '../../../protocol/src/runner/pairing.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from '../accounts/account-id.ts'
import { findOrCreateAccount } from '../accounts/account-store.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'
import { hashPairingCode } from './pairing.ts'
import {
  CODE_KEPT_MS,
  createPairingCode,
  findRunner,
  listRunners,
  OPEN_CODES_MAX,
  pairRunner,
  renameRunner,
  setRunnerState,
} from './runner-store.ts'
import { pairingCodes } from './runners-schema.ts'

const db = drizzle(env.DB)
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const DAY_MS = 86_400_000
const newId = () => makeAccountId(crypto.getRandomValues(new Uint8Array(ACCOUNT_ID_BYTES)))

async function openAccount(telegramId: number): Promise<number> {
  const welcome = nano(1_000_000n)
  const { id } = await findOrCreateAccount(db, { telegramId, nowMs: NOW_MS, welcome, newId })
  return id
}

async function openCode(accountId: number, nowMs = NOW_MS): Promise<string> {
  const random = crypto.getRandomValues(new Uint8Array(8))
  const made = await createPairingCode(db, { accountId, nowMs, random })
  if (!made.ok) throw new Error(made.reason)
  return hashPairingCode(made.code)
}

const pairing = (codeHash: string, runnerId: string, name = 'tower') => ({
  codeHash,
  runnerId,
  publicKey: `key-of-${runnerId}`,
  name,
  nowMs: NOW_MS,
  newId,
})

/** A job that was charged and pays a runner, 5 nano of it as commission. */
async function payForJob(accountId: number, ledgerId: number, jobId: string, charge: number, atMs: number) {
  await env.DB.batch([
    env.DB.prepare(
      `insert into jobs (id, account_id, kind, model, shard, tier, state, price_input, price_output, hold, charge,
        prompt_tokens, completion_tokens, created_at)
        values (?, ?, 'chat', 'm', 0, 'open', 'running', 0, 0, ?, 0, 0, 0, ?)`,
    ).bind(jobId, accountId, charge, atMs),
    env.DB.prepare("update jobs set state = 'done', charge = ?, ended_at = ? where id = ?").bind(
      charge,
      atMs,
      jobId,
    ),
    env.DB.prepare(
      `insert into ledger_transfers (id, kind, debit, credit, amount, fee, at) values (?, 'usage', ?, ?, ?, 5, ?)`,
    ).bind(`${jobId}/earn/0`, accountId, ledgerId, charge, atMs),
  ])
}

async function countLedgerAccounts(): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)` }).from(ledgerAccounts)
  return row?.count ?? -1
}

test('a code puts a runner into its account, with its own place in the ledger', async () => {
  const accountId = await openAccount(3001)
  const codeHash = await openCode(accountId)
  expect(await pairRunner(db, pairing(codeHash, 'run_3001'))).toEqual({
    ok: true,
    runnerId: 'run_3001',
    name: 'tower',
  })
  const runner = await findRunner(db, 'run_3001')
  expect(runner).toMatchObject({ accountId, publicKey: 'key-of-run_3001', name: 'tower', state: 'active' })
  const [place] = await db
    .select()
    .from(ledgerAccounts)
    .where(eq(ledgerAccounts.id, runner?.ledgerId ?? 0))
  expect(place).toMatchObject({ code: 'liab:runner:run_3001', side: 'credit', credits: 0n })
})

test('of 20 runners that race for one code one wins, and the others leave nothing behind', async () => {
  const accountId = await openAccount(3002)
  const codeHash = await openCode(accountId)
  const before = await countLedgerAccounts()
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => pairRunner(db, pairing(codeHash, `run_3002_${i}`))),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.filter((result) => !result.ok && result.reason === 'used-code')).toHaveLength(19)
  expect(await listRunners(db, accountId, NOW_MS)).toHaveLength(1)
  expect(await countLedgerAccounts()).toBe(before + 1)
})

test('a code that never was and one that has expired answer alike', async () => {
  const accountId = await openAccount(3003)
  const codeHash = await openCode(accountId)
  const unknown = { ok: false, reason: 'unknown-code' }
  const lateMs = NOW_MS + PAIRING_CODE_TTL_MS
  expect(await pairRunner(db, pairing(await hashPairingCode('AAAAAAAA'), 'run_3003'))).toEqual(unknown)
  expect(await pairRunner(db, { ...pairing(codeHash, 'run_3003'), nowMs: lateMs })).toEqual(unknown)
  expect(await findRunner(db, 'run_3003')).toBeUndefined()
})

test('a code is good until its last millisecond', async () => {
  const codeHash = await openCode(await openAccount(3004))
  const lastMs = NOW_MS + PAIRING_CODE_TTL_MS - 1
  expect(await pairRunner(db, { ...pairing(codeHash, 'run_3004'), nowMs: lastMs })).toMatchObject({
    ok: true,
  })
})

test('a pairing whose reply was lost stands, and asking again changes nothing', async () => {
  const accountId = await openAccount(3005)
  const codeHash = await openCode(accountId)
  const lossy = drizzle(lostReplyD1(env.DB))
  expect(await pairRunner(lossy, pairing(codeHash, 'run_3005'))).toMatchObject({ ok: true, name: 'tower' })
  const first = await findRunner(db, 'run_3005')
  await setRunnerState(db, { accountId, runnerId: 'run_3005' }, 'removed')
  expect(await pairRunner(db, pairing(codeHash, 'run_3005', 'other'))).toMatchObject({
    ok: true,
    name: 'tower',
  })
  expect(await findRunner(db, 'run_3005')).toEqual({ ...first, state: 'removed' })
})

test('a pairing that could not be written leaves the code unspent', async () => {
  const accountId = await openAccount(3006)
  const codeHash = await openCode(accountId)
  const clash = { ...pairing(codeHash, 'run_3006'), newId: () => accountId }
  await expect(pairRunner(db, clash)).rejects.toThrow()
  expect(await findRunner(db, 'run_3006')).toBeUndefined()
  expect(await pairRunner(db, pairing(codeHash, 'run_3006'))).toMatchObject({ ok: true })
})

test('pairing again in the same account renames and reactivates, and keeps what was earned', async () => {
  const accountId = await openAccount(3007)
  await pairRunner(db, pairing(await openCode(accountId), 'run_3007'))
  const first = await findRunner(db, 'run_3007')
  await setRunnerState(db, { accountId, runnerId: 'run_3007' }, 'removed')
  expect(await pairRunner(db, pairing(await openCode(accountId), 'run_3007', 'attic'))).toMatchObject({
    ok: true,
    name: 'attic',
  })
  expect(await findRunner(db, 'run_3007')).toEqual({ ...first, name: 'attic', state: 'active' })
})

test("another account's code does not take a runner away, and stays unspent", async () => {
  const [owner, other] = [await openAccount(3008), await openAccount(3009)]
  await pairRunner(db, pairing(await openCode(owner), 'run_3008'))
  await setRunnerState(db, { accountId: owner, runnerId: 'run_3008' }, 'removed')
  const first = await findRunner(db, 'run_3008')
  const codeHash = await openCode(other)
  expect(await pairRunner(db, pairing(codeHash, 'run_3008', 'mine now'))).toEqual({
    ok: false,
    reason: 'belongs-to-another-account',
  })
  expect(await findRunner(db, 'run_3008')).toEqual(first)
  expect(await pairRunner(db, pairing(codeHash, 'run_3009'))).toMatchObject({ ok: true })
})

test('one runner that races with codes of two accounts ends in one of them', async () => {
  const [a, b] = [await openAccount(3010), await openAccount(3011)]
  const [codeA, codeB] = [await openCode(a), await openCode(b)]
  const results = await Promise.all([
    pairRunner(db, pairing(codeA, 'run_3010')),
    pairRunner(db, pairing(codeB, 'run_3010')),
  ])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: 'belongs-to-another-account' })
})

test('only the hash of a code is stored, a sixth code takes the place of the oldest, the rest still work', async () => {
  const accountId = await openAccount(3012)
  const random = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
  const shown = await createPairingCode(db, { accountId, nowMs: NOW_MS - 10, random })
  const id = (await hashPairingCode('BCDE-FGHJ')).slice(0, 16)
  expect(shown).toEqual({ ok: true, id, code: 'BCDE-FGHJ', expiresAtMs: NOW_MS - 10 + PAIRING_CODE_TTL_MS })
  const { results } = await env.DB.prepare('select * from pairing_codes where account_id = ?')
    .bind(accountId)
    .all()
  expect(JSON.stringify(results)).not.toMatch(/BCDE-?FGHJ/)

  const codes: string[] = []
  for (let i = 0; i < OPEN_CODES_MAX; i++) codes.push(await openCode(accountId, NOW_MS - 9 + i))
  const rows = await db.select().from(pairingCodes).where(eq(pairingCodes.accountId, accountId))
  expect(rows.map(({ hash }) => hash).toSorted()).toEqual(codes.toSorted())
  expect(await pairRunner(db, pairing(await hashPairingCode('BCDE-FGHJ'), 'run_3012'))).toMatchObject({
    reason: 'unknown-code',
  })
  expect(await pairRunner(db, pairing(codes[0] ?? '', 'run_3012'))).toMatchObject({ ok: true })
})

test("a new code sweeps away everyone's that expired a day ago, and no one's open ones", async () => {
  const [a, b] = [await openAccount(3013), await openAccount(3014)]
  const expired = await openCode(a, NOW_MS - PAIRING_CODE_TTL_MS - CODE_KEPT_MS)
  const open = await openCode(a)
  await openCode(b)
  const hashes = (await db.select().from(pairingCodes)).map(({ hash }) => hash)
  expect(hashes).not.toContain(expired)
  expect(hashes).toContain(open)
})

test('a code whose reply was lost as it was made can be used', async () => {
  const accountId = await openAccount(3015)
  const random = crypto.getRandomValues(new Uint8Array(8))
  const made = await createPairingCode(drizzle(lostReplyD1(env.DB)), { accountId, nowMs: NOW_MS, random })
  if (!made.ok) throw new Error(made.reason)
  const codeHash = await hashPairingCode(made.code)
  expect(await pairRunner(db, pairing(codeHash, 'run_3015'))).toMatchObject({ ok: true })
})

test('an owner sees what each runner earned, in all and today, after commission', async () => {
  const accountId = await openAccount(3016)
  await pairRunner(db, pairing(await openCode(accountId), 'run_3016a'))
  await pairRunner(db, pairing(await openCode(accountId), 'run_3016b', 'attic'))
  const ledgerId = (await findRunner(db, 'run_3016a'))?.ledgerId ?? 0
  const midnightMs = Math.floor(NOW_MS / DAY_MS) * DAY_MS
  const pay = (createdAtMs: number, seed: number, amount: number) =>
    payForJob(accountId, ledgerId, makeJobId(createdAtMs, new Uint8Array(16).fill(seed)), amount, createdAtMs)
  await pay(midnightMs - 1, 31, 1000)
  await pay(midnightMs, 0, 105)
  await pay(NOW_MS, 7, 205)
  expect(await listRunners(db, accountId, NOW_MS)).toMatchObject([
    { runnerId: 'run_3016a', name: 'tower', earned: 1295n, earnedToday: 300n },
    { runnerId: 'run_3016b', name: 'attic', earned: 0n, earnedToday: 0n },
  ])
  expect(await listRunners(db, accountId, NOW_MS + DAY_MS)).toMatchObject([
    { earned: 1295n, earnedToday: 0n },
    { earned: 0n, earnedToday: 0n },
  ])
})

test('an owner renames, pauses, resumes and removes a runner; another account cannot', async () => {
  const [accountId, other] = [await openAccount(3017), await openAccount(3018)]
  await pairRunner(db, pairing(await openCode(accountId), 'run_3017'))
  const own = { accountId, runnerId: 'run_3017' }
  const foreign = { accountId: other, runnerId: 'run_3017' }
  expect(await renameRunner(db, foreign, 'stolen')).toBe(false)
  expect(await setRunnerState(db, foreign, 'removed')).toBe(false)
  expect(await renameRunner(db, own, 'cellar')).toBe(true)
  expect(await setRunnerState(db, own, 'paused')).toBe(true)
  expect(await listRunners(db, accountId, NOW_MS)).toMatchObject([{ name: 'cellar', state: 'paused' }])
  expect(await setRunnerState(db, own, 'active')).toBe(true)
  expect(await setRunnerState(db, own, 'removed')).toBe(true)
  expect(await listRunners(db, accountId, NOW_MS)).toEqual([])
})

test('a removed runner comes back by a new code only', async () => {
  const accountId = await openAccount(3019)
  await pairRunner(db, pairing(await openCode(accountId), 'run_3019'))
  const own = { accountId, runnerId: 'run_3019' }
  await setRunnerState(db, own, 'removed')
  expect(await setRunnerState(db, own, 'active')).toBe(false)
  expect(await renameRunner(db, own, 'ghost')).toBe(false)
  expect(await findRunner(db, 'run_3019')).toMatchObject({ state: 'removed' })
})
