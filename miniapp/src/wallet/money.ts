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
  /** As wallets show it. */
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
  /** Less than this is not credited. */
  readonly minimum: Nano
  readonly explorer: string | undefined
  readonly walletsListSource: string | undefined
  readonly walletScript: string | undefined
}

export type Movement = {
  readonly id: string
  readonly direction: 'in' | 'out'
  /** `credited`, `suspense`, `queued`, `planned`, `paid`, `failed` and so on. */
  readonly state: string
  /** What arrived, here or there. */
  readonly amount: Nano
  readonly atMs: number
  /** The chain's transaction, `<lt>:<hash hex>`; undefined before there is one. */
  readonly transactionId: string | undefined
}

export type PayoutTerms = { readonly minimum: Nano; readonly fee: Nano; readonly automaticFrom: Nano }

/** From where coins are taken out. */
export type Source = 'earnings' | 'balance'

/** All that the wallet page shows. */
export type WalletFacts = {
  /** The account's number. */
  readonly account: number
  readonly money: Money
  /** By when all is ready that accrues now, ms; undefined where nothing does, or it cannot be said. */
  readonly accruedByMs: number | undefined
  readonly wallet: BoundWallet | undefined
  /** Undefined where this network takes no coins. */
  readonly deposit: DepositWay | undefined
  readonly terms: PayoutTerms
  readonly frozen: boolean
  readonly movements: readonly Movement[]
}

/** Addresses are shown short, by what people compare: `UQBx…k3fA`. */
export function shortAddress(address: string): string {
  return address.length > 20 ? `${address.slice(0, 4)}…${address.slice(-4)}` : address
}

/** All of an account that its ledger has lines for: chats and earnings, what is held included. */
export function wholeOf({ available, held, payable }: Money): bigint {
  return available + held + payable
}

/**
 * What changes whenever the ledger got a line. The sum alone does not tell: earnings can come and be paid out between two
 * looks.
 */
export function ledgerMark({ money, movements }: Pick<WalletFacts, 'money' | 'movements'>): string {
  return [wholeOf(money), money.accruing, ...movements.map(({ id, state }) => `${id}=${state}`)].join('/')
}
