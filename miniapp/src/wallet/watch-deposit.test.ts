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
function setup(looks: readonly (readonly Movement[] | undefined)[]) {
  let look = 0
  let sleptMs = 0
  return {
    deps: {
      readMovements: async () => looks[Math.min(look++, looks.length - 1)],
      sleep: async (ms: number) => {
        sleptMs += ms
      },
    },
    sleptMs: () => sleptMs,
  }
}

test('what arrived is given, and not what was there before', async () => {
  const { deps } = setup([[deposit('old')], undefined, [deposit('new'), deposit('old')]])
  expect(await watchDeposit(deps, new Set(['old']))).toBe(5n)
})

test('coins that nobody is named for are not called credited', async () => {
  const { deps, sleptMs } = setup([[deposit('new', 'suspense')]])
  expect(await watchDeposit(deps, new Set())).toBe('late')
  expect(sleptMs()).toBe(120_000)
})
