import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { Movement } from './money.ts'
import { watchDeposit } from './watch-deposit.ts'

const deposit = (id: string, state = 'credited'): Movement => ({
  id,
  direction: 'in',
  state,
  amount: nano(5n),
  atMs: 0,
  transactionId: id,
})
function setup(looks: readonly (readonly Movement[] | undefined)[], seenAtLook = Number.POSITIVE_INFINITY) {
  let look = 0
  let sleptMs = 0
  let asked = 0
  return {
    deps: {
      readDeposits: async () => looks[Math.min(look++, looks.length - 1)],
      isSeen: async () => ++asked >= seenAtLook,
      sleep: async (ms: number) => {
        sleptMs += ms
      },
    },
    sleptMs: () => sleptMs,
    asked: () => asked,
  }
}
const unseen = () => expect.unreachable()

test('what arrived is given, and not what was there before', async () => {
  const { deps } = setup([[deposit('old')], undefined, [deposit('new'), deposit('old')]])
  expect(await watchDeposit(deps, new Set(['old']), unseen)).toBe(5n)
})

test('coins that nobody is named for are not called credited', async () => {
  const { deps, sleptMs } = setup([[deposit('new', 'suspense')]])
  expect(await watchDeposit(deps, new Set(), unseen)).toBe('late')
  expect(sleptMs()).toBe(120_000)
})

test('that the chain took it in is told once, and not asked again', async () => {
  const { deps, asked } = setup([[], [], [], [], [deposit('new')]], 2)
  let seen = 0
  expect(await watchDeposit(deps, new Set(), () => seen++)).toBe(5n)
  expect(seen).toBe(1)
  expect(asked()).toBe(2)
})
