/** One payout as it goes into a message. `destination` is raw, `amount` nano. */
export type PayoutItem = { readonly id: string; readonly destination: string; readonly amount: bigint }

/** A signed external message: `boc` base64, `bodyHash` the hex hash by which its transaction is recognised. */
export type SignedVariant = {
  readonly boc: string
  readonly bodyHash: string
  /** After this moment of the chain's clock the contract takes it no more. */
  readonly validUntilS: number
}

/** A message to a contract that takes part, beside the payouts. `value` nano, `body` base64 BOC. */
export type ContractCall = { readonly destination: string; readonly value: bigint; readonly body: string }

/** The most messages that one signed message can carry. */
export const PAYOUTS_MAX = 254

/** A contract that pays many people by one signed message, once per number. */
export type PayoutWallet = {
  readonly kind: 'wallet-v5' | 'highload-v3'
  /** Raw. */
  readonly address: string
  /**
   * `same-number`: any variants may be signed under one number, the contract runs at most one of them, and a number ends
   * only when one ran. `once`: a number is signed once; when it expired unused, the chain's head says so.
   */
  readonly renewal: 'same-number' | 'once'
  /** Coins that the wallet needs to send to itself on the way, nano. They come back. */
  readonly selfValue: bigint
  /** Signs. `deploy` adds the contract's code, for a wallet that the chain does not know yet. */
  readonly sign: (order: {
    readonly seqno: number
    readonly items: readonly PayoutItem[]
    /** A text that the wallet sends to itself along with the payouts, for everybody to read. */
    readonly note?: string
    /** Sent along as well. A call that fails comes back; one that is made twice must do no harm. */
    readonly calls?: readonly ContractCall[]
    readonly nowS: number
    readonly lifeS: number
    readonly deploy: boolean
  }) => SignedVariant
  /** Whether a message of the wallet to itself (base64 BOC) carries out the batch of this number. */
  readonly carriesOut: (body: string, seqno: number) => boolean
}
