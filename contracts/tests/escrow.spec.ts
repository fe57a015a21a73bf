import { comment, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import {
  MAX_CLOSE_DELAY_S,
  MIN_STORAGE,
  parseCollected,
  parseRefunded,
  topUpMessage,
} from '../wrappers/client-escrow.ts'
import { bring, collect, DAY_S, DELAY_S, NOW_S, setupEscrow, signFor } from './setup-escrow.ts'

const NEAR = toNano('0.02')

test('a deposit opens a term, and more deposits stay in it', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const { term } = await world.state()
  expect(term).toBeGreaterThan(0n)
  for (const body of [undefined, comment('for silkworm'), topUpMessage({ queryId: 1n })]) {
    expect((await world.from(world.stranger, toNano('1'), body)).exitCode).toBe(0)
  }
  expect(await world.state()).toMatchObject({ term, collected: 0n })
  expect(await world.balance()).toBeGreaterThan(toNano('13') - NEAR)
})

test('a voucher brings the payee exactly what it says, and what is left of the gas', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const first = await collect(world, toNano('3.3'))
  expect(first).toMatchObject({ exitCode: 0, actionCode: 0, delta: -toNano('3.3') })
  const [payment] = first.sent
  expect(payment?.to).toBe(world.payee.address.toRawString())
  expect(payment && parseCollected(payment.body)).toEqual({
    queryId: 5n,
    taken: toNano('3.3'),
    collected: toNano('3.3'),
  })
  expect(payment?.value).toBeGreaterThan(toNano('3.3'))
  expect(payment?.value).toBeLessThan(toNano('3.31'))

  const second = await collect(world, toNano('5'))
  expect(second.delta).toBe(-toNano('1.7'))
  expect(await world.state()).toMatchObject({ collected: toNano('5') })
})

test('whoever brings a voucher, the coins go to the payee', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const outcome = await collect(world, toNano('1'), { sender: world.stranger })
  expect(outcome.sent.map(({ to }) => to)).toEqual([world.payee.address.toRawString()])
})

test('a voucher for more than there is takes what there is, but the storage reserve, and the rest later', async () => {
  const world = await setupEscrow()
  await world.deploy(toNano('2'))
  const signature = await signFor(world, toNano('5'))
  await bring(world, toNano('5'), signature)
  expect(await world.balance()).toBe(MIN_STORAGE)
  const { collected } = await world.state()
  expect(collected).toBeLessThan(toNano('2'))

  await world.from(world.owner, toNano('10'))
  const later = await bring(world, toNano('5'), signature)
  expect(later.delta).toBe(-(toNano('5') - collected))
  expect((await bring(world, toNano('5'), signature)).exitCode).toBe(1004)
})

test('without a cap the payee takes nothing by itself', async () => {
  const world = await setupEscrow()
  await world.deploy()
  expect((await world.collectWithinCap(1n)).exitCode).toBe(1006)
})

test('by itself the payee takes the cap a day, whether it asks once or often, and again the next day', async () => {
  const cap = toNano('1')
  const world = await setupEscrow({ dayCap: cap })
  await world.deploy()
  const untilMidnight = DAY_S - (NOW_S % DAY_S)
  expect((await world.collectWithinCap(toNano('0.4'))).delta).toBe(-toNano('0.4'))
  expect((await world.collectWithinCap(toNano('0.4'))).exitCode).toBe(1004)
  expect((await world.collectWithinCap(cap)).delta).toBe(-toNano('0.6'))
  expect((await world.collectWithinCap(cap + 1n)).exitCode).toBe(1006)
  world.advance(untilMidnight - 1)
  expect((await world.collectWithinCap(cap + 1n)).exitCode).toBe(1006)
  world.advance(1)
  expect((await world.collectWithinCap(3n * cap)).exitCode).toBe(1006)
  expect((await world.collectWithinCap(2n * cap)).exitCode).toBe(0)
  expect(await world.state()).toMatchObject({ collected: 2n * cap, takenToday: cap })
  world.advance(5 * DAY_S)
  expect((await world.collectWithinCap(4n * cap)).exitCode).toBe(1006)
})

test('a voucher does not use up the cap, and what the cap gave counts for the next voucher', async () => {
  const world = await setupEscrow({ dayCap: toNano('1') })
  await world.deploy()
  await world.collectWithinCap(toNano('1'))
  expect((await collect(world, toNano('1'))).exitCode).toBe(1004)
  expect((await collect(world, toNano('4'))).delta).toBe(-toNano('3'))
  world.advance(DAY_S)
  expect((await world.collectWithinCap(toNano('5'))).exitCode).toBe(0)
})

test('a request to close ends at once what the payee takes by itself, and leaves vouchers their delay', async () => {
  const world = await setupEscrow({ dayCap: toNano('1') })
  await world.deploy()
  expect((await world.requestClose()).exitCode).toBe(0)
  expect(await world.state()).toMatchObject({ closeAtS: NOW_S + DELAY_S })
  expect((await world.collectWithinCap(toNano('0.1'))).exitCode).toBe(1008)
  world.advance(DELAY_S - 1)
  expect((await collect(world, toNano('4'))).exitCode).toBe(0)
})

test('a top-up while closing comes back with the rest', async () => {
  const world = await setupEscrow()
  await world.deploy()
  await world.requestClose()
  await world.from(world.stranger, toNano('5'))
  expect(await world.state()).toMatchObject({ closeAtS: NOW_S + DELAY_S })
  world.advance(DELAY_S)
  const before = await world.balanceOf(world.owner.address)
  const outcome = await world.finalizeClose()
  expect(outcome.exitCode).toBe(0)
  expect((await world.balanceOf(world.owner.address)) - before).toBeGreaterThan(toNano('15') - NEAR)
})

test.for([
  ['opened', async () => {}],
  ['collected from by voucher', (world) => collect(world, toNano('4'))],
  ['collected from within the cap', (world) => world.collectWithinCap(toNano('1'))],
  ['emptied', (world) => collect(world, toNano('100'))],
  [
    'asked to close, and collected from after',
    async (world) => {
      await world.requestClose()
      await collect(world, toNano('4'))
    },
  ],
  [
    'closed, and opened again',
    async (world) => {
      await world.requestClose()
      world.advance(DELAY_S)
      await world.finalizeClose()
      await world.from(world.owner, toNano('7'))
    },
  ],
] as [string, (world: Awaited<ReturnType<typeof setupEscrow>>) => Promise<unknown>][])(
  'the payee vanishes once the escrow is %s: the owner leaves with all of it',
  async ([, happen]) => {
    const world = await setupEscrow({ dayCap: toNano('1') })
    await world.deploy()
    await happen(world)
    if ((await world.state()).closeAtS === 0) expect((await world.requestClose()).exitCode).toBe(0)
    world.advance(DELAY_S)
    const held = await world.balance()
    const before = await world.balanceOf(world.owner.address)
    const outcome = await world.finalizeClose()
    expect(outcome).toMatchObject({ exitCode: 0, actionCode: 0 })
    expect(outcome.sent.map(({ to, body }) => [to, parseRefunded(body).queryId])).toEqual([
      [world.owner.address.toRawString(), 8n],
    ])
    expect(await world.balance()).toBe(0n)
    const gained = (await world.balanceOf(world.owner.address)) - before
    expect(gained + outcome.fees).toBe(held)
  },
)

test('terms cannot lock coins up: the longest delay is 30 days', async () => {
  const world = await setupEscrow({ closeDelayS: 0xffff_ffff })
  await world.deploy()
  expect((await world.requestClose()).exitCode).toBe(0)
  world.advance(MAX_CLOSE_DELAY_S - 1)
  expect((await world.finalizeClose()).exitCode).toBe(1010)
  world.advance(1)
  expect((await world.finalizeClose()).exitCode).toBe(0)
})

test('after FinalizeClose the contract is there, and vouchers that were signed before are dead', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const { term } = await world.state()
  await collect(world, toNano('4'))
  const unused = await signFor(world, toNano('9'))
  await world.requestClose()
  world.advance(DELAY_S)
  await world.finalizeClose()
  expect(await world.state()).toMatchObject({ term: 0n, collected: toNano('4'), closeAtS: 0, available: 0n })
  expect((await bring(world, toNano('9'), unused)).exitCode).toBe(1011)

  await world.from(world.owner, toNano('10'))
  const reopened = await world.state()
  expect(reopened.term).toBeGreaterThan(term)
  expect(reopened.collected).toBe(toNano('4'))
  expect((await bring(world, toNano('9'), unused)).exitCode).toBe(1003)
  expect((await collect(world, toNano('4'))).exitCode).toBe(1004)
  expect((await collect(world, toNano('5'))).delta).toBe(-toNano('1'))
})

test('if the chain forgot the contract and it were deployed again, vouchers of its first life would be dead', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const voucher = await signFor(world, toNano('4'))
  expect((await bring(world, toNano('4'), voucher)).exitCode).toBe(0)
  await world.forget()
  await world.deploy()
  expect(await world.state()).toMatchObject({ collected: 0n })
  expect((await bring(world, toNano('4'), voucher)).exitCode).toBe(1003)
})

test('deploying twice is a top-up: what was collected stays collected', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const voucher = await signFor(world, toNano('4'))
  await bring(world, toNano('4'), voucher)
  const { term } = await world.state()
  await world.deploy()
  expect(await world.state()).toMatchObject({ term, collected: toNano('4') })
  expect((await bring(world, toNano('4'), voucher)).exitCode).toBe(1004)
})

test('coins that bounce back stay, and neither open nor change anything', async () => {
  const world = await setupEscrow()
  await world.deploy()
  await world.requestClose()
  world.advance(DELAY_S)
  await world.finalizeClose()
  const before = await world.state()
  const bounced = { from: world.payee.address, value: toNano('3'), bounce: false, bounced: true }
  const outcome = await world.inject({ ...bounced, body: comment('whatever') })
  expect(outcome).toMatchObject({ exitCode: 0, sent: [] })
  expect(outcome.delta).toBeGreaterThan(toNano('3') - NEAR)
  expect(await world.state()).toMatchObject({ term: 0n, collected: before.collected })
  expect((await world.requestClose()).exitCode).toBe(0)
  world.advance(DELAY_S)
  expect((await world.finalizeClose()).exitCode).toBe(0)
})

test('coins go to a payee and an owner that have no contract, and nothing comes back', async () => {
  const { Address } = await import('@ton/core')
  const payee = new Address(0, Buffer.alloc(32, 9))
  const world = await setupEscrow({ payee })
  await world.deploy()
  const outcome = await collect(world, toNano('2'), { sender: world.stranger })
  expect(outcome.delta).toBe(-toNano('2'))
  expect(await world.balanceOf(payee)).toBeGreaterThan(toNano('2'))
})

test('seven years alone cost no more than the storage reserve, and lose nothing else', async () => {
  const world = await setupEscrow()
  await world.deploy(toNano('1'))
  await collect(world, toNano('100'))
  expect(await world.balance()).toBe(MIN_STORAGE)
  world.advance(7 * 365 * DAY_S)
  const outcome = await world.from(world.stranger, toNano('1'))
  expect(outcome.exitCode).toBe(0)
  expect(outcome.delta).toBeGreaterThan(toNano('1') - MIN_STORAGE)
  expect((await world.state()).collected).toBeGreaterThan(0n)
})
