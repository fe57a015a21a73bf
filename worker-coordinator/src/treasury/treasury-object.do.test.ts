import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beginCell } from '@ton/core'
import { afterEach, expect, test, vi } from 'vitest'
import { depositTag } from '../ton/deposit-body.ts'
import { fakeToncenter } from '../ton/fake-toncenter-fixture.ts'
import { readCell } from '../ton/text-comment.ts'
import { createTreasuryFixture, OPERATOR, STRANGER, TON } from './treasury-fixture.ts'
import { TreasuryObject } from './treasury-object.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const stub = () => env.TREASURY.getByName('hot')

/** The object with a seed, as a deployment has it. */
function start(state: DurableObjectState, seedByte: number): TreasuryObject {
  return new TreasuryObject(state, {
    ...env,
    TON_SEED: Buffer.alloc(32, seedByte).toString('hex'),
    TON_NETWORK: '-3',
    TONCENTER_URL: 'http://toncenter.test',
    TON_OPERATOR_ADDRESSES: OPERATOR,
  })
}

test('without a seed it does nothing and sets no alarm', async () => {
  await stub().poke()
  await stub().keepAlive()
  expect(await stub().status()).toBeUndefined()
  await runInDurableObject(stub(), async (_object, { storage }) => {
    expect(await storage.getAlarm()).toBeNull()
  })
})

test('its alarm credits a deposit and pays a payout, on the real database in the real runtime', async () => {
  const world = createTreasuryFixture(env.DB, 21)
  vi.stubGlobal('fetch', fakeToncenter(world.wallet.address, world.chain))
  world.chain.nowS = Math.ceil(Date.now() / 1000)
  vi.spyOn(Date, 'now').mockImplementation(() => world.chain.nowS * 1000)
  const owner = await world.setupPerson(5n * TON)
  const tag = readCell(depositTag(owner.accountId)) ?? beginCell().endCell()
  world.chain.receive({ from: OPERATOR, value: 10n * TON })
  world.chain.receive({ from: STRANGER, value: 3n * TON, body: tag })
  await runInDurableObject(stub(), async (_object, state) => {
    const object = start(state, 21)
    await object.alarm()
    expect(await world.balanceOf(`liab:user:${owner.accountId}`)).toBe(3n * TON)
    // Earnings of 5 TON are paid out by themselves; 1 TON of the deposit goes back on demand.
    await world.order(owner, TON, { source: 'user' })
    for (let round = 0; round < 3; round++) {
      world.chain.nowS += 5
      await object.alarm()
    }
    expect(world.received(owner.wallet).toSorted()).toEqual([TON, 5n * TON])
    expect(await object.status()).toMatchObject({
      address: world.wallet.address,
      state: 'running',
      balance: world.chain.balance,
      openPayouts: 0,
    })
    await world.audit()
    expect((await state.storage.getAlarm()) ?? 0).toBe(Date.now() + 5_000)
    world.chain.nowS += 600
    await object.alarm()
    expect((await state.storage.getAlarm()) ?? 0).toBe(Date.now() + 30_000)
    await object.poke()
    await object.alarm()
    expect((await state.storage.getAlarm()) ?? 0).toBe(Date.now() + 5_000)
  })
})

test('a chain that does not answer stops no alarm', async () => {
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 422 }))
  await runInDurableObject(stub(), async (_object, state) => {
    await start(state, 21).alarm()
    expect(await state.storage.getAlarm()).toBeGreaterThan(0)
  })
})

test('a seed that is none, and an operator’s address that is none, stop it with a sentence', async () => {
  await runInDurableObject(stub(), async (_object, state) => {
    expect(() => new TreasuryObject(state, { ...env, TON_SEED: 'abc' })).toThrow('TON_SEED must be 32 bytes')
    const wrong = { ...env, TON_SEED: 'a'.repeat(64), TON_OPERATOR_ADDRESSES: 'EQx' }
    expect(() => new TreasuryObject(state, wrong)).toThrow('TON_OPERATOR_ADDRESSES: EQx: bad-address')
  })
})
