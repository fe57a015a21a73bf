import type { Nano } from '../../../protocol/src/money.ts'

/** What an account has, and where it can go. */
export type Money = {
  /** What chats can spend. */
  readonly available: Nano
  /** Set aside for answers that are being written. */
  readonly held: Nano
  /** The part of `available` that came in as Toncoin and may leave again. */
  readonly withdrawable: Nano
  /** Earnings that are too young to be paid out. */
  readonly accruing: Nano
  /** Earnings that can be paid out. */
  readonly payable: Nano
  /** The wallet that the person has shown to be theirs, as people read addresses. While another waits to take its place, nothing is paid out. */
  readonly wallet:
    | { readonly address: string; readonly nextAddress?: string; readonly nextFromMs?: number }
    | undefined
  /** The least that a wallet is sent at once. */
  readonly payoutMinimum: Nano
  /** Taken on top of what the wallet gets. */
  readonly payoutFee: Nano
  /** Nothing is paid out at present. */
  readonly frozen: boolean
}

/** Where to send Toncoin, and the comment that says whose they are. */
export type DepositInstructions = {
  readonly address: string
  readonly comment: string
  /** `-239` the main network, `-3` the test network. */
  readonly network: string
}

export type PayoutSource = 'balance' | 'earnings'

export type PayoutOrder = {
  readonly accountId: number
  readonly source: PayoutSource
  /** What the wallet gets; the source pays the fee on top. */
  readonly amount: Nano
  /** Says which order it is: the same key orders once. */
  readonly key: string
}

export const PAYOUT_REFUSALS = [
  'no-wallet',
  /** Another wallet waits to take its place. */
  'wallet-changing',
  /** The wallet changed while the order was made. */
  'wallet-not-proven',
  'below-minimum',
  'insufficient-funds',
  'not-withdrawable',
  'payouts-frozen',
  /** This node has no hot wallet. */
  'payouts-off',
  /** The same key has ordered something else. */
  'idempotency-mismatch',
] as const
export type PayoutRefusal = (typeof PAYOUT_REFUSALS)[number]

export type PayoutOrdered =
  | { readonly ok: true; readonly payoutId: string; readonly amount: Nano; readonly fee: Nano }
  | { readonly ok: false; readonly reason: PayoutRefusal }
