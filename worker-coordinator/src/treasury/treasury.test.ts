import { beginCell, comment } from '@ton/core'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { openSqliteD1 } from '../../../sim/sqlite-d1.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { depositComment, depositTag } from '../ton/deposit-body.ts'
import { readCell } from '../ton/text-comment.ts'
import { createTreasuryFixture, OPERATOR, STRANGER, TON } from './treasury-fixture.ts'
import { resumeTreasury } from './treasury-status-store.ts'
import { createTreasuryStore } from './treasury-store.ts'

const setup = async (seedByte = 7) => createTreasuryFixture(await openSqliteD1(), seedByte)
const tagOf = (accountId: number) => readCell(depositTag(accountId)) ?? beginCell().endCell()

test('a deposit with a tag is credited, once, for what arrived', async () => {
  const world = await setup()
  const anna = await world.setupPerson()
  const treasury = world.instance()
  world.chain.receive({ from: STRANGER, value: 3n * TON, body: tagOf(anna.accountId) })
  expect(await treasury.tick()).toEqual({ state: 'running', busy: true, transactions: 1 })
  expect(await treasury.tick()).toEqual({ state: 'running', busy: false, transactions: 0 })
  expect(await world.balanceOf(`liab:user:${anna.accountId}`)).toBe(3n * TON)
  expect(await world.balanceOf('asset:hot')).toBe(world.chain.balance)
  expect(await world.depositRows()).toMatchObject([
    { state: 'credited', via: 'tag', account_id: anna.accountId },
  ])
  await world.audit()
})

test('who pays twice is credited twice, by the same tag or by another', async () => {
  const world = await setup()
  const anna = await world.setupPerson()
  const treasury = world.instance()
  for (const body of [
    tagOf(anna.accountId),
    tagOf(anna.accountId),
    comment(depositComment(anna.accountId)),
  ]) {
    world.chain.receive({ from: STRANGER, value: TON, body })
    await treasury.tick()
  }
  expect(await world.balanceOf(`liab:user:${anna.accountId}`)).toBe(3n * TON)
  expect((await world.depositRows()).map(({ via }) => via)).toEqual(['tag', 'tag', 'comment'])
})

test('a payout goes out and is paid when the chain shows it', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  await treasury.tick()
  const ordered = await world.order(owner, 2n * TON)
  expect(ordered).toMatchObject({ ok: true })
  expect((await treasury.tick()).busy).toBe(true)
  expect(await world.payouts()).toMatchObject([{ state: 'planned' }])
  await treasury.tick()
  expect(await world.payouts()).toMatchObject([{ state: 'paid', amount: Number(2n * TON) }])
  expect(world.received(owner.wallet)).toEqual([2n * TON])
  expect(await world.balanceOf('liab:payout_inflight')).toBe(0n)
  expect(await world.balanceOf(`liab:owner:${owner.accountId}`)).toBe(3n * TON - 500_000n)
  expect(await world.balanceOf('rev:commission')).toBe(500_000n)
  await world.audit()
})

test('a message that the network lost is sent again, and the payout is paid once', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  await world.order(owner, TON)
  world.chain.takes = false
  for (let i = 0; i < 50; i++) {
    await treasury.tick()
    world.chain.nowS += 30
  }
  const tried = new Set(world.chain.sent)
  expect(tried.size).toBeGreaterThan(3)
  expect(tried.size).toBeLessThan(9)
  world.chain.takes = true
  for (const boc of tried) world.chain.deliver(boc)
  await treasury.tick()
  expect(world.received(owner.wallet)).toEqual([TON])
  expect(await world.payouts()).toMatchObject([{ state: 'paid' }])
  for (const boc of tried) expect(world.chain.deliver(boc)).toBe(false)
  await world.audit()
})

test('a later message under the same number carries newly ordered payouts too; whichever runs decides', async () => {
  const world = await setup()
  const [one, two] = [await world.setupPerson(5n * TON), await world.setupPerson(5n * TON)]
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  await world.order(one, TON)
  world.chain.takes = false
  await treasury.tick()
  const first = world.chain.sent.at(-1) ?? ''
  await world.order(two, TON)
  world.chain.nowS += 61
  await treasury.tick()
  const second = world.chain.sent.at(-1) ?? ''
  expect(second).not.toBe(first)
  expect(await world.payouts()).toMatchObject([{ state: 'planned' }, { state: 'planned' }])
  expect(world.chain.deliver(first)).toBe(true)
  expect(world.chain.deliver(second)).toBe(false)
  world.chain.takes = true
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect(world.received(one.wallet)).toEqual([TON])
  expect(world.received(two.wallet)).toEqual([TON])
  expect(await world.payouts()).toMatchObject([{ state: 'paid' }, { state: 'paid' }])
  await world.audit()
})

test('an error from sending means nothing: the chain took it, so it is paid', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const send = async (boc: string) => {
    world.chain.deliver(boc)
    throw new Error('timeout')
  }
  const treasury = world.instance({ chain: { ...world.chain, send } })
  await world.order(owner, TON)
  await treasury.tick()
  await treasury.tick()
  expect(await world.payouts()).toMatchObject([{ state: 'paid' }])
  expect(world.received(owner.wallet)).toEqual([TON])
})

test('a short balance leaves payouts waiting, and those it covers go', async () => {
  const world = await setup()
  const owner = await world.setupPerson(100n * TON)
  world.chain.receive({ from: OPERATOR, value: 3n * TON })
  const treasury = world.instance()
  await world.order(owner, 50n * TON)
  await world.order(owner, TON)
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect((await world.payouts()).map(({ state }) => state).toSorted()).toEqual(['paid', 'queued'])
  world.chain.receive({ from: OPERATOR, value: 100n * TON })
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect(world.received(owner.wallet)).toEqual([TON, 50n * TON])
  await world.audit()
})

test('what the contract left out for lack of coins waits again, and is paid later', async () => {
  const world = await setup()
  const [one, two] = [await world.setupPerson(5n * TON), await world.setupPerson(5n * TON)]
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  await world.order(one, TON)
  await world.order(two, 2n * TON)
  world.chain.takes = false
  await treasury.tick()
  const full = world.chain.balance
  world.chain.balance = 2n * TON + 100_000_000n // the contract sees fewer coins than the transactions tell
  world.chain.deliver(world.chain.sent.at(-1) ?? '')
  world.chain.balance += full - 2n * TON - 100_000_000n
  world.chain.takes = true
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect(world.received(one.wallet)).toEqual([TON])
  expect(world.received(two.wallet)).toEqual([2n * TON])
  expect((await world.payouts()).map(({ state }) => state)).toEqual(['paid', 'paid'])
  await world.audit()
})

test('254 payouts go out in one message, and 300 in two', async () => {
  const world = await setup()
  const owner = await world.setupPerson(100n * TON)
  world.chain.receive({ from: OPERATOR, value: 100n * TON })
  const treasury = world.instance()
  for (let i = 0; i < 300; i++) await world.order(owner, 20_000_000n)
  await treasury.tick()
  expect(world.chain.transactions.at(-1)?.out).toHaveLength(254)
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect((await world.payouts()).every(({ state }) => state === 'paid')).toBe(true)
  expect(world.chain.seqno).toBe(2)
  expect(world.received(owner.wallet)).toHaveLength(300)
  await world.audit()
})

test('a payout to where no coins can go is given up, and its coins and fee go back', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  await world
    .run('UPDATE wallets SET address = ? WHERE account_id = ?', `-1:${'1'.repeat(64)}`, owner.accountId)
    .run()
  const ordered = await world.order({ ...owner, wallet: `-1:${'1'.repeat(64)}` }, TON)
  expect(ordered).toMatchObject({ ok: true })
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect(await world.payouts()).toMatchObject([{ state: 'failed', reason: 'bad-destination' }])
  expect(await world.balanceOf(`liab:owner:${owner.accountId}`)).toBe(5n * TON)
  expect(world.chain.sent).toEqual([])
  await world.audit()
})

test('a payout to the hot wallet itself is given up', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  const self = { ...owner, wallet: world.wallet.address }
  await world.run('UPDATE wallets SET address = ? WHERE account_id = ?', self.wallet, owner.accountId).run()
  expect(await world.order(self, TON)).toMatchObject({ ok: true })
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  for (let i = 0; i < 2; i++) await treasury.tick()
  expect(await world.payouts()).toMatchObject([{ state: 'failed' }])
  expect(world.chain.sent).toEqual([])
})

test('a gap in one round and another an hour later stop nothing', async () => {
  const world = await setup()
  let hole = true
  const listTransactions: typeof world.chain.listTransactions = async (...asked) =>
    (await world.chain.listTransactions(...asked)).slice(hole ? 1 : 0)
  const treasury = world.instance({ chain: { ...world.chain, listTransactions } })
  for (const isHole of [true, false, true, false]) {
    for (let i = 0; i < 2; i++) world.chain.receive({ from: OPERATOR, value: TON })
    hole = isHole
    expect((await treasury.tick()).state).toBe('running')
    world.chain.nowS += 3600
  }
  expect(await world.balanceOf('asset:hot')).toBe(world.chain.balance)
})

test('a message that nobody here signed is booked and stops the wallet until a person says so', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  await treasury.tick()
  const theft = world.wallet.sign({
    seqno: 0,
    items: [{ id: `po_${'9'.repeat(26)}`, destination: STRANGER, amount: 4n * TON }],
    nowS: world.chain.nowS,
    lifeS: 60,
    deploy: true,
  })
  world.chain.deliver(theft.boc)
  await world.order(owner, TON)
  expect((await treasury.tick()).state).toBe('halted')
  expect(await world.status()).toMatchObject({ state: 'halted', reason: 'unknown-external' })
  expect(await world.balanceOf('suspense:unknown_out')).toBe(4n * TON)
  world.chain.receive({ from: STRANGER, value: TON })
  expect(await treasury.tick()).toEqual({ state: 'halted', busy: false, transactions: 0 })
  expect(world.chain.sent).toEqual([])
  expect(await resumeTreasury(world.db)).toBe(true)
  expect(await resumeTreasury(world.db)).toBe(false)
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect(world.received(owner.wallet)).toEqual([TON])
  await world.audit()
})

test('an unknown message under the number that is being tried ends that batch: its payouts wait again', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  await world.order(owner, TON)
  world.chain.takes = false
  await treasury.tick()
  const other = { items: [{ id: `po_${'9'.repeat(26)}`, destination: STRANGER, amount: TON }], lifeS: 60 }
  world.chain.deliver(world.wallet.sign({ seqno: 0, nowS: world.chain.nowS, deploy: true, ...other }).boc)
  await treasury.tick()
  expect(await world.payouts()).toMatchObject([{ state: 'queued' }])
  await resumeTreasury(world.db)
  world.chain.takes = true
  for (let i = 0; i < 3; i++) await treasury.tick()
  expect(world.received(owner.wallet)).toEqual([TON])
  await world.audit()
})

test('a database that was restored to the past stops before it reads or pays', async () => {
  const world = await setup()
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const forgotten = (seqno: number) =>
    world.wallet.sign({
      seqno,
      items: [{ id: `po_${'9'.repeat(26)}`, destination: STRANGER, amount: TON }],
      nowS: world.chain.nowS,
      lifeS: 60,
      deploy: false,
    }).boc
  world.chain.deliver(forgotten(0))
  world.chain.deliver(forgotten(1))
  expect(await world.instance().tick()).toEqual({ state: 'halted', busy: false, transactions: 0 })
  expect(await world.status()).toMatchObject({ reason: 'database-restored' })
  expect(world.events.at(-1)).toMatchObject({ event: 'treasury-halted', facts: { alarm: true } })
  // And when a person lets it go on, what it does not know stops it again, one by one.
  await resumeTreasury(world.db)
  expect((await world.instance().tick()).state).toBe('halted')
})

test('a restart with a batch under way is no restored database', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  await world.order(owner, TON)
  await world.instance().tick()
  expect(world.chain.seqno).toBe(1)
  expect((await world.instance().tick()).state).toBe('running')
  expect(await world.payouts()).toMatchObject([{ state: 'paid' }])
})

test('an instance that was replaced changes nothing, whatever it still tries', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const old = world.instance()
  await old.tick()
  const live = world.instance()
  await live.tick()
  await world.order(owner, TON)
  world.chain.receive({ from: STRANGER, value: TON, body: tagOf(owner.accountId) })
  expect((await old.tick()).state).toBe('replaced')
  expect(await world.payouts()).toMatchObject([{ state: 'queued' }])
  expect(await world.balanceOf(`liab:user:${owner.accountId}`)).toBe(0n)
  await live.tick()
  expect(await world.balanceOf(`liab:user:${owner.accountId}`)).toBe(TON)
})

test('an instance that is replaced in the middle of its round commits nothing after', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  await world.order(owner, TON)
  const store = createTreasuryStore(world.db)
  const old = world.instance({
    store: {
      ...store,
      openBatch: async (epoch, batch) => {
        await world.instance().tick()
        await store.openBatch(epoch, batch)
      },
    },
  })
  expect((await old.tick()).state).toBe('replaced')
  await world.instance().tick()
  expect(world.received(owner.wallet)).toEqual([TON])
  const { results } = await world.run('SELECT seqno FROM payout_variants').all()
  expect(results).toHaveLength(1)
})

test('a batch that was committed, and whose reply was lost, is not made twice', async () => {
  const d1 = await openSqliteD1()
  const world = createTreasuryFixture(d1)
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  world.chain.receive({ from: STRANGER, value: TON, body: tagOf(owner.accountId) })
  await world.order(owner, TON)
  const good = createTreasuryStore(drizzle(d1))
  const lossy = createTreasuryStore(drizzle(lostReplyD1(d1)))
  const treasury = world.instance({
    store: { ...good, applyScan: lossy.applyScan, openBatch: lossy.openBatch, addVariant: lossy.addVariant },
  })
  for (let i = 0; i < 6; i++) await treasury.tick().catch(() => undefined)
  expect(await world.payouts()).toMatchObject([{ state: 'paid' }])
  expect(world.received(owner.wallet)).toEqual([TON])
  expect(await world.balanceOf(`liab:user:${owner.accountId}`)).toBe(TON)
  await world.audit()
})

test('a transaction whose predecessor is missing is not believed; a node that catches up heals it', async () => {
  const world = await setup()
  for (let i = 0; i < 3; i++) world.chain.receive({ from: OPERATOR, value: TON })
  let hole = true
  const listTransactions: typeof world.chain.listTransactions = async (...asked) => {
    const all = await world.chain.listTransactions(...asked)
    return hole ? all.filter(({ lt }) => lt !== '2000000') : all
  }
  const treasury = world.instance({ chain: { ...world.chain, listTransactions } })
  await treasury.tick()
  expect(await world.balanceOf('asset:hot')).toBe(TON - 1000n)
  hole = false
  await treasury.tick()
  expect(await world.balanceOf('asset:hot')).toBe(world.chain.balance)
  expect(await world.status()).toMatchObject({ state: 'running' })
})

test('a gap that stays stops the wallet', async () => {
  const world = await setup()
  for (let i = 0; i < 3; i++) world.chain.receive({ from: OPERATOR, value: TON })
  const listTransactions: typeof world.chain.listTransactions = async (...asked) =>
    (await world.chain.listTransactions(...asked)).filter(({ lt }) => lt !== '2000000')
  const treasury = world.instance({ chain: { ...world.chain, listTransactions } })
  for (const waitS of [0, 30, 29]) {
    world.chain.nowS += waitS
    expect((await treasury.tick()).state).toBe('running')
  }
  world.chain.nowS += 1
  expect((await treasury.tick()).state).toBe('halted')
  expect(await world.status()).toMatchObject({ reason: 'chain-gap' })
  expect(await world.balanceOf('asset:hot')).toBe(TON - 1000n)
})

test('lists that come shuffled, repeated and late lead to the same books', async () => {
  const world = await setup()
  const anna = await world.setupPerson()
  for (let i = 1; i <= 12; i++)
    world.chain.receive({ from: STRANGER, value: BigInt(i) * TON, body: tagOf(anna.accountId) })
  let late = 9
  const listTransactions: typeof world.chain.listTransactions = async () => {
    const seen = world.chain.transactions.slice(0, 12 - late)
    late = Math.max(0, late - 4)
    return [...seen, ...seen].toReversed()
  }
  const treasury = world.instance({ chain: { ...world.chain, listTransactions } })
  for (let i = 0; i < 5; i++) await treasury.tick()
  expect(await world.balanceOf(`liab:user:${anna.accountId}`)).toBe(78n * TON)
  expect(await world.depositRows()).toHaveLength(12)
  await world.audit()
})

test('a chain that holds other coins than its transactions tell stops the wallet', async () => {
  const world = await setup()
  world.chain.receive({ from: OPERATOR, value: TON })
  world.chain.balance += 1n
  expect((await world.instance().tick()).state).toBe('halted')
  expect(await world.status()).toMatchObject({ reason: 'balance-mismatch' })
})

test('coins that were booked past the treasury stop the wallet', async () => {
  const world = await setup()
  world.chain.receive({ from: OPERATOR, value: TON })
  const treasury = world.instance()
  await treasury.tick()
  await world.run("INSERT INTO ledger_transfers VALUES ('x', 'float', 4, 8, 5, 0, 0)").run()
  expect((await treasury.tick()).state).toBe('halted')
  expect(await world.status()).toMatchObject({ reason: 'balance-mismatch' })
})

test('frozen payouts neither go out nor are signed, and deposits are credited', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  await world.order(owner, TON)
  await world.run("INSERT INTO ledger_stops VALUES ('payouts-frozen', 'audit', 0)").run()
  const treasury = world.instance()
  world.chain.receive({ from: STRANGER, value: TON, body: comment(depositComment(owner.accountId)) })
  await treasury.tick()
  expect(await world.balanceOf(`liab:user:${owner.accountId}`)).toBe(TON)
  expect(world.chain.sent).toEqual([])
  await world.run('DELETE FROM ledger_stops').run()
  for (let i = 0; i < 2; i++) await treasury.tick()
  expect(await world.payouts()).toMatchObject([{ state: 'paid' }])
})

test('a wallet at rest notes once a minute that the chain was read', async () => {
  const world = await setup()
  const treasury = world.instance()
  await treasury.tick()
  const began = world.nowMs()
  for (const [waitS, noted] of [
    [30, 0],
    [29, 0],
    [1, 60_000],
    [5, 60_000],
  ] as const) {
    world.chain.nowS += waitS
    await treasury.tick()
    expect(await world.status()).toMatchObject({ scannedAtMs: began + noted })
  }
})

test('another seed than the one before touches nothing', async () => {
  const d1 = await openSqliteD1()
  const world = createTreasuryFixture(d1, 7)
  await world.instance().tick()
  const other = createTreasuryFixture(d1, 8)
  expect((await other.instance().tick()).state).toBe('other-address')
  expect(await world.status()).toMatchObject({ address: world.wallet.address, state: 'running' })
})

test('a root of reserves that nobody sees yet goes into a message to the wallet itself, with or without payouts', async () => {
  const world = await setup()
  const owner = await world.setupPerson(5n * TON)
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  const treasury = world.instance()
  const day = Math.floor(world.nowMs() / 86_400_000)
  const proof = (of: number, root: string) =>
    world
      .run(
        'INSERT INTO reserve_proofs (day, root, total, leaves, document, created_at) VALUES (?, ?, 0, 0, ?, 0)',
        of,
        root,
        '{}',
      )
      .run()
  await proof(day - 1, 'a'.repeat(64))
  await treasury.tick()
  await treasury.tick()
  await proof(day, 'b'.repeat(64))
  await world.order(owner, TON)
  for (let i = 0; i < 3; i++) await treasury.tick()
  const { results } = await world
    .run('SELECT transaction_id AS id FROM reserve_proofs ORDER BY day')
    .all<{ id: string }>()
  const externals = world.chain.transactions.filter((one) => one.in?.kind === 'external')
  expect(results.map(({ id }) => id)).toEqual(externals.map(({ lt, hash }) => `${lt}:${hash}`))
  expect(world.received(owner.wallet)).toEqual([TON])
  expect(await world.balanceOf('asset:cold')).toBe(0n)
  await world.audit()
})

test('a deposit into an empty ledger is credited before its fee is taken', async () => {
  const world = await setup()
  world.chain.receive({ from: STRANGER, value: 1n })
  world.chain.receive({ from: STRANGER, value: 5000n })
  await world.instance().tick()
  expect(await world.balanceOf('suspense:deposit')).toBe(5001n)
  await world.audit()
})

test('a flood of dust is booked to the nano, and credits nobody', async () => {
  const world = await setup()
  const anna = await world.setupPerson()
  for (let i = 0; i < 400; i++)
    world.chain.receive({ from: STRANGER, value: 5000n, body: tagOf(anna.accountId) })
  world.chain.receive({ from: STRANGER, value: TON, body: tagOf(anna.accountId) })
  await world.instance().tick()
  expect(await world.balanceOf(`liab:user:${anna.accountId}`)).toBe(TON)
  expect(await world.balanceOf('suspense:deposit')).toBe(2_000_000n)
  expect(await world.balanceOf('asset:hot')).toBe(world.chain.balance)
})

test('what an escrow owes is called for along with the payouts, once a minute, and costs what the call brings', async () => {
  const fixture = await setup()
  const { chain, run } = fixture
  const person = await fixture.setupPerson(TON)
  const escrow = `0:${'e'.repeat(64)}`
  await run(
    'INSERT INTO escrows VALUES (?, ?, ?, 0, NULL, 0, 0)',
    escrow,
    person.accountId,
    'ab'.repeat(32),
  ).run()
  const body = beginCell().storeUint(1, 32).endCell().toBoc().toString('base64')
  let asked = 0
  const treasury = fixture.instance({
    findCalls: async () => {
      asked++
      return [{ destination: escrow, value: 5_000_000n, body }]
    },
  })
  chain.receive({ from: OPERATOR, value: 10n * TON })
  await treasury.tick()
  await treasury.tick()
  expect(fixture.received(escrow)).toEqual([5_000_000n])
  expect(asked).toBe(1)
  expect(await fixture.status()).toMatchObject({ state: 'running' })
  chain.nowS += 61
  await treasury.tick()
  await treasury.tick()
  expect(fixture.received(escrow)).toHaveLength(2)
  await fixture.audit()
})

test('escrows that cannot be read hold up nobody’s payout', async () => {
  const fixture = await setup()
  const person = await fixture.setupPerson(TON)
  const treasury = fixture.instance({ findCalls: async () => Promise.reject(new Error('no chain')) })
  fixture.chain.receive({ from: OPERATOR, value: 10n * TON })
  await fixture.order(person, TON / 2n)
  await treasury.tick()
  await treasury.tick()
  expect(fixture.received(person.wallet)).toEqual([TON / 2n])
})
