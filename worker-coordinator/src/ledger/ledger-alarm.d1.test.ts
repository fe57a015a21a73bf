import { env } from 'cloudflare:workers'
import { beforeEach, expect, test, vi } from 'vitest'
import { findLedgerFaults, LEDGER } from './ledger.ts'
import { checkLedger } from './ledger-alarm.ts'
import { createLedgerFixture } from './ledger-fixture.ts'
import { type AuditDepth, freezePayouts, liftFreeze, readFreeze, readLedgerAudit } from './ledger-store.ts'
import { rebuildStatements } from './rebuild-balances.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const T = Date.UTC(2026, 10, 22, 12)
const run = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .run()

/** At noon everything is added up, and a minute later only accounts and payouts are. */
function alarm(depth: 'sums' | 'full' = 'full') {
  const log = vi.fn()
  const check = () =>
    checkLedger({
      readAudit: (asked) => readLedgerAudit(db, { depth: asked }),
      freezePayouts: (reason) => freezePayouts(db, reason, T),
      nowMs: () => (depth === 'full' ? T : T + 60_000),
      log,
    })
  return { check, log }
}

/** Money of every kind: a user with coins, an owner with earnings, a payout on its way, a job that runs. */
const user = await ledger.setupUser(1000n)
const owner = await ledger.setupUser()
const runner = await ledger.setupRunner(owner)
const ownerLedgerId = ledger.newId()
const keyId = await ledger.setupKey(user)
await run("INSERT INTO hot_wallet VALUES (1, '0:aa', 1, '7', 'ff', 4900, 0, 'running', NULL, 0)")
await run(
  "INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)",
  ownerLedgerId,
  `liab:owner:${owner}`,
)
await ledger.transfer({ id: 'd/1', kind: 'deposit', debit: LEDGER.hot, credit: user, amount: 5000 })
await ledger.runJob({ accountId: user, runner, amount: 700n, fee: 35n, atMs: T })
await ledger.transfer({
  id: 'm/1',
  kind: 'mature',
  debit: runner.ledgerId,
  credit: ownerLedgerId,
  amount: 600,
})
await ledger.transfer({
  id: 'n/1',
  kind: 'network-fee',
  debit: LEDGER.networkFee,
  credit: LEDGER.hot,
  amount: 100,
})
await run(
  "INSERT INTO payouts VALUES ('po_1', ?, ?, 'demand', '0:bb', 300, 20, 'queued', NULL, NULL, NULL, 0, NULL)",
  owner,
  ownerLedgerId,
)
const toInflight = { kind: 'payout', credit: LEDGER.payoutInflight } as const
await ledger.transfer({ ...toInflight, id: 'p/1', debit: ownerLedgerId, amount: 320, fee: 20 })
await ledger.openJob({ jobId: ledger.newJobId(T), accountId: user, hold: 50n, atMs: T })
await ledger.openJob({ jobId: ledger.newJobId(T), accountId: user, keyId, hold: 60n, atMs: T })

const tables = ['ledger_accounts', 'ledger_coins', 'hot_wallet', 'api_keys'] as const
const snapshot = async () =>
  Promise.all(
    tables.map(async (table) => (await env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()).results),
  )
const inOrder = await snapshot()
/** Puts every row of these tables back as it was. */
async function repair() {
  for (const [index, rows] of inOrder.entries()) {
    for (const row of rows) {
      const names = Object.keys(row)
      const table = tables[index]
      await run(
        `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
        ...Object.values(row),
        row.id,
      )
    }
  }
}
beforeEach(async () => {
  await repair()
  await liftFreeze(db)
})

test('books in order raise no alarm and stop nothing', async () => {
  const { check, log } = alarm()
  expect(await check()).toEqual([])
  expect(await readFreeze(db)).toBeUndefined()
  expect(log).not.toHaveBeenCalled()
})

const breaches: readonly (readonly [string, string, RegExp, 'sums' | 'full'])[] = [
  [
    'one account has more',
    `UPDATE ledger_accounts SET credits = credits + 1 WHERE id = ${user}`,
    /debits .* differ/,
    'sums',
  ],
  [
    'one account has less',
    `UPDATE ledger_accounts SET debits = debits + 1 WHERE id = ${user}`,
    /debits .* differ/,
    'sums',
  ],
  [
    'money was moved without a transfer',
    `UPDATE ledger_accounts SET credits = credits + iif(id = ${user}, -1, 1) WHERE id IN (${user}, ${owner})`,
    new RegExp(`2 accounts differ from their transfers: .*${user}`),
    'full',
  ],
  [
    'the hot wallet has less than the ledger says',
    'UPDATE hot_wallet SET balance = balance - 1',
    /asset:hot .* by 1$/,
    'sums',
  ],
  ['the hot wallet has more', 'UPDATE hot_wallet SET balance = balance + 1', /asset:hot .* by -1$/, 'sums'],
  [
    'less is set aside than payouts are open',
    `UPDATE ledger_accounts SET credits = credits + iif(id = 6, -1, 1) WHERE id IN (6, ${user})`,
    /payout_inflight .* by -1/,
    'sums',
  ],
  [
    'a hold belongs to no job',
    `UPDATE ledger_accounts SET held = held + 1 WHERE id = ${user}`,
    /holds .* by 1/,
    'full',
  ],
  [
    "a key's hold belongs to no job",
    `UPDATE api_keys SET held = held - 1 WHERE id = ${keyId}`,
    /holds .* by -1/,
    'full',
  ],
  [
    'a welcome credit was made withdrawable',
    `UPDATE ledger_coins SET deposited = deposited + 1`,
    /coins of 1 accounts/,
    'full',
  ],
  [
    'what was withdrawn was forgotten',
    `UPDATE ledger_coins SET withdrawn = withdrawn + 1`,
    /coins of 1 accounts/,
    'full',
  ],
]
test.each(breaches)('when %s, payouts stop', async (_, tamper, fault, depth) => {
  await run(tamper)
  const { check, log } = alarm(depth)
  const faults = await check()
  expect(
    faults.some((one) => fault.test(one)),
    faults.join('; '),
  ).toBe(true)
  expect(log).toHaveBeenCalledExactlyOnceWith('ledger-breach', { reason: faults.join('; ') })
  expect(await readFreeze(db)).toEqual({ reason: faults.join('; '), at: T })
  const id = `p/${depth}/${ledger.newId()}`
  await expect(ledger.transfer({ ...toInflight, id, debit: ownerLedgerId, amount: 1 })).rejects.toThrow(
    'payouts-frozen',
  )
})
test('an account past its limit is seen, though the rule of the table was off', async () => {
  await env.DB.batch([
    env.DB.prepare('PRAGMA ignore_check_constraints = ON'),
    env.DB.prepare('UPDATE ledger_accounts SET debits = credits + 5 WHERE id = ?').bind(owner),
    env.DB.prepare('PRAGMA ignore_check_constraints = OFF'),
  ])
  expect(await alarm('sums').check()).toContain('1 accounts are overdrawn')
})
test('a charge that no transfer carries is seen', async () => {
  const jobId = ledger.newJobId(T)
  await ledger.openJob({ jobId, accountId: user, hold: 9n, atMs: T })
  await run("UPDATE jobs SET state = 'done', charge = 9, ended_at = ? WHERE id = ?", T, jobId)
  expect(findLedgerFaults(await readLedgerAudit(db))).toContain('charges and transfers differ by 9')
  await run(
    "INSERT INTO ledger_transfers VALUES (?, 'usage', ?, ?, 9, 0, ?)",
    `${jobId}/earn/0`,
    user,
    runner.ledgerId,
    T,
  )
  inOrder[0] = (await snapshot())[0] ?? []
  expect(findLedgerFaults(await readLedgerAudit(db))).toEqual([])
})
test('a stop stays until a person lifts it, and comes back while the fault is there', async () => {
  await run('UPDATE hot_wallet SET balance = balance - 1')
  await alarm('sums').check()
  const first = await readFreeze(db)
  await run('UPDATE hot_wallet SET balance = balance + 1')
  expect(await alarm('sums').check()).toEqual([])
  expect(await readFreeze(db)).toEqual(first)
  await liftFreeze(db)
  expect(await readFreeze(db)).toBeUndefined()
  const id = `p/${ledger.newId()}`
  await run(
    "INSERT INTO payouts VALUES ('po_2', ?, ?, 'demand', '0:bb', 1, 0, 'queued', NULL, NULL, NULL, 0, NULL)",
    owner,
    ownerLedgerId,
  )
  await ledger.transfer({ ...toInflight, id, debit: ownerLedgerId, amount: 1 })
  inOrder[0] = (await snapshot())[0] ?? []
  await run('UPDATE hot_wallet SET balance = balance - 1')
  await alarm('sums').check()
  expect(await readFreeze(db)).toBeDefined()
})
test('everything is added up once an hour, and a ledger that is too long is told of', async () => {
  const readAudit = vi.fn((depth: AuditDepth) => readLedgerAudit(db, { depth, transfersMax: 3 }))
  const log = vi.fn()
  const at = (nowMs: number) =>
    checkLedger({ readAudit, freezePayouts: async () => {}, nowMs: () => nowMs, log })
  await at(T)
  await at(T + 60_000)
  await at(T + 59 * 60_000)
  await at(T + 60 * 60_000)
  expect(readAudit.mock.calls.map(([depth]) => depth)).toEqual(['full', 'sums', 'sums', 'full'])
  expect(log.mock.calls).toEqual([['ledger-too-long-to-add-up'], ['ledger-too-long-to-add-up']])
})
test('an audit that cannot be read stops nothing', async () => {
  const freeze = vi.fn()
  const failing = checkLedger({
    readAudit: () => Promise.reject(new Error('down')),
    freezePayouts: freeze,
    nowMs: () => T,
    log: () => {},
  })
  await expect(failing).rejects.toThrow('down')
  expect(freeze).not.toHaveBeenCalled()
})
test('sums that were lost are rebuilt from the transfers and the open jobs', async () => {
  const before = await snapshot()
  await run('UPDATE ledger_accounts SET debits = 0, credits = 0, held = 0')
  await run('UPDATE api_keys SET held = 0')
  await run('DELETE FROM ledger_coins')
  expect(findLedgerFaults(await readLedgerAudit(db)).length).toBeGreaterThan(0)
  await env.DB.batch(rebuildStatements().map((statement) => env.DB.prepare(statement)))
  expect(await snapshot()).toEqual(before)
  expect(findLedgerFaults(await readLedgerAudit(db))).toEqual([])
})
test('rebuilding books in order changes nothing, and twice neither', async () => {
  const before = await snapshot()
  const rebuild = () => env.DB.batch(rebuildStatements().map((statement) => env.DB.prepare(statement)))
  await rebuild()
  await rebuild()
  expect(await snapshot()).toEqual(before)
})
