import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { sumWindow } from '../billing/sum-usage-store.ts'
import { readCursor } from '../ledger/job-window-store.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { setRunnerState } from '../runners/runner-store.ts'
import { dayOf } from './earning-days.ts'
import { listEarnedDays, readEarnedEver } from './earning-days-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const DAY_MS = 86_400_000
/** Each test has its own days, since the cursor only grows. */
let midnight = Date.UTC(2026, 10, 22)

beforeEach(() => {
  midnight += 100 * DAY_MS
})

async function setup() {
  const payer = await ledger.setupUser(1_000_000n)
  const accountId = await ledger.setupUser()
  const runner = await ledger.setupRunner(accountId)
  const pay = (amount: bigint, endMs: number, to = runner, fee = 0n) =>
    ledger.runJob({ accountId: payer, runner: to, amount, fee, atMs: endMs - 1000, endMs })
  const days = (fromDay = dayOf(midnight) - 29) => listEarnedDays(db, { accountId, fromDay })
  return { payer, accountId, runner, pay, days }
}
async function sumUpTo(ms: number) {
  const from = await readCursor(db, 'summed')
  expect(await sumWindow(db, { from, to: firstJobIdAt(ms) })).toBe(true)
}

test('a day ends at midnight, UTC, by when jobs ended, before and after they are summed', async () => {
  const { runner, pay, days } = await setup()
  await pay(100n, midnight - 1, runner, 5n)
  await pay(10n, midnight)
  await pay(1n, midnight + 5000)
  const today = dayOf(midnight)
  const lines = [
    { ledgerId: runner.ledgerId, day: today - 1, jobs: 1, amount: 95n },
    { ledgerId: runner.ledgerId, day: today, jobs: 2, amount: 11n },
  ]
  expect((await days()).toSorted((a, b) => a.day - b.day)).toEqual(lines)
  // One of the two of the day is summed, the other not yet: together they are one line.
  await sumUpTo(midnight + 1000)
  expect((await days()).toSorted((a, b) => a.day - b.day)).toEqual(lines)
  await sumUpTo(midnight + DAY_MS)
  expect((await days()).toSorted((a, b) => a.day - b.day)).toEqual(lines)
})
test('days before the first one are left out', async () => {
  const { pay, days } = await setup()
  await pay(7n, midnight - 30 * DAY_MS + 5000)
  await pay(3n, midnight - 29 * DAY_MS + 5000)
  expect((await days()).map(({ amount }) => amount)).toEqual([3n])
  await sumUpTo(midnight + DAY_MS)
  expect((await days()).map(({ amount }) => amount)).toEqual([3n])
})
test("all runners of an account are there, those that were removed too, and nobody else's", async () => {
  const { accountId, runner, pay, days } = await setup()
  const second = await ledger.setupRunner(accountId)
  const foreign = await ledger.setupRunner(await ledger.setupUser())
  await pay(5n, midnight)
  await pay(6n, midnight, second)
  await pay(7n, midnight, foreign)
  await setRunnerState(db, { accountId, runnerId: second.runnerId }, 'removed')
  expect(new Map((await days()).map(({ ledgerId, amount }) => [ledgerId, amount]))).toEqual(
    new Map([
      [runner.ledgerId, 5n],
      [second.ledgerId, 6n],
    ]),
  )
})
test('the first job that is paid shows at once, and counts once when it is summed', async () => {
  const { runner, pay } = await setup()
  expect(await readEarnedEver(db, runner.ledgerId)).toEqual({ jobs: 0, earned: 0n })
  await pay(100n, midnight, runner, 5n)
  expect(await readEarnedEver(db, runner.ledgerId)).toEqual({ jobs: 1, earned: 95n })
  await sumUpTo(midnight + 60_000)
  expect(await readEarnedEver(db, runner.ledgerId)).toEqual({ jobs: 1, earned: 95n })
  await pay(1n, midnight + 2 * DAY_MS)
  expect(await readEarnedEver(db, runner.ledgerId)).toEqual({ jobs: 2, earned: 96n })
})
