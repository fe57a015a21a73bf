import { drizzle } from 'drizzle-orm/d1'
import { FAUCET } from '../local/ton/sandbox-chain.ts'
import { failPayout } from '../worker-coordinator/src/payouts/payout-store.ts'
import {
  createTreasury,
  type Treasury,
  type TreasuryDeps,
} from '../worker-coordinator/src/treasury/treasury.ts'
import { resumeTreasury } from '../worker-coordinator/src/treasury/treasury-status-store.ts'
import { createTreasuryStore } from '../worker-coordinator/src/treasury/treasury-store.ts'
import { faultyChain, faultyD1, type Life, NO_FAULTS } from './faults.ts'
import { mutate } from './mutants.ts'
import { readRow, type World } from './world.ts'

export type Processes = {
  /** One round of the live process. When it dies another one starts. */
  readonly tick: () => Promise<void>
  /** Starts another process, while the one before goes on as a zombie. */
  readonly replace: () => void
  /** Ends all that were replaced. */
  readonly endZombies: () => void
}

type Process = { readonly treasury: Treasury; readonly life: Life }

const ZOMBIES_MAX = 3
/** How often a replaced process does a round between two steps of the live one. */
const ZOMBIE_SHARE = 0.02

/** The coordinator's processes: the live one, and those before it that do not know they were replaced. */
export function createProcesses(world: World): Processes {
  const { random, faults, counts } = world
  const torn = world.options.wallet === 'wallet-v5'
  const connect = faultyChain(world.truth, faults, { torn, seen: world.seen })
  const zombies: Process[] = []
  let isActing = false

  const actBetween = async () => {
    if (isActing || zombies.length === 0 || random() > ZOMBIE_SHARE || faults.rates === NO_FAULTS) return
    isActing = true
    const zombie = zombies[Math.floor(random() * zombies.length)]
    counts.zombies++
    await zombie?.treasury.tick().catch(() => undefined) // whatever a replaced process meets must not matter
    isActing = false
  }
  const start = (): Process => {
    const life: Life = { alive: true, between: actBetween }
    const deps = depsOf(world, life, connect(life))
    const { mutant } = world.options
    return { life, treasury: createTreasury(mutant ? mutate(deps, mutant) : deps) }
  }

  let live = start()
  const replace = () => {
    if (live.life.alive) zombies.push(live)
    if (zombies.length > ZOMBIES_MAX) zombies.shift()
    live = start()
  }
  return {
    replace,
    endZombies: () => {
      zombies.length = 0
    },
    tick: async () => {
      try {
        const { state } = await live.treasury.tick()
        if (state === 'halted') await afterHalt(world)
      } catch (error) {
        if (live.life.alive && !isExpected(error)) throw error
      }
      if (!live.life.alive) replace()
    },
  }
}

function depsOf(world: World, life: Life, chain: TreasuryDeps['chain']): TreasuryDeps {
  const { d1, wallet, nowMs, counts } = world
  const db = drizzle(faultyD1(d1, world.faults, life))
  return {
    chain,
    wallet,
    store: createTreasuryStore(db),
    operators: new Set([FAUCET]),
    findCalls: async () => [],
    failPayout: async (payoutId, reason) => {
      await failPayout(db, { payoutId, reason, nowMs: nowMs() })
    },
    nowMs,
    log: (event) => {
      if (event === 'treasury-halted') counts.halts++
    },
  }
}

/** The wallet stopped itself: the real algorithm has no reason to. With a mutant a person looks, and lets it go on. */
async function afterHalt(world: World): Promise<void> {
  if (!world.options.mutant) {
    const row = await readRow<{ reason: string }>(world, 'SELECT reason FROM hot_wallet')
    throw new Error(`the wallet halted: ${row.reason}`)
  }
  await resumeTreasury(world.db)
}

/** A database or a chain that did not answer, or a rule that stopped a writer that had been replaced. */
function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
  return /no answer|Network connection lost|timeout|another instance has taken over|COALESCE\(ok, 0\)/.test(
    text,
  )
}
