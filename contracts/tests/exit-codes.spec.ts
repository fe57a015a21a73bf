import { beginCell, type Cell, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import {
  COLLECT_GAS,
  collectMessage,
  collectWithinCapMessage,
  ESCROW_ERRORS,
  finalizeCloseMessage,
  MIN_STORAGE,
  OPCODES,
  requestCloseMessage,
} from '../wrappers/client-escrow.ts'
import {
  bits,
  bring,
  collect,
  DELAY_S,
  type EscrowWorld,
  type Outcome,
  STRANGERS_KEY,
  setupEscrow,
  signFor,
} from './setup-escrow.ts'

/** One case for each exit code: what leads to it in a contract that holds 10 TON, with a cap of 1 TON a day. */
const CASES: Readonly<Record<keyof typeof ESCROW_ERRORS, (world: EscrowWorld) => Promise<Outcome>>> = {
  1001: (world) => world.requestClose(world.payee),
  1002: (world) => world.collectWithinCap(toNano('0.5'), world.stranger),
  1003: (world) => collect(world, toNano('1'), { key: STRANGERS_KEY }),
  1004: async (world) => {
    await collect(world, toNano('2'))
    return collect(world, toNano('2'))
  },
  1005: async (world) => {
    await collect(world, toNano('1000'))
    return collect(world, toNano('1001'))
  },
  1006: (world) => world.collectWithinCap(toNano('1') + 1n),
  1007: (world) => collect(world, toNano('1'), { value: COLLECT_GAS - 1n }),
  1008: async (world) => {
    await world.requestClose()
    return world.requestClose()
  },
  1009: (world) => world.finalizeClose(),
  1010: async (world) => {
    await world.requestClose()
    world.advance(DELAY_S - 1)
    return world.finalizeClose()
  },
  1011: async (world) => {
    await world.requestClose()
    world.advance(DELAY_S)
    await world.finalizeClose()
    return collect(world, toNano('1'))
  },
  65535: (world) => world.from(world.stranger, toNano('0.02'), bits(0x5e5c0006n, 32)),
}

test.for(Object.keys(CASES).map((code) => Number(code) as keyof typeof CASES))(
  'exit code %i comes where it should, gives the message back, and changes nothing',
  async (code) => {
    const world = await setupEscrow({ dayCap: toNano('1') })
    await world.deploy()
    const outcome = await CASES[code](world)
    expect(outcome).toMatchObject({ exitCode: code, changed: false })
    expect(outcome.sent).toHaveLength(1)
    // All but the fees went back; only storage may have been paid from what is held.
    expect(outcome.delta).toBeLessThanOrEqual(0n)
    expect(outcome.delta).toBeGreaterThan(-toNano('0.001'))
  },
)

test('no exit code of the source is without a sentence, and no sentence without its code', async () => {
  const { readFileSync } = await import('node:fs')
  const source = readFileSync(new URL('../contracts/ClientEscrow.tolk', import.meta.url), 'utf8')
  const defined = [...source.matchAll(/^const ERR_(\w+) = (\d+)/gm)].map(([, name = '', code]) => [
    Number(code),
    name.toLowerCase().replaceAll('_', '-'),
  ])
  const listed = Object.entries(ESCROW_ERRORS).map(([code, { name }]) => [Number(code), name])
  expect(defined).toEqual(listed)
  for (const [, name] of source.matchAll(/throw (\w+)/g)) expect(name).toMatch(/^ERR_/)
})

test('a close is finalized by nobody but the owner', async () => {
  const world = await setupEscrow()
  await world.deploy()
  await world.requestClose()
  world.advance(DELAY_S)
  expect((await world.finalizeClose(world.stranger)).exitCode).toBe(1001)
  expect((await world.finalizeClose(world.payee)).exitCode).toBe(1001)
  expect((await world.finalizeClose()).exitCode).toBe(0)
})

test('a body that is cut short is refused, whatever it began with', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const send = (body: Cell) => world.from(world.owner, toNano('0.02'), body)
  expect((await send(bits(0x5en, 8))).exitCode).toBe(65535)
  expect((await send(bits(BigInt(OPCODES.collect), 32))).exitCode).toBe(9)
  const whole = collectMessage({ queryId: 1n, cumulative: 5n, signature: await signFor(world, 5n) })
  expect((await send(beginCell().storeBits(whole.bits.substring(0, 500)).endCell())).exitCode).toBe(9)
  // An operation without its query id asks for nothing that it needs: the contract is not stricter than it must be.
  expect((await world.state()).collected).toBe(0n)
})

test('what is not signed right is refused whoever brings it: another sum, term, contract or key', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const { term } = await world.state()
  const other = await setupEscrow({ salt: 1 })
  const refused = [
    await bring(world, toNano('2'), await signFor(world, toNano('1'))),
    await collect(world, toNano('1'), { term: term + 1n }),
    await collect(world, toNano('1'), { address: other.address }),
    await collect(world, toNano('1'), { key: STRANGERS_KEY }),
    await bring(world, toNano('1'), Buffer.alloc(64)),
  ]
  expect(refused.map(({ exitCode }) => exitCode)).toEqual([1003, 1003, 1003, 1003, 1003])
})

test('a lower voucher is as dead as the same one', async () => {
  const world = await setupEscrow()
  await world.deploy()
  expect((await collect(world, toNano('3'))).exitCode).toBe(0)
  expect((await collect(world, toNano('3'))).exitCode).toBe(1004)
  expect((await collect(world, toNano('2.999'))).exitCode).toBe(1004)
  expect((await collect(world, toNano('3') + 1n)).exitCode).toBe(0)
})

test('a contract that never had a deposit has no term, and is closed by its owner alone', async () => {
  const world = await setupEscrow()
  await world.deploy(toNano('0.05'), requestCloseMessage({ queryId: 1n }))
  expect(await world.state()).toMatchObject({ term: 0n })
  expect((await collect(world, 1n)).exitCode).toBe(1011)
  expect(
    (await world.from(world.owner, toNano('0.02'), finalizeCloseMessage({ queryId: 1n }))).exitCode,
  ).toBe(1010)
  expect(await world.balance()).toBeGreaterThan(MIN_STORAGE)
})

test('without a voucher, too, the payee brings gas, and finds a term', async () => {
  const world = await setupEscrow({ dayCap: toNano('1') })
  await world.deploy(toNano('1'), requestCloseMessage({ queryId: 1n }))
  expect((await world.collectWithinCap(1n)).exitCode).toBe(1011)
  const body = collectWithinCapMessage({ queryId: 1n, cumulative: 1n })
  expect((await world.from(world.payee, COLLECT_GAS - 1n, body)).exitCode).toBe(1007)
})

test('the code runs for no external message', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const external = {
    info: { type: 'external-in' as const, dest: world.address, importFee: 0n },
    body: requestCloseMessage({ queryId: 1n }),
  }
  await expect(world.chain.sendMessage(external)).rejects.toThrow()
  expect(await world.state()).toMatchObject({ closeAtS: 0 })
})
