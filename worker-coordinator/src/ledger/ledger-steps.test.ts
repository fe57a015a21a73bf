import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import type { JobId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import { openSqliteD1 } from '../../../sim/sqlite-d1.ts'
import { matureWindow, spendEarnings } from '../earnings/earnings-store.ts'
import { maturedBeforeMs, matureEarnings } from '../earnings/mature-earnings.ts'
import { voidJob } from '../jobs/job-store.ts'
import { findJobs, readCursor } from './job-window-store.ts'
import { findLedgerFaults, LEDGER, TRANSFER_KINDS, type Transfer, type TransferKind } from './ledger.ts'
import { createLedgerFixture } from './ledger-fixture.ts'
import { createLedgerModel } from './ledger-model-fixture.ts'
import { insertTransfer, readLedgerAudit } from './ledger-store.ts'

const STEPS = 10_000
const FULL_AUDIT_EVERY = 500
const MATURE_MS = 5000
const SEED = Number(process.env.LEDGER_SEED ?? Date.now() % 2 ** 31)

type OpenJob = { jobId: JobId; accountId: number; keyId: number | undefined; hold: bigint; atMs: number }
type Pay = { readonly atMs: number; readonly ledgerId: number; readonly amount: bigint }

/** A small generator of numbers that a seed repeats (mulberry32). */
function createRandom(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

test(`after each of ${STEPS} random steps the books are in order (LEDGER_SEED=${SEED})`, {
  timeout: 180_000,
}, async () => {
  const database = await openSqliteD1()
  const db = drizzle(database)
  const ledger = createLedgerFixture(database)
  const model = createLedgerModel()
  const random = createRandom(SEED)
  const pick = <One>(list: readonly One[]): One => {
    const one = list[random(list.length)]
    if (one === undefined) throw new Error('nothing to pick')
    return one
  }
  const some = (most: bigint) => {
    const edge = random(12)
    if (edge === 0) return 0n
    if (edge === 1) return 1n
    if (edge === 2) return most
    if (edge === 3) return most + 1n
    return BigInt(random(1 + Number(most > 1_000_000n ? 1_000_000n : most > 0n ? most : 0n)))
  }

  const rows = await database
    .prepare('SELECT id, code, side FROM ledger_accounts')
    .all<Record<string, string>>()
  for (const { id, code, side } of rows.results)
    model.addAccount(Number(id), `${code}`, side as 'debit' | 'credit')
  await database
    .prepare("INSERT INTO hot_wallet VALUES (1, '0:a', 1, '', '', 0, 0, 'running', NULL, 0)")
    .run()
  const users: number[] = []
  for (let i = 0; i < 4; i++) {
    users.push(await ledger.setupUser())
    model.addAccount(users[i] ?? 0, `liab:user:${users[i]}`)
  }
  const keyOf = new Map<number, number>()
  for (const user of users.slice(0, 2)) {
    keyOf.set(user, await ledger.setupKey(user))
    model.addKey(keyOf.get(user) ?? 0, user)
  }
  const runners: { ledgerId: number; runnerId: string; owner: number }[] = []
  for (const owner of [users[2] ?? 0, users[2] ?? 0, users[3] ?? 0]) {
    runners.push({ ...(await ledger.setupRunner(owner)), owner })
    model.addAccount(runners.at(-1)?.ledgerId ?? 0, `liab:runner:${runners.at(-1)?.runnerId}`)
  }
  /** A place for earnings comes with the first that mature. */
  const ownerPlaces = new Map<number, number>()

  let clock = Date.UTC(2026, 10, 22)
  let maturedTo = 0
  let accepted = 0
  const seen = new Map<TransferKind, number>()
  const open: OpenJob[] = []
  const ended: OpenJob[] = []
  const pays: Pay[] = []
  const transfers: Transfer[] = []
  let counter = 0

  /** Posts a transfer, with what belongs to it in the same batch, and expects of the database what the model says. */
  async function post(
    kind: TransferKind,
    debit: number,
    credit: number,
    amount: bigint,
    fee = 0n,
    id = `${kind}/${counter++}`,
  ) {
    const transfer: Transfer = { id, kind, debit, credit, amount: nano(amount), fee: nano(fee) }
    const may = fee <= amount && model.post(transfer)
    const hot = (debit === LEDGER.hot ? amount : 0n) - (credit === LEDGER.hot ? amount - fee : 0n)
    const moved = database.prepare('UPDATE hot_wallet SET balance = balance + ?').bind(Number(hot))
    const done = await db.batch([insertTransfer(db, transfer, clock)]).then(
      () => true,
      () => false,
    )
    expect(done, `${kind} of ${amount} from ${debit} to ${credit}`).toBe(may)
    if (!done) return false
    if (hot !== 0n) await moved.run()
    transfers.push(transfer)
    accepted += 1
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
    return true
  }
  const balance = (id: number) => {
    const { debits, credits } = model.accounts.get(id) ?? { debits: 0n, credits: 0n }
    return debits > credits ? debits - credits : credits - debits
  }

  async function openJob() {
    const accountId = pick(users)
    const keyId = random(2) ? keyOf.get(accountId) : undefined
    const hold = some(model.available(accountId))
    const jobId = ledger.newJobId(clock)
    const may = model.hold(accountId, keyId, hold)
    const opened = await ledger.openJob({ jobId, accountId, hold, atMs: clock, ...(keyId ? { keyId } : {}) })
    expect(opened.ok).toBe(may)
    if (opened.ok) open.push({ jobId, accountId, keyId, hold, atMs: clock })
  }
  async function endJob() {
    const job = open.splice(random(open.length), 1)[0]
    if (!job) return
    const runner = pick(runners)
    const charge = random(4) === 0 ? 0n : BigInt(random(Number(job.hold) + 1))
    const fee = charge / 20n
    model.release(job.accountId, job.keyId, job.hold)
    if (charge > 0n) {
      const id = `${job.jobId}/earn/0`
      const amount = nano(charge)
      model.post({ id, kind: 'usage', debit: job.accountId, credit: runner.ledgerId, amount, fee: nano(fee) })
      pays.push({ atMs: job.atMs, ledgerId: runner.ledgerId, amount: charge - fee })
      seen.set('usage', (seen.get('usage') ?? 0) + 1)
    }
    const done = await ledger.endJob({ ...job, runner, amount: charge, fee, atMs: clock })
    expect(done).toEqual({ ok: true })
    ended.push(job)
  }
  async function endJobAgain() {
    const job = ended.at(-1 - random(Math.min(ended.length, 5)))
    if (!job) return
    const late = await ledger.endJob({ ...job, runner: pick(runners), amount: 1n, atMs: clock + 1 })
    expect(late).toEqual({ ok: false, reason: 'already-ended' })
  }
  async function voidOne() {
    const job = open.splice(random(open.length), 1)[0]
    if (!job) return
    model.release(job.accountId, job.keyId, job.hold)
    expect(await voidJob(db, job.jobId, 'timed-out', clock)).toEqual({ ok: true })
    ended.push(job)
  }
  async function mature() {
    await matureEarnings({
      matureMs: MATURE_MS,
      nowMs: () => clock,
      log: () => {},
      readCursor: () => readCursor(db, 'matured'),
      findJobs: (window) => findJobs(db, window),
      takeWindow: (window) => matureWindow(db, window, clock),
    })
    const oldestOpen = Math.min(...open.map(({ atMs }) => atMs))
    const to = Math.min(maturedBeforeMs(clock, MATURE_MS), oldestOpen)
    if (to <= maturedTo) return
    for (const { ledgerId, owner } of runners) {
      const due = pays.filter((pay) => pay.ledgerId === ledgerId && pay.atMs >= maturedTo && pay.atMs < to)
      const sum = due.reduce((total, { amount }) => total + amount, 0n)
      const amount = sum < model.available(ledgerId) ? sum : model.available(ledgerId)
      // A place for the owner is made for any pay, also where nothing of it is left.
      const place = due.length > 0 ? await placeOf(owner) : undefined
      if (amount <= 0n || place === undefined) continue
      const id = `mature/${ledgerId}/${to}`
      model.post({ id, kind: 'mature', debit: ledgerId, credit: place, amount: nano(amount), fee: nano(0n) })
      seen.set('mature', (seen.get('mature') ?? 0) + 1)
    }
    maturedTo = to
  }
  async function placeOf(owner: number): Promise<number | undefined> {
    const known = ownerPlaces.get(owner)
    if (known !== undefined) return known
    const row = await database
      .prepare('SELECT id FROM ledger_accounts WHERE code = ?')
      .bind(`liab:owner:${owner}`)
      .first<{ id: number }>()
    if (!row) return undefined
    ownerPlaces.set(owner, row.id)
    model.addAccount(row.id, `liab:owner:${owner}`)
    return row.id
  }
  async function spend() {
    const [owner, place] = pick([...ownerPlaces])
    const amount = some(model.available(place))
    const requestKey = String(counter++)
    if (amount === 0n) return
    const id = `use/${owner}/${requestKey}`
    const may = model.post({
      id,
      kind: 'earnings-use',
      debit: place,
      credit: owner,
      amount: nano(amount),
      fee: nano(0n),
    })
    const spent = await spendEarnings(db, {
      accountId: owner,
      amount: nano(amount),
      requestKey,
      nowMs: clock,
    })
    expect(spent.ok).toBe(may)
    if (may) seen.set('earnings-use', (seen.get('earnings-use') ?? 0) + 1)
  }
  /** Payouts in one go: the row and the transfer are one batch, as the treasury writes them. */
  async function payout(kind: 'payout' | 'suspense-return', source: number, most: bigint) {
    const amount = some(most)
    const fee = amount > 10n && kind === 'payout' ? 3n : 0n
    const id = `po_${counter++}`
    if (!(await post(kind, source, LEDGER.payoutInflight, amount, fee, id))) return
    await database
      .prepare(
        "INSERT INTO payouts VALUES (?, NULL, ?, 'demand', '0:b', ?, ?, 'queued', NULL, NULL, NULL, 0, NULL)",
      )
      .bind(id, source, Number(amount - fee), Number(fee))
      .run()
  }
  async function endPayout(kind: 'payout-sent' | 'payout-back') {
    const row = await database
      .prepare("SELECT id, source, amount FROM payouts WHERE state = 'queued' ORDER BY id LIMIT 1 OFFSET ?")
      .bind(random(3))
      .first<{ id: string; source: number; amount: number }>()
    if (!row) return
    const to = kind === 'payout-sent' ? LEDGER.hot : row.source
    if (!(await post(kind, LEDGER.payoutInflight, to, BigInt(row.amount)))) return
    await database
      .prepare("UPDATE payouts SET state = 'failed', ended_at = 1 WHERE id = ?")
      .bind(row.id)
      .run()
  }
  async function repeat() {
    const known = transfers[random(transfers.length)]
    if (!known) return
    const { kind, debit, credit, id } = known
    await post(kind, debit, credit, known.amount + BigInt(random(2)), 0n, id)
  }

  const hot = () => balance(LEDGER.hot)
  const user = () => pick(users)
  const steps: readonly (() => Promise<unknown>)[] = [
    openJob,
    openJob,
    openJob,
    openJob,
    endJob,
    endJob,
    endJob,
    endJobAgain,
    voidOne,
    mature,
    () => (ownerPlaces.size ? spend() : mature()),
    () => post('deposit', LEDGER.hot, user(), some(90_000n)),
    () => post('welcome', LEDGER.welcome, user(), some(5000n)),
    () => post('grant', LEDGER.goodwill, user(), some(500n)),
    () => post('float', LEDGER.hot, LEDGER.float, some(50_000n)),
    () => post('network-fee', LEDGER.networkFee, LEDGER.hot, some(hot() < 50n ? hot() : 50n)),
    () => post('suspense', LEDGER.hot, LEDGER.suspenseDeposit, some(4000n)),
    () => post('claim', LEDGER.suspenseDeposit, user(), some(balance(LEDGER.suspenseDeposit))),
    () => payout('suspense-return', LEDGER.suspenseDeposit, balance(LEDGER.suspenseDeposit)),
    () => post('unknown-out', LEDGER.suspenseUnknownOut, LEDGER.hot, some(hot() < 9n ? hot() : 9n)),
    () => post('stars', LEDGER.stars, user(), some(3000n)),
    () => post('stars-back', user(), LEDGER.stars, some(500n)),
    () => post('sweep', LEDGER.cold, LEDGER.hot, some(hot() / 3n)),
    () => post('sweep', LEDGER.hot, LEDGER.cold, some(balance(LEDGER.cold))),
    () => post('refund', pick(runners).ledgerId, user(), some(20n)),
    () => {
      const id = user()
      return payout('payout', id, model.withdrawable(id))
    },
    () => {
      if (ownerPlaces.size === 0) return Promise.resolve()
      const [, place] = pick([...ownerPlaces])
      return payout('payout', place, model.available(place))
    },
    () => endPayout('payout-sent'),
    () => endPayout('payout-back'),
    repeat,
  ]

  for (let step = 1; step <= STEPS; step++) {
    clock += 1 + random(2000)
    await pick(steps)()
    const { results } = await database
      .prepare('SELECT id, debits, credits, held FROM ledger_accounts ORDER BY id')
      .all<Record<'id' | 'debits' | 'credits' | 'held', number>>()
    let debits = 0
    let credits = 0
    for (const row of results) {
      const sums = model.accounts.get(row.id)
      if (
        !sums ||
        row.debits !== Number(sums.debits) ||
        row.credits !== Number(sums.credits) ||
        row.held !== Number(sums.held)
      ) {
        expect.fail(
          `step ${step}: account ${row.id} is ${JSON.stringify(row)}, and must be ${sums?.code} ${sums?.debits} ${sums?.credits} ${sums?.held}`,
        )
      }
      debits += row.debits
      credits += row.credits
    }
    expect(debits, `step ${step}`).toBe(credits)
    if (step % FULL_AUDIT_EVERY === 0) {
      expect(findLedgerFaults(await readLedgerAudit(db)), `step ${step}`).toEqual([])
    }
  }
  expect(accepted).toBeGreaterThan(STEPS / 10)
  for (const kind of TRANSFER_KINDS) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0)
})
