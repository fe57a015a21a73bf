import { expect, test } from 'vitest'
import { walletFailure } from './failure-words.ts'
import { en } from './words/en.ts'

/** The tables of refusals, as text: their types are the coordinator's own. */
const tables = import.meta.glob<string>(
  '../../../worker-coordinator/src/{billing/billing,wallets/wallet}-errors.ts',
  { query: '?raw', import: 'default', eager: true },
)

/** Refusals of other pages, and of programs: the form cannot come to them. */
const ELSEWHERE = ['below_minimum', 'deposits_off', 'idempotency_key_needed', 'wrong_range', 'wrong_cursor']

test('every refusal that the coordinator has for wallets and payouts is said in words of ours', () => {
  const codes = Object.values(tables).flatMap((text) =>
    [...text.matchAll(/code: '([a-z_]+)'/g)].map(([, code = '']) => code),
  )
  expect(codes.length).toBeGreaterThan(20)
  const unsaid = codes.filter((code) => walletFailure(en, code) === undefined && !ELSEWHERE.includes(code))
  expect(unsaid).toEqual(['idempotency_key_reused'])
})

test('what is not of the wallet is left to others', () => {
  expect(walletFailure(en, 'expired_init_data')).toBeUndefined()
  expect(walletFailure(en, 'constructor')).toBeUndefined()
})
