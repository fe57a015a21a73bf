import { nano } from '../../../protocol/src/money.ts'

/** What the chain says of an escrow now. Amounts in nano, times in Unix seconds. */
export type EscrowState = {
  /** Logical time of the deposit that opened it; 0 while it is closed or empty. Vouchers name it. */
  readonly term: bigint
  readonly collected: bigint
  /** From when the owner may take everything back; 0 while no close is requested. */
  readonly closeAtS: number
  /** What can still be collected. */
  readonly available: bigint
}

/** `not-deployed`: there is no contract of ours at the address. `chain-silent`: nobody answered, ask again. */
export type ReadEscrow =
  | { readonly ok: true; readonly state: EscrowState }
  | { readonly ok: false; readonly reason: 'not-deployed' | 'chain-silent' }

/** Who is asked for an escrow's state. It reads the chain as it is now. */
export type ReadEscrowState = (address: string) => Promise<ReadEscrow>

/** How many escrows an account can have. */
export const ESCROWS_MAX = 10
/** A shorter delay leaves no time to collect what was used. One day. */
export const CLOSE_DELAY_MIN_S = 86_400
/** From this sum on, what vouchers allow is collected at once. 0.1 TON: a hundred times what collecting costs. */
export const COLLECT_MIN = nano(100_000_000n)
/** Less than this is not collected at all: it would cost as much. 0.005 TON. */
export const COLLECT_WORTH_MIN = nano(5_000_000n)
/** What is less than COLLECT_MIN is collected when the last time was this long ago. */
export const COLLECT_AGE_MS = 86_400_000
