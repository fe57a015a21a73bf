import type { SandboxChain } from '../local/ton/sandbox-chain.ts'
import { returnOldSuspense, settleReturns } from '../worker-coordinator/src/deposits/deposit-store.ts'
import { auditBooks, checkBooks, countOpen, type RunResult, readResult } from './books.ts'
import { createEvents } from './events.ts'
import { NO_FAULTS } from './faults.ts'
import { createProcesses } from './processes.ts'
import { DAY_S, setUpWorld, type WorldOptions } from './world.ts'

const STORM_STEPS = 60
const CALM_STEPS_MIN = 4
const CALM_STEPS_MAX = 80
/** How often a process is replaced that is still alive. */
const REPLACED_SHARE = 0.03
const TOP_UP = 60_000_000_000n

/**
 * One story of payouts under faults, on the real algorithm and the real SQL. The same seed on a fresh chain tells the same
 * story. Throws when the books break on the way; what was paid twice, lost or stuck is in the result.
 */
export async function runPayouts(chain: SandboxChain, options: WorldOptions): Promise<RunResult> {
  const world = await setUpWorld(chain, options)
  const processes = createProcesses(world)
  const events = createEvents(world)
  for (let step = 0; step < STORM_STEPS; step++) {
    await events.happen()
    if (world.random() < REPLACED_SHARE) processes.replace()
    await processes.tick()
    await checkBooks(world)
  }

  world.faults.rates = NO_FAULTS
  processes.replace()
  processes.endZombies()
  await world.d1.prepare('DELETE FROM ledger_stops').run()
  await chain.faucet(world.wallet.address, TOP_UP)
  await events.askAgain()
  chain.advance(8 * DAY_S) // coins of nobody go back after a week
  for (let step = 0; step < CALM_STEPS_MAX; step++) {
    chain.advance(61 + Math.floor(world.random() * 200))
    await returnOldSuspense(world.db, world.nowMs())
    await processes.tick()
    await settleReturns(world.db)
    await events.replay(0.5)
    await events.replay(0.5)
    await checkBooks(world)
    if (step >= CALM_STEPS_MIN && (await countOpen(world)) === 0) break
  }
  if (!options.mutant) await auditBooks(world)
  return readResult(world)
}
