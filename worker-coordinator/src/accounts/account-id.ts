const TWO_32 = 2 ** 32

/** How many random bytes an account's id takes. */
export const ACCOUNT_ID_BYTES = 7

/**
 * Makes the id of a place in the ledger from random bytes: above 2^32, so that it never meets the network's own, and at
 * most 2^53 − 1, which D1 keeps exactly.
 */
export function makeAccountId(random: Uint8Array): number {
  let value = (random[0] ?? 0) & 31
  for (let i = 1; i < ACCOUNT_ID_BYTES; i++) value = value * 256 + (random[i] ?? 0)
  return value > TWO_32 ? value : value + TWO_32 + 1
}
