import { PAYOUTS_MAX, type PayoutItem } from '../ton/payout-wallet.ts'

/** Stays in the wallet, so that it can always pay for its storage and its gas. 0.05 TON. */
export const BALANCE_KEPT = 50_000_000n
/** Bounds what one payout's message costs, several times over. 0.002 TON. */
export const PAYOUT_COST_MAX = 2_000_000n
/** How long a signed message is tried before another one is signed under its number. */
const FIRST_TRY_S = 60
const TRY_MAX_S = 15 * 60
/** A signed message is good for this much longer than it is tried. */
const LIFE_AFTER_TRY_S = 60

/**
 * Chooses what a signed message pays: first those that an earlier message of the same number carries, then the oldest
 * waiting. Leaves out what the wallet's balance does not cover, so that one large payout does not stop the small ones.
 */
export function chooseItems(choice: {
  readonly planned: readonly PayoutItem[]
  readonly queued: readonly PayoutItem[]
  readonly balance: bigint
  /** What must stay in the wallet. */
  readonly kept: bigint
}): readonly PayoutItem[] {
  const room = Math.max(0, PAYOUTS_MAX - choice.planned.length)
  const candidates = [...choice.planned, ...choice.queued.slice(0, room)]
  let left = choice.balance - choice.kept
  return candidates.filter(({ amount }) => {
    const cost = amount + PAYOUT_COST_MAX
    if (cost > left) return false
    left -= cost
    return true
  })
}

/** How long the next signed message of a number is tried when `earlier` were signed before it: twice as long each time. */
export function tryForS(earlier: number): number {
  return Math.min(FIRST_TRY_S * 2 ** Math.min(earlier, 10), TRY_MAX_S)
}

/** How long the next signed message of a number is good. */
export function lifeOfS(earlier: number): number {
  return tryForS(earlier) + LIFE_AFTER_TRY_S
}

/** Whether it is time to sign another message under the same number. */
export function isDueAgain(
  signed: readonly { readonly createdAt: number; readonly validUntilS: number }[],
  nowMs: number,
): boolean {
  const latest = signed.at(-1)
  if (!latest) return true
  return nowMs >= latest.createdAt + tryForS(signed.length - 1) * 1000 || nowMs >= latest.validUntilS * 1000
}

/** How far the chain's clock must be past a message's end before it counts as expired, in seconds. */
export const EXPIRY_MARGIN_S = 60

/**
 * Whether a message that is signed once can never run any more: the chain itself has passed its end, and everything up to
 * there has been read. Our own clock says nothing about that.
 */
export function hasExpired(
  message: { readonly validUntilS: number },
  head: { readonly atS: number },
): boolean {
  return head.atS > message.validUntilS + EXPIRY_MARGIN_S
}
