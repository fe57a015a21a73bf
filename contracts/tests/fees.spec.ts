import { fromNano, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import { collect, DELAY_S, setupEscrow } from './setup-escrow.ts'

/** The most that each step may cost with the fees of June 2026: all transactions and forwarding of one message. */
const BOUNDS = {
  deploy: toNano('0.0016'),
  topUp: toNano('0.0004'),
  collect: toNano('0.0009'),
  collectWithinCap: toNano('0.0008'),
  requestClose: toNano('0.0005'),
  finalizeClose: toNano('0.0007'),
} as const

test('each step costs no more than its bound', async () => {
  const world = await setupEscrow({ dayCap: toNano('1') })
  // The wallets exist already: their own deployment is no cost of the escrow.
  await world.owner.send({ to: world.stranger.address, value: 1n })
  await world.payee.send({ to: world.stranger.address, value: 1n })
  const open = {
    deploy: await world.deploy(),
    topUp: await world.from(world.owner, toNano('1')),
    collect: await collect(world, toNano('3.3')),
    collectWithinCap: await world.collectWithinCap(toNano('4')),
    requestClose: await world.requestClose(),
  }
  world.advance(DELAY_S)
  const costs = { ...open, finalizeClose: await world.finalizeClose() }
  for (const [step, { fees, gas, exitCode }] of Object.entries(costs)) {
    expect(exitCode, step).toBe(0)
    expect(fees, `${step} costs ${fromNano(fees)} TON with ${gas} gas`).toBeLessThanOrEqual(
      BOUNDS[step as keyof typeof BOUNDS],
    )
  }
})
