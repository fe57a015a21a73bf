import type { Nano } from '../../../protocol/src/money.ts'

/** What the wallet page can do. Sentences are in the page's language and ready to be shown. */
export type WalletActions = {
  /** Lets the person choose a wallet and show that it is theirs. */
  readonly connect: () => Promise<ConnectOutcome>
  /** Takes back a change of the wallet that does not count yet. */
  readonly keepOld: () => Promise<void>
  /** Has the person's wallet send coins here. `onSigned` is called when the wallet has sent them. */
  readonly topUp: (amount: Nano, onSigned: () => void) => Promise<TopUpOutcome>
  readonly takeOut: (order: {
    readonly source: 'earnings' | 'balance'
    readonly amount: Nano
  }) => Promise<Outcome>
}

export type Failed = { readonly ok: false; readonly sentence: string }
export type Outcome = { readonly ok: true } | Failed
/** `isNew`: it counts from now on. Otherwise it replaces another one in 24 hours. */
export type ConnectOutcome = { readonly ok: true; readonly isNew: boolean } | Failed
/** `late`: sent, and not seen on the chain within the time that a person watches. */
export type TopUpOutcome = { readonly ok: true; readonly credited: Nano | 'late' } | Failed
