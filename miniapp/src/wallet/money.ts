import type { Nano } from '../../../protocol/src/money.ts'

/** What an account has, and where it is. */
export type Money = {
  readonly available: Nano
  readonly held: Nano
  /** Of `available`, what may go back to a wallet: never a welcome credit or Stars. */
  readonly withdrawable: Nano
  /** Earned, and not old enough to be paid out. */
  readonly accruing: Nano
  /** Earned, and ready to be paid out. */
  readonly payable: Nano
}

/** The wallet that payouts go to. */
export type BoundWallet = {
  /** Raw address. */
  readonly address: string
  /** Another one that was shown, and from when it counts, ms. */
  readonly next: { readonly address: string; readonly fromMs: number } | undefined
}

/** How coins reach the account. */
export type DepositWay = {
  readonly network: string
  /** User-friendly address of the network's wallet. */
  readonly address: string
  /** To be written into a transfer that is made by hand. */
  readonly comment: string
  /** Body of a TON Connect transfer, base64. */
  readonly body: string
  readonly explorer: string | undefined
  readonly walletsListSource: string | undefined
  readonly walletScript: string | undefined
}

export type Movement = {
  readonly id: string
  readonly direction: 'in' | 'out'
  /** `credited`, `suspense`, `queued`, `planned`, `paid`, `failed` and so on. */
  readonly state: string
  readonly amount: Nano
  readonly atMs: number
  /** The chain's transaction, `<lt>:<hash hex>`; undefined before there is one. */
  readonly transactionId: string | undefined
}

export type PayoutTerms = { readonly minimum: Nano; readonly fee: Nano; readonly automaticFrom: Nano }

/** All that the wallet page shows. */
export type WalletFacts = {
  /** The account's number. */
  readonly account: number
  readonly money: Money
  readonly wallet: BoundWallet | undefined
  /** Undefined where this network takes no coins. */
  readonly deposit: DepositWay | undefined
  readonly terms: PayoutTerms
  readonly frozen: boolean
  readonly movements: readonly Movement[]
}

/** Raw addresses are shown short: `0:83df…31a8`. */
export function shortAddress(address: string): string {
  return address.length > 20 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address
}
