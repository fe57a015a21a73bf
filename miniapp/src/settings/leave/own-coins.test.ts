import { expect, test } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import { atStake } from './own-coins.ts'

test('own coins are what came from outside or was earned; credit is what could never leave', () => {
  const money = { available: nano(10n), withdrawable: nano(4n), accruing: nano(3n), payable: nano(2n) }
  expect(atStake(money)).toEqual({ own: 9n, accruing: 3n, credit: 6n })
})
