import { expect, test } from 'vitest'
import { PAYOUT_TERMS, readPayoutTerms } from './payout-terms.ts'

test('without settings the usual terms hold: by itself from 0.1 TON, on demand from 0.02, the fee 0.0005', () => {
  expect(readPayoutTerms({})).toEqual(PAYOUT_TERMS)
  expect(PAYOUT_TERMS).toEqual({ automaticFrom: 100_000_000n, minimum: 20_000_000n, fee: 500_000n })
})

test('an operator sets others', () => {
  const terms = readPayoutTerms({
    PAYOUT_AUTOMATIC_NANO: '1000',
    PAYOUT_MINIMUM_NANO: '10',
    PAYOUT_FEE_NANO: '0',
  })
  expect(terms).toEqual({ automaticFrom: 1000n, minimum: 10n, fee: 0n })
})

test.each([
  { PAYOUT_FEE_NANO: '-1' },
  { PAYOUT_FEE_NANO: '0.5' },
  { PAYOUT_MINIMUM_NANO: '1e3' },
  { PAYOUT_AUTOMATIC_NANO: '0' },
  { PAYOUT_MINIMUM_NANO: '' },
])('%j stops the coordinator', (settings) => {
  expect(() => readPayoutTerms(settings)).toThrow()
})
