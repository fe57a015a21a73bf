import { expect, test } from 'vitest'
import { signedNano, signedTon } from './amount-words.ts'

test.each([
  [1_500_000_000n, '+1.5 TON', '+1,500,000,000 nano'],
  [-2_100_000n, '−0.0021 TON', '−2,100,000 nano'],
  [0n, '0 TON', '0 nano'],
])('%s nano has its sign', (amount, ton, exact) => {
  expect(signedTon(amount)).toBe(ton)
  expect(signedNano(amount)).toBe(exact)
})
