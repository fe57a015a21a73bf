import { nano } from '../../../protocol/src/money.ts'

/** Less than this is dust: it is booked, and nobody is told. 0.001 TON. */
export const DEPOSIT_MIN = nano(1_000_000n)

/** How long coins that nobody is named for wait for their owner, in ms. Then they go back to their sender. */
export const SUSPENSE_RETURN_AFTER_MS = 7 * 86_400_000

/** What going back costs, taken from the coins. 0.0005 TON. */
export const RETURN_FEE = nano(500_000n)

/** Less than this does not go back by itself; whoever proves its sender's wallet gets it. 0.01 TON. */
export const RETURN_MIN = nano(10_000_000n)
