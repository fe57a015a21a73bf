/**
 * The chain as money sees it: one watched wallet, its transactions, its balance.
 * All amounts are nanoTON, hashes lower-case hex, addresses raw `0:<64 hex>`.
 */

/** One message, in or out. `body` is a base64 BOC; `bodyHash` the hash of its root cell. */
export type ChainMessage = {
  readonly source: string | undefined
  readonly destination: string | undefined
  readonly value: bigint
  readonly forwardFee: bigint
  readonly ihrFee: bigint
  readonly bounced: boolean
  readonly bodyHash: string
  readonly body: string
}

/** One transaction of the watched wallet, as far as money is concerned. */
export type ChainTransaction = {
  readonly lt: string
  readonly hash: string
  readonly prevLt: string
  readonly prevHash: string
  readonly atS: number
  readonly totalFees: bigint
  readonly aborted: boolean
  readonly in: (ChainMessage & { readonly kind: 'internal' | 'external' }) | undefined
  readonly out: readonly ChainMessage[]
}

/** What an account is now. Before its first transaction `lastLt` is `'0'` and `lastHash` 64 zeros. */
export type AccountState = {
  readonly balance: bigint
  readonly isActive: boolean
  readonly lastLt: string
  readonly lastHash: string
  readonly seqno: number
}

/** A way to read the chain and to hand it messages. Reading throws when no answer comes. */
export type Chain = {
  /** Transactions newer than `afterLt`, oldest first, at most `limit`; finalized ones only. */
  readonly listTransactions: (
    address: string,
    afterLt: string,
    limit: number,
  ) => Promise<readonly ChainTransaction[]>
  readonly readAccount: (address: string) => Promise<AccountState>
  readonly readHead: () => Promise<{ readonly seqno: number; readonly atS: number }>
  /** Sends an external message (base64 BOC). An error says nothing about what happened. */
  readonly send: (boc: string) => Promise<void>
  readonly runGetMethod: (
    address: string,
    method: string,
  ) => Promise<{ readonly exitCode: number; readonly numbers: readonly bigint[] }>
}
