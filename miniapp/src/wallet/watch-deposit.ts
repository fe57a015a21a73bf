import type { Nano } from '../../../protocol/src/money.ts'
import type { Movement } from './money.ts'

export type WatchDepositDeps = {
  /** The newest deposits; undefined when there is no answer. */
  readonly readDeposits: () => Promise<readonly Movement[] | undefined>
  /** Whether the chain has taken in what the wallet sent. */
  readonly isSeen: () => Promise<boolean>
  readonly sleep: (ms: number) => Promise<void>
}

const LOOK_EVERY_MS = 2000
const LOOKS_MAX = 60

/**
 * Waits for a deposit that was not there before. Gives what arrived, or `late` after two minutes. `onSeen` is called once,
 * when the chain has taken it in and it is not credited yet.
 */
export async function watchDeposit(
  { readDeposits, isSeen, sleep }: WatchDepositDeps,
  known: ReadonlySet<string>,
  onSeen: () => void,
): Promise<Nano | 'late'> {
  let wasSeen = false
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    await sleep(LOOK_EVERY_MS)
    const looking: Promise<boolean> = wasSeen ? Promise.resolve(true) : isSeen()
    const [deposits, isSeenNow] = await Promise.all([readDeposits(), looking])
    const arrived = deposits?.find(({ id, state }) => state === 'credited' && !known.has(id))
    if (arrived) return arrived.amount
    if (isSeenNow && !wasSeen) onSeen()
    wasSeen = isSeenNow
  }
  return 'late'
}
