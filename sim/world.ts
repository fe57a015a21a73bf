import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { createRandom } from '../local/ton/chain-faults.ts'
import type { SandboxChain } from '../local/ton/sandbox-chain.ts'
import { createHighloadV3 } from '../worker-coordinator/src/ton/highload-v3.ts'
import type { PayoutWallet } from '../worker-coordinator/src/ton/payout-wallet.ts'
import { createWalletV5 } from '../worker-coordinator/src/ton/wallet-v5.ts'
import { createFaults, type FaultRates, type Faults, type Random } from './faults.ts'
import { MUTANTS, type Mutant } from './mutants.ts'
import { type Person, setUpPeople } from './people.ts'
import { openSqliteD1 } from './sqlite-d1.ts'
import { type Watched, watchWallet } from './true-chain.ts'

/** How long a highload message is good here. Short, so that a storm covers it many times. */
export const HIGHLOAD_TIMEOUT_S = 300
export const DAY_S = 86_400

export type WorldOptions = {
  readonly seed: number
  readonly wallet: PayoutWallet['kind']
  readonly mutant?: Mutant
}

/** One story's database, chain, wallet, people and weather. */
export type World = {
  readonly options: WorldOptions
  readonly chain: SandboxChain
  readonly d1: D1Database
  readonly db: DrizzleD1Database
  readonly wallet: PayoutWallet
  readonly truth: Watched
  readonly people: readonly Person[]
  readonly random: Random
  readonly faults: Faults
  /** Every message that was ever sent. */
  readonly seen: string[]
  readonly counts: { replays: number; zombies: number; halts: number }
  readonly nowMs: () => number
}

export async function setUpWorld(chain: SandboxChain, options: WorldOptions): Promise<World> {
  const { seed, mutant } = options
  const random = createRandom(seed * 7919 + 1)
  const d1 = await openSqliteD1()
  const key = keyOf(seed, mutant)
  const wallet =
    options.wallet === 'wallet-v5' ? createWalletV5(key, '-3') : createHighloadV3(key, HIGHLOAD_TIMEOUT_S)
  const people = await setUpPeople(d1, seed)
  await d1
    .prepare(
      "INSERT INTO reserve_proofs (day, root, total, leaves, document, created_at) VALUES (?, ?, 0, 0, '', 0)",
    )
    .bind(Math.floor(chain.nowS() / DAY_S), 'b'.repeat(64))
    .run()
  return {
    options,
    chain,
    d1,
    db: drizzle(d1),
    wallet,
    truth: watchWallet(chain, wallet.address),
    people,
    random,
    faults: createFaults(random, stormRates(seed)),
    seen: [],
    counts: { replays: 0, zombies: 0, halts: 0 },
    nowMs: () => chain.nowS() * 1000,
  }
}

/** The one row that a question has. */
export async function readRow<Row>({ d1 }: World, query: string): Promise<Row> {
  return (await d1.prepare(query).first<Row>()) as Row
}

/** A key of this story's own: several are told on one chain. */
function keyOf(seed: number, mutant: Mutant | undefined): Uint8Array {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, seed)
  key[31] = mutant === undefined ? 0 : MUTANTS.indexOf(mutant) + 1
  return key
}

/** Three kinds of weather: mostly fine, rough, and a network that loses nearly everything. */
function stormRates(seed: number): FaultRates {
  return {
    crash: 0.04,
    lostReply: 0.04,
    failRead: 0.02,
    dropSend: [0.1, 0.3, 0.85][seed % 3] ?? 0.1,
    ambiguousSend: 0.3,
    duplicateSend: 0.2,
    lag: 0.08,
    disorder: 0.15,
  }
}
