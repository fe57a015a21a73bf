import type { Nano } from '../../../protocol/src/money.ts'

/** Why money moved. */
export const TRANSFER_KINDS = [
  'welcome',
  'usage',
  'refund',
  'grant',
  /** Coins that arrived, to whom they belong. */
  'deposit',
  /** Coins of the operator that arrived. */
  'float',
  /** What the chain took from the hot wallet. */
  'network-fee',
  /** Earnings that are old enough to be paid out. */
  'mature',
  /** Earnings that their owner spends on chats. */
  'earnings-use',
  /** Set aside for a payout; `fee` is ours. */
  'payout',
  /** Left the hot wallet. */
  'payout-sent',
  /** A payout that the chain did not carry out, back where it came from. */
  'payout-back',
  /** Coins that arrived and nobody is named for. */
  'suspense',
  /** Somebody showed whose they are. */
  'claim',
  /** Nobody did: set aside to go back to the sender. */
  'suspense-return',
  /** Left the hot wallet, and we did not send it. */
  'unknown-out',
  /** Paid in Telegram Stars. */
  'stars',
  /** Given back in Telegram Stars. */
  'stars-back',
  /** Between the hot and the cold wallet. */
  'sweep',
] as const
export type TransferKind = (typeof TRANSFER_KINDS)[number]

/** The network's own accounts. Their ids, sides and codes are fixed by the migrations. */
export const LEDGER = {
  commission: 1,
  welcome: 2,
  goodwill: 3,
  hot: 4,
  cold: 5,
  payoutInflight: 6,
  networkFee: 7,
  float: 8,
  suspenseDeposit: 9,
  suspenseUnknownOut: 10,
  stars: 11,
} as const

/**
 * Moves an amount. `debit` pays `amount`, `credit` receives `amount − fee`, `rev:commission` receives `fee`. The id says
 * what it is for, so that the same movement happens once.
 */
export type Transfer = {
  readonly id: string
  readonly kind: TransferKind
  readonly debit: number
  readonly credit: number
  readonly amount: Nano
  readonly fee: Nano
}

/** What the ledger must always show. All amounts are nano. */
export type LedgerAudit = {
  readonly debits: bigint
  readonly credits: bigint
  /** Accounts past their limit. */
  readonly overdrawn: number
  /** What `asset:hot` says, less the hot wallet's balance at the last transaction that was read: 0 always. */
  readonly hotDifference: bigint
  /** What is set aside for payouts, less the payouts that are open: 0 always. */
  readonly inflightDifference: bigint
  /** Charges of ended jobs that no transfer carries: 0 at rest, and always. Undefined: not looked at. */
  readonly clearing: bigint | undefined
  /** Held by accounts and keys, less the holds of open jobs: 0 always. Undefined: not looked at. */
  readonly strayHolds: bigint | undefined
  /** Sums of accounts, and of their coins, that differ from what the transfers add up to. Undefined: not looked at. */
  readonly strayed: StrayedSums | undefined
}

/** Sums that are not what the transfers, and the open jobs, make them. */
export type StrayedSums = {
  readonly accounts: number
  readonly coins: number
  /** Some of them, for who looks into it. */
  readonly ids: readonly number[]
}

/** The faults an audit shows, in words; none when the books are in order. */
export function findLedgerFaults(audit: LedgerAudit): readonly string[] {
  const { strayed } = audit
  return [
    audit.debits === audit.credits
      ? undefined
      : `debits ${audit.debits} differ from credits ${audit.credits}`,
    !audit.clearing ? undefined : `charges and transfers differ by ${audit.clearing}`,
    !audit.strayHolds ? undefined : `holds differ from open jobs by ${audit.strayHolds}`,
    audit.overdrawn === 0 ? undefined : `${audit.overdrawn} accounts are overdrawn`,
    audit.hotDifference === 0n
      ? undefined
      : `asset:hot differs from the hot wallet by ${audit.hotDifference}`,
    audit.inflightDifference === 0n
      ? undefined
      : `liab:payout_inflight differs from open payouts by ${audit.inflightDifference}`,
    !strayed || strayed.accounts === 0
      ? undefined
      : `${strayed.accounts} accounts differ from their transfers: ${strayed.ids.join(' ')}`,
    !strayed || strayed.coins === 0
      ? undefined
      : `coins of ${strayed.coins} accounts differ from their transfers: ${strayed.ids.join(' ')}`,
  ].filter((fault) => fault !== undefined)
}
