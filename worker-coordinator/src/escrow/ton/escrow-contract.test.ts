import { beginCell, type Cell, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import { setupEscrow, signFor } from '../../../../contracts/tests/setup-escrow.ts'
import { COLLECT_GAS, parseCollect } from '../../../../contracts/wrappers/client-escrow.ts'
import { toBase64Url } from '../../../../protocol/src/canonical-json.ts'
import { nano } from '../../../../protocol/src/money.ts'
import { collectMessage, readCollected } from './collect-message.ts'
import { deriveEscrowAddress, readEscrowState } from './escrow-contract.ts'

type World = Awaited<ReturnType<typeof setupEscrow>>
const base64 = (cell: Cell) => cell.toBoc().toString('base64')

const runGetMethodOf = (world: World) => async (_address: string, method: string) => {
  const contract = await world.chain.getContract(world.address)
  if (contract.accountState?.type !== 'active') return { exitCode: -13, numbers: [] }
  const { stack, exitCode } = await world.chain.runGetMethod(world.address, method)
  return { exitCode, numbers: stack.flatMap((item) => (item.type === 'int' ? [item.value] : [])) }
}

test('the address that is derived from what a client sends is the one that the chain gave', async () => {
  const world = await setupEscrow({ dayCap: 5n, salt: 9 })
  const { terms } = world
  const declared = {
    owner: terms.owner.toRawString(),
    session_key: terms.sessionKey.toString('hex'),
    close_delay_seconds: terms.closeDelayS,
    day_cap_nano: nano(5n),
    salt: 9,
  }
  const payee = terms.payee.toRawString()
  expect(deriveEscrowAddress({ payee, networkId: -3 }, declared)).toBe(world.address.toRawString())
  expect(deriveEscrowAddress({ payee, networkId: -239 }, declared)).not.toBe(world.address.toRawString())
  const stranger = world.stranger.address.toRawString()
  expect(deriveEscrowAddress({ payee: stranger, networkId: -3 }, declared)).not.toBe(
    world.address.toRawString(),
  )
})

test('an escrow is read as it is, one that is not deployed and a silent chain are reasons', async () => {
  const world = await setupEscrow()
  const address = world.address.toRawString()
  expect(await readEscrowState(runGetMethodOf(world), address)).toEqual({ ok: false, reason: 'not-deployed' })
  await world.deploy(toNano('2'))
  const read = await readEscrowState(runGetMethodOf(world), address)
  expect(read).toMatchObject({ ok: true, state: { collected: 0n, closeAtS: 0 } })
  const silent = () => Promise.reject(new Error('no answer'))
  expect(await readEscrowState(silent, address)).toEqual({ ok: false, reason: 'chain-silent' })
})

test('the message that is planned collects, and what arrives says what of it was taken', async () => {
  const world = await setupEscrow()
  await world.deploy()
  const cumulative = nano(toNano('2.5'))
  const signature = toBase64Url(await signFor(world, cumulative))
  const message = collectMessage({ address: world.address.toRawString(), cumulative, signature }, 77n)
  expect(message).toMatchObject({ destination: world.address.toRawString(), value: COLLECT_GAS })
  const { Cell } = await import('@ton/core')
  const body = Cell.fromBase64(message.body)
  expect(parseCollect(body)).toMatchObject({ queryId: 77n, cumulative })

  const outcome = await world.from(world.payee, message.value, body)
  expect(outcome.delta).toBe(-cumulative)
  const [payment] = outcome.sent
  if (!payment) throw new Error('nothing was sent')
  expect(readCollected(base64(payment.body))).toEqual({
    queryId: 77n,
    taken: cumulative,
    collected: cumulative,
  })
  expect(payment.value - cumulative).toBeGreaterThan(COLLECT_GAS / 2n)
})

test('a body that is no receipt of an escrow says nothing', () => {
  expect(readCollected('not a boc')).toBeUndefined()
  expect(readCollected(base64(beginCell().storeUint(1, 32).endCell()))).toBeUndefined()
})
