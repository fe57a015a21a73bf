import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { createTreasuryFixture, TON } from '../treasury/treasury-fixture.ts'
import { failPayout, listPayouts, orderAutomaticPayouts, orderPayout } from './payout-store.ts'

const world = createTreasuryFixture(env.DB, 31)
const db = drizzle(env.DB)
const NOW_MS = 1_780_000_000_000
const OTHER = `0:${'8'.repeat(64)}`

const order = (
  person: { accountId: number; wallet: string },
  given: Partial<Parameters<typeof orderPayout>[1]> = {},
) =>
  orderPayout(db, {
    accountId: person.accountId,
    source: 'owner',
    amount: nano(TON),
    destination: person.wallet,
    cause: 'demand',
    idempotency: 'key',
    nowMs: NOW_MS,
    ...given,
  })
const ownerBalance = (person: { accountId: number }) => world.balanceOf(`liab:owner:${person.accountId}`)

test('an order sets the amount and its fee aside, and queues the payout', async () => {
  const owner = await world.setupPerson(5n * TON)
  const inflight = await world.balanceOf('liab:payout_inflight')
  const result = await order(owner)
  expect(result).toMatchObject({
    ok: true,
    payout: {
      state: 'queued',
      amount: TON,
      fee: 500_000n,
      source: owner.ownerPlace,
      destination: owner.wallet,
    },
  })
  expect(await ownerBalance(owner)).toBe(4n * TON - 500_000n)
  expect(await world.balanceOf('liab:payout_inflight')).toBe(inflight + TON)
})

test('the same order again is the same payout; the same key with another order is refused', async () => {
  const owner = await world.setupPerson(5n * TON)
  const [first, again] = [await order(owner), await order(owner, { nowMs: NOW_MS + 9 })]
  expect(again).toEqual(first)
  for (const other of [{ amount: nano(2n * TON) }, { source: 'user' as const }, { destination: OTHER }]) {
    expect(await order(owner, other)).toEqual({ ok: false, reason: 'idempotency-mismatch' })
  }
  expect(await ownerBalance(owner)).toBe(4n * TON - 500_000n)
})

test('30 racers with one key order once, and with 30 keys as often as the balance allows', async () => {
  const owner = await world.setupPerson(5n * TON)
  const same = await Promise.all(Array.from({ length: 30 }, () => order(owner)))
  expect(new Set(same.map((one) => one.ok && one.payout.id)).size).toBe(1)
  const many = await Promise.all(Array.from({ length: 30 }, (_, i) => order(owner, { idempotency: `k${i}` })))
  expect(many.filter(({ ok }) => ok)).toHaveLength(3)
  expect(many.filter((one) => !one.ok).every((one) => !one.ok && one.reason === 'insufficient-funds')).toBe(
    true,
  )
  expect(await ownerBalance(owner)).toBe(TON - 4n * 500_000n)
})

test('an order whose reply was lost has been made, once', async () => {
  const owner = await world.setupPerson(5n * TON)
  const lossy = drizzle(lostReplyD1(env.DB))
  const given = {
    accountId: owner.accountId,
    source: 'owner',
    amount: nano(TON),
    destination: owner.wallet,
    cause: 'demand',
    idempotency: 'lost',
    nowMs: NOW_MS,
  } as const
  const result = await orderPayout(lossy, given)
  expect(result).toMatchObject({ ok: true })
  expect(await orderPayout(db, given)).toEqual(result)
  expect(await ownerBalance(owner)).toBe(4n * TON - 500_000n)
})

test('coins go only to the proven wallet that is in effect: the old one until the new one counts', async () => {
  const owner = await world.setupPerson(50n * TON)
  await world
    .run(
      'UPDATE wallets SET next_address = ?, next_from = ? WHERE account_id = ?',
      OTHER,
      NOW_MS + 1000,
      owner.accountId,
    )
    .run()
  expect(await order(owner, { destination: OTHER, idempotency: 'a' })).toEqual({
    ok: false,
    reason: 'wallet-not-proven',
  })
  expect(await order(owner, { idempotency: 'b' })).toMatchObject({ ok: true })
  const later = { nowMs: NOW_MS + 1000 }
  expect(await order(owner, { ...later, idempotency: 'c' })).toEqual({
    ok: false,
    reason: 'wallet-not-proven',
  })
  expect(await order(owner, { ...later, destination: OTHER, idempotency: 'd' })).toMatchObject({ ok: true })
  await world.run('DELETE FROM wallets WHERE account_id = ?', owner.accountId).run()
  expect(await order(owner, { idempotency: 'e' })).toEqual({ ok: false, reason: 'wallet-not-proven' })
})

test('less than the minimum, more than there is, and an account without earnings are refused', async () => {
  const owner = await world.setupPerson(5n * TON)
  const refuse = async (given: Parameters<typeof order>[1]) => {
    const result = await order(owner, { idempotency: JSON.stringify(Object.keys(given ?? {})), ...given })
    return result.ok ? 'ok' : result.reason
  }
  expect(await refuse({ amount: nano(19_999_999n) })).toBe('below-minimum')
  expect(await refuse({ amount: nano(5n * TON) })).toBe('insufficient-funds')
  expect(await refuse({ accountId: 6_999_999_999 })).toBe('insufficient-funds')
  expect(await ownerBalance(owner)).toBe(5n * TON)
})

test('a welcome credit is not withdrawable; what was deposited is, once', async () => {
  const user = await world.setupPerson()
  const transfer = (id: string, kind: string, debit: number, amount: bigint) =>
    world
      .run(
        'INSERT INTO ledger_transfers VALUES (?, ?, ?, ?, ?, 0, 0)',
        id,
        kind,
        debit,
        user.accountId,
        Number(amount),
      )
      .run()
  await transfer(`w/${user.accountId}`, 'welcome', 2, 10n * TON)
  expect(await order(user, { source: 'user' })).toEqual({ ok: false, reason: 'not-withdrawable' })
  await transfer(`d/${user.accountId}`, 'deposit', 4, 2n * TON)
  expect(await order(user, { source: 'user' })).toMatchObject({ ok: true })
  expect(await order(user, { source: 'user', idempotency: 'again' })).toEqual({
    ok: false,
    reason: 'not-withdrawable',
  })
})

test('while payouts are frozen nothing is set aside', async () => {
  const owner = await world.setupPerson(5n * TON)
  await world.run("INSERT INTO ledger_stops VALUES ('payouts-frozen', 'audit', 0)").run()
  expect(await order(owner)).toEqual({ ok: false, reason: 'payouts-frozen' })
  expect(await orderAutomaticPayouts(db, NOW_MS)).toBe(0)
  await world.run('DELETE FROM ledger_stops').run()
  expect(await order(owner)).toMatchObject({ ok: true })
})

test('matured earnings go out by themselves: all of them, from 0.1 TON on, one payout at a time, without a fee', async () => {
  const [rich, poor, noWallet] = [
    await world.setupPerson(3n * TON),
    await world.setupPerson(99_999_999n),
    await world.setupPerson(3n * TON),
  ]
  await world.run('DELETE FROM wallets WHERE account_id = ?', noWallet.accountId).run()
  const both = await Promise.all([orderAutomaticPayouts(db, NOW_MS), orderAutomaticPayouts(db, NOW_MS)])
  expect(both.some((ordered) => ordered > 0)).toBe(true)
  const { payouts } = await listPayouts(db, { accountId: rich.accountId, limit: 10 })
  expect(payouts).toMatchObject([{ cause: 'automatic', amount: 3n * TON, fee: 0n, destination: rich.wallet }])
  for (const person of [poor, noWallet]) {
    expect((await listPayouts(db, { accountId: person.accountId, limit: 10 })).payouts).toEqual([])
  }
  await world
    .run("INSERT INTO ledger_transfers VALUES ('more', 'grant', 3, ?, ?, 0, 0)", rich.ownerPlace, Number(TON))
    .run()
  await orderAutomaticPayouts(db, NOW_MS)
  expect(await ownerBalance(rich)).toBe(TON)
  await world
    .run("UPDATE payouts SET state = 'failed', ended_at = 1 WHERE id = ?", payouts[0]?.id ?? '')
    .run()
  await orderAutomaticPayouts(db, NOW_MS)
  expect(await ownerBalance(rich)).toBe(0n)
})

test('a payout that nobody signed is given up once, and its coins and fee go back', async () => {
  const owner = await world.setupPerson(5n * TON)
  const ordered = await order(owner)
  const payoutId = ordered.ok ? ordered.payout.id : ''
  const fail = { payoutId, reason: 'bad-destination', nowMs: NOW_MS }
  const lossy = drizzle(lostReplyD1(env.DB))
  expect(await failPayout(lossy, fail)).toBe(true)
  expect(await failPayout(db, fail)).toBe(false)
  expect(await ownerBalance(owner)).toBe(5n * TON)
  const { payouts } = await listPayouts(db, { accountId: owner.accountId, limit: 5 })
  expect(payouts).toMatchObject([{ state: 'failed', reason: 'bad-destination', endedAt: NOW_MS }])
})

test('a payout that was signed is not given up', async () => {
  const owner = await world.setupPerson(5n * TON)
  const ordered = await order(owner)
  const payoutId = ordered.ok ? ordered.payout.id : ''
  await world.run("UPDATE payouts SET state = 'planned', seqno = 4 WHERE id = ?", payoutId).run()
  expect(await failPayout(db, { payoutId, reason: 'bad-destination', nowMs: NOW_MS })).toBe(false)
  expect(await ownerBalance(owner)).toBe(4n * TON - 500_000n)
})

test('a list comes in pages, newest first, and shows nobody else’s', async () => {
  const [owner, other] = [await world.setupPerson(5n * TON), await world.setupPerson(5n * TON)]
  await order(other)
  const ids: string[] = []
  for (let i = 0; i < 7; i++) {
    const made = await order(owner, {
      amount: nano(20_000_000n),
      idempotency: `${i}`,
      nowMs: NOW_MS + Math.floor(i / 3),
    })
    if (made.ok) ids.push(made.payout.id)
  }
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await listPayouts(db, { accountId: owner.accountId, limit: 3, ...(after ? { after } : {}) })
    seen.push(...page.payouts.map(({ id }) => id))
    after = page.next
  } while (after !== undefined)
  expect(seen.toSorted()).toEqual(ids.toSorted())
  expect(new Set(seen).size).toBe(7)
  expect(
    (await listPayouts(db, { accountId: owner.accountId, limit: 50, after: 'nonsense' })).payouts,
  ).toHaveLength(7)
})
