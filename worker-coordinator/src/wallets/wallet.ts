/** The wallet that an account has shown to be its own. Addresses are raw, `0:<64 hex>`. */
export type Wallet = {
  readonly address: string
  readonly provenAtMs: number
  /** Another wallet that was proven, and from when it counts. */
  readonly next: { readonly address: string; readonly fromMs: number } | undefined
}

/** How long a change of the wallet waits: time to notice one that somebody else made. */
export const WALLET_CHANGE_MS = 24 * 60 * 60_000

/** The wallet as it stands at a moment: a change whose time has come is made. */
export function settleWallet(wallet: Wallet, nowMs: number): Wallet {
  const { next } = wallet
  if (!next || nowMs < next.fromMs) return wallet
  return { address: next.address, provenAtMs: next.fromMs, next: undefined }
}

/** Where payouts go at a moment. Undefined while a change waits: the owner may have lost the old wallet, or not asked for the new one. */
export function payoutAddress(wallet: Wallet, nowMs: number): string | undefined {
  const { address, next } = settleWallet(wallet, nowMs)
  return next ? undefined : address
}

/**
 * What a fresh proof makes of the wallet. The first counts at once. Another address counts after 24 hours, and each
 * further request starts that wait again. Proving the present wallet takes a waiting change back.
 */
export function bindWallet(wallet: Wallet | undefined, address: string, nowMs: number): Wallet {
  if (!wallet) return { address, provenAtMs: nowMs, next: undefined }
  const now = settleWallet(wallet, nowMs)
  if (now.address === address) return { address, provenAtMs: nowMs, next: undefined }
  return { ...now, next: { address, fromMs: nowMs + WALLET_CHANGE_MS } }
}

/** Takes a waiting change back. What has come into effect stays. */
export function cancelChange(wallet: Wallet, nowMs: number): Wallet {
  return { ...settleWallet(wallet, nowMs), next: undefined }
}
