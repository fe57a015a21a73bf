import { expect, test } from 'vitest'
import { PAYOUTS_MAX } from '../ton/payout-wallet.ts'
import {
  BALANCE_KEPT,
  chooseItems,
  hasExpired,
  isDueAgain,
  lifeOfS,
  PAYOUT_COST_MAX,
  tryForS,
} from './plan-batch.ts'

const item = (index: number, amount = 100n) => ({ id: `p${index}`, destination: `0:${index}`, amount })
const items = (count: number, first = 0) => Array.from({ length: count }, (_, i) => item(first + i))
const plenty = 10n ** 15n

test('what an earlier message carries comes first, then what waits longest, 254 at most', () => {
  const chosen = chooseItems({
    planned: items(3),
    queued: items(400, 100),
    balance: plenty,
    kept: BALANCE_KEPT,
  })
  expect(chosen).toHaveLength(PAYOUTS_MAX)
  expect(chosen.slice(0, 4).map(({ id }) => id)).toEqual(['p0', 'p1', 'p2', 'p100'])
})

test('a full message takes nothing more on', () => {
  const planned = items(PAYOUTS_MAX)
  const chosen = chooseItems({ planned, queued: items(1, 900), balance: plenty, kept: 0n })
  expect(chosen).toEqual(planned)
})

test('only what the balance covers goes, its costs and what is kept included', () => {
  const cost = 1_000n + PAYOUT_COST_MAX
  const queued = [item(0, 1_000n), item(1, 1_000n)]
  const choose = (balance: bigint) => chooseItems({ planned: [], queued, balance, kept: BALANCE_KEPT }).length
  expect([choose(0n), choose(BALANCE_KEPT + cost - 1n), choose(BALANCE_KEPT + cost)]).toEqual([0, 0, 1])
  expect([choose(BALANCE_KEPT + 2n * cost - 1n), choose(BALANCE_KEPT + 2n * cost)]).toEqual([1, 2])
})

test('one large payout does not stop the small ones behind it', () => {
  const queued = [item(0, plenty), item(1), item(2)]
  const chosen = chooseItems({ planned: [], queued, balance: plenty, kept: 0n })
  expect(chosen.map(({ id }) => id)).toEqual(['p1', 'p2'])
})

test('another message is signed after 60 s, then after twice as long each time, and at the end of the last', () => {
  const at = 1_780_000_000_000
  const signed = (count: number, validUntilS = 1e10) =>
    Array.from({ length: count }, () => ({ createdAt: at, validUntilS }))
  expect(isDueAgain([], at)).toBe(true)
  expect([59_999, 60_000].map((ms) => isDueAgain(signed(1), at + ms))).toEqual([false, true])
  expect([119_999, 120_000].map((ms) => isDueAgain(signed(2), at + ms))).toEqual([false, true])
  expect(isDueAgain(signed(1, at / 1000 + 5), at + 5_000)).toBe(true)
  expect([0, 1, 2, 3, 4, 50, 5000].map(tryForS)).toEqual([60, 120, 240, 480, 900, 900, 900])
  expect(lifeOfS(0)).toBeGreaterThan(tryForS(0))
})

test('a message that is signed once has expired when the chain’s clock is past its end, with a margin', () => {
  expect([100, 160, 161].map((atS) => hasExpired({ validUntilS: 100 }, { atS }))).toEqual([
    false,
    false,
    true,
  ])
})
