import type { Nano } from '../../../protocol/src/money.ts'
import type { Movement } from './money.ts'

export type WatchDepositDeps = {
  /** The newest movements; undefined when there is no answer. */
  readonly readMovements: () => Promise<readonly Movement[] | undefined>
  readonly sleep: (ms: number) => Promise<void>
}

const LOOK_EVERY_MS = 2000
const LOOKS_MAX = 60

/** Waits for a deposit that was not there before. Gives what arrived, or `late` after two minutes. */
export async function watchDeposit(
  { readMovements, sleep }: WatchDepositDeps,
  known: ReadonlySet<string>,
): Promise<Nano | 'late'> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    await sleep(LOOK_EVERY_MS)
    const movements = (await readMovements()) ?? []
    const arrived = movements.find(
      ({ id, direction, state }) => direction === 'in' && state === 'credited' && !known.has(id),
    )
    if (arrived) return arrived.amount
  }
  return 'late'
}
