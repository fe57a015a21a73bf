import { drizzle } from 'drizzle-orm/d1'
import { createRandom } from '../local/ton/chain-faults.ts'
import { FAUCET, type SandboxChain } from '../local/ton/sandbox-chain.ts'
import { nano } from '../protocol/src/money.ts'
import { returnOldSuspense, settleReturns } from '../worker-coordinator/src/deposits/deposit-store.ts'
import { findLedgerFaults } from '../worker-coordinator/src/ledger/ledger.ts'
import { readLedgerAudit } from '../worker-coordinator/src/ledger/ledger-store.ts'
import { failPayout, orderPayout } from '../worker-coordinator/src/payouts/payout-store.ts'
import { DEMAND_MIN } from '../worker-coordinator/src/payouts/payout-terms.ts'
import { depositComment } from '../worker-coordinator/src/ton/deposit-body.ts'
import { createHighloadV3 } from '../worker-coordinator/src/ton/highload-v3.ts'
import { textCommentBody } from '../worker-coordinator/src/ton/text-comment.ts'
import { createWalletV5 } from '../worker-coordinator/src/ton/wallet-v5.ts'
import {
  createTreasury,
  type Treasury,
  type TreasuryDeps,
} from '../worker-coordinator/src/treasury/treasury.ts'
import { createTreasuryStore, resumeTreasury } from '../worker-coordinator/src/treasury/treasury-store.ts'
import {
  createFaults,
  type FaultCounts,
  type FaultRates,
  faultyChain,
  faultyD1,
  type Life,
  NO_FAULTS,
} from './faults.ts'
import { MUTANTS, type Mutant, mutate } from './mutants.ts'
import { openSqliteD1 } from './sqlite-d1.ts'
import { watchWallet } from './true-chain.ts'

export type RunOptions = {
  readonly seed: number
  readonly wallet: 'wallet-v5' | 'highload-v3'
  readonly mutant?: Mutant
}

export type RunResult = FaultCounts & {
  readonly payouts: number
  /** Payouts that reached their destination more than once. */
  readonly double: number
  /** Payouts that the ledger calls paid and the chain does not know. */
  readonly lost: number
  /** Payouts that are neither paid nor failed after everything works again. */
  readonly stuck: number
  /** Signed messages that an attacker, or the past, sent again and that were taken. */
  readonly replays: number
  readonly zombies: number
  /** Times that the wallet stopped itself. */
  readonly halts: number
}

const PEOPLE = 6
const PAYOUTS_MAX = 14
const STORM_STEPS = 60
const CALM_STEPS_MAX = 80
/** How long a highload message is good here. Short, so that a storm covers it many times. */
const HIGHLOAD_TIMEOUT_S = 300
const DAY_S = 86_400
const TON = 1_000_000_000n

/**
 * One story of payouts under faults, on the real algorithm and the real SQL. The same seed on a fresh chain tells the same
 * story. Throws when the books break on the way; what was paid twice, lost or stuck is in the result.
 */
export async function runPayouts(chain: SandboxChain, options: RunOptions): Promise<RunResult> {
  const random = createRandom(options.seed * 7919 + 1)
  const world = await setUpWorld(chain, options, random)
  for (let step = 0; step < STORM_STEPS; step++) {
    await world.live()
    await world.tick()
    await world.check()
  }
  await world.calm()
  for (let step = 0; step < CALM_STEPS_MAX; step++) {
    await world.calmStep()
    await world.check()
    if (step > 3 && (await world.countOpen()) === 0) break
  }
  if (!options.mutant) await world.audit()
  return world.result()
}

async function setUpWorld(
  chain: SandboxChain,
  { seed, wallet: kind, mutant }: RunOptions,
  random: () => number,
) {
  const d1 = await openSqliteD1()
  const db = drizzle(d1)
  const key = keyOf(seed, mutant)
  const wallet = kind === 'wallet-v5' ? createWalletV5(key, '-3') : createHighloadV3(key, HIGHLOAD_TIMEOUT_S)
  const faults = createFaults(random, stormRates(seed))
  const seen: string[] = []
  const truth = watchWallet(chain, wallet.address)
  const connect = faultyChain(truth, faults, { torn: kind === 'wallet-v5', seen })
  const nowMs = () => chain.nowS() * 1000
  const counts = { replays: 0, zombies: 0, halts: 0 }
  const people = await setUpPeople(d1, seed)
  const day = Math.floor(chain.nowS() / DAY_S)
  await d1
    .prepare(
      "INSERT INTO reserve_proofs (day, root, total, leaves, document, created_at) VALUES (?, ?, 0, 0, '', 0)",
    )
    .bind(day, 'b'.repeat(64))
    .run()
  const orders: { id: string; retry: () => Promise<boolean> }[] = []

  let acting = false
  const newInstance = (): { treasury: Treasury; life: Life; d1: D1Database } => {
    const life: Life = {
      alive: true,
      between: async () => {
        if (acting || zombies.length === 0 || random() > 0.02 || faults.rates === NO_FAULTS) return
        acting = true
        const zombie = zombies[Math.floor(random() * zombies.length)]
        counts.zombies++
        await zombie?.treasury.tick().catch(() => undefined) // what a replaced instance does must not matter
        acting = false
      },
    }
    const own = faultyD1(d1, faults, life)
    const ownDb = drizzle(own)
    const deps: TreasuryDeps = {
      chain: connect(life),
      wallet,
      store: createTreasuryStore(ownDb),
      operators: new Set([FAUCET]),
      findCalls: async () => [],
      failPayout: async (payoutId, reason) => {
        await failPayout(ownDb, { payoutId, reason, nowMs: nowMs() })
      },
      nowMs,
      log: (event) => {
        if (event === 'treasury-halted') counts.halts++
      },
    }
    return { treasury: createTreasury(mutant ? mutate(deps, mutant) : deps), life, d1: own }
  }
  type Instance = ReturnType<typeof newInstance>
  const zombies: Instance[] = []
  let live = newInstance()
  const replace = () => {
    if (live.life.alive) zombies.push(live)
    if (zombies.length > 3) zombies.shift()
    live = newInstance()
  }

  const one = async <Row>(query: string) => (await d1.prepare(query).first<Row>()) as Row
  const orderSome = async () => {
    if (orders.length >= PAYOUTS_MAX || random() > 0.45) return
    const person = people[Math.floor(random() * people.length)]
    if (!person) return
    const amount = nano(DEMAND_MIN + BigInt(Math.floor(random() * 1_200_000_000)))
    const idempotency = `key-${orders.length}`
    const retry = async () => {
      const source = random() < 0.8 ? 'owner' : 'user'
      const life: Life = { alive: true, between: async () => undefined }
      const routeDb = drizzle(faultyD1(d1, faults, life))
      try {
        const result = await orderPayout(routeDb, {
          accountId: person.accountId,
          source,
          amount,
          destination: person.address,
          cause: 'demand',
          idempotency,
          nowMs: nowMs(),
        })
        return result.ok || result.reason !== 'payouts-frozen'
      } catch {
        return false // the caller asks again with the same key
      }
    }
    orders.push({ id: idempotency, retry })
    if (!(await retry())) await retry()
  }
  const strangers = async () => {
    if (random() < 0.12) await chain.faucet(wallet.address, 3n * TON)
    if (random() < 0.2) {
      const person = people[Math.floor(random() * people.length)]
      const value = random() < 0.3 ? 777n : BigInt(Math.floor(random() * 900_000_000)) + 10_000_000n
      const body = random() < 0.7 && person ? textCommentBody(depositComment(person.accountId)) : undefined
      const from = `0:${(1000 + Math.floor(random() * 5)).toString(16).padStart(64, 'd')}`
      await chain.deliverInternal({
        from,
        to: wallet.address,
        value,
        ...(body ? { body } : {}),
        bounce: random() < 0.3,
      })
    }
  }
  const replay = async (share: number) => {
    const boc = seen[Math.floor(random() * seen.length)]
    if (boc === undefined || random() > share) return
    const answer = await chain.deliverExternal(boc)
    if (answer.ok) counts.replays++
  }
  const toggleFreeze = async () => {
    const lifted = await d1.prepare('DELETE FROM ledger_stops RETURNING name').all()
    if (lifted.results.length === 0)
      await d1.prepare("INSERT INTO ledger_stops VALUES ('payouts-frozen', 'audit', 0)").run()
  }
  const passTime = () => {
    const jump =
      random() < 0.04 ? 3 * HIGHLOAD_TIMEOUT_S + 100 + random() * 2000 : 5 + random() * random() * 250
    chain.advance(Math.floor(jump))
  }
  const tickLive = async () => {
    try {
      const { state } = await live.treasury.tick()
      if (state === 'replaced' || state === 'halted') await afterStop(state)
    } catch (error) {
      if (live.life.alive && !isExpected(error)) throw error
    }
    if (!live.life.alive) replace()
  }
  /** A person looks at a wallet that stopped, and lets it go on: only mutants stop. */
  const afterStop = async (state: 'replaced' | 'halted') => {
    if (state === 'replaced') return
    if (!mutant) {
      const row = await one<{ reason: string }>('SELECT reason FROM hot_wallet')
      throw new Error(`the wallet halted: ${row.reason}`)
    }
    await resumeTreasury(db)
  }

  return {
    live: async () => {
      await orderSome()
      await strangers()
      await replay(0.35)
      passTime()
      if (random() < 0.03) replace()
      if (random() < 0.03) await toggleFreeze()
    },
    tick: tickLive,
    calm: async () => {
      faults.rates = NO_FAULTS
      replace()
      zombies.length = 0
      await d1.prepare('DELETE FROM ledger_stops').run()
      chain.advance(8 * DAY_S) // coins of nobody go back after a week
      await chain.faucet(wallet.address, 60n * TON)
      for (const { retry } of orders) await retry()
    },
    calmStep: async () => {
      chain.advance(61 + Math.floor(random() * 200))
      await tickLive()
      await returnOldSuspense(db, nowMs())
      await settleReturns(db)
      await replay(0.5)
      await replay(0.5)
    },
    countOpen: async () =>
      (await one<{ n: number }>("SELECT COUNT(*) AS n FROM payouts WHERE state IN ('queued', 'planned')")).n,
    check: async () => {
      await truth.check()
      const row = await one<{
        debits: number
        credits: number
        guards: number
        hot: number
        lt: string | null
        inflight: number
        open: number
      }>(`SELECT
        (SELECT SUM(debits) FROM ledger_accounts) AS debits,
        (SELECT SUM(credits) FROM ledger_accounts) AS credits,
        (SELECT COUNT(*) FROM guards) AS guards,
        (SELECT debits - credits FROM ledger_accounts WHERE id = 4) AS hot,
        (SELECT last_lt FROM hot_wallet) AS lt,
        (SELECT credits - debits FROM ledger_accounts WHERE id = 6) AS inflight,
        (SELECT COALESCE(SUM(amount), 0) FROM payouts WHERE state IN ('queued', 'planned')) AS open`)
      if (row.debits !== row.credits)
        throw new Error(`debits ${row.debits} differ from credits ${row.credits}`)
      if (row.guards !== 0) throw new Error('a guard was left behind')
      if (row.inflight !== row.open) throw new Error(`in flight ${row.inflight}, open payouts ${row.open}`)
      const chainHeld = truth.balanceAt(row.lt ?? '')
      if (BigInt(row.hot) !== chainHeld)
        throw new Error(`asset:hot is ${row.hot}, the chain held ${chainHeld}`)
    },
    audit: async () => {
      const found = findLedgerFaults(await readLedgerAudit(db))
      if (found.length > 0) throw new Error(found.join('; '))
      const unpublished = await one<{ n: number }>(
        'SELECT COUNT(*) AS n FROM reserve_proofs WHERE transaction_id IS NULL',
      )
      if (kind === 'wallet-v5' && unpublished.n > 0) throw new Error('a root of reserves was not published')
    },
    result: async (): Promise<RunResult> => {
      const { results } = await d1
        .prepare('SELECT id, state FROM payouts')
        .all<{ id: string; state: 'queued' | 'planned' | 'paid' | 'failed' }>()
      const delivered = truth.deliveries()
      const timesOf = (id: string) => delivered.get(id) ?? 0
      return {
        ...faults.counts,
        ...counts,
        payouts: results.length,
        double: results.filter(({ id, state }) => timesOf(id) > (state === 'failed' ? 0 : 1)).length,
        lost: results.filter(({ id, state }) => state === 'paid' && timesOf(id) === 0).length,
        stuck: results.filter(({ state }) => state === 'queued' || state === 'planned').length,
      }
    },
  }
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

/** A database or a chain that did not answer, or a rule that stopped a writer that had been replaced. */
function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
  return /no answer|Network connection lost|timeout|another instance has taken over|COALESCE\(ok, 0\)/.test(
    text,
  )
}

type Person = { readonly accountId: number; readonly address: string }

/** Accounts with a proven wallet each, earnings, and coins that came from outside. */
async function setUpPeople(d1: D1Database, seed: number): Promise<readonly Person[]> {
  const people = Array.from({ length: PEOPLE }, (_, index) => ({
    accountId: 5_000_000_000 + index,
    address: `0:${(seed * 100 + index + 1).toString(16).padStart(64, 'a')}`,
  }))
  const run = (sql: string, ...values: (string | number)[]) => d1.prepare(sql).bind(...values)
  await d1.batch(
    people.flatMap(({ accountId, address }, index) => [
      run(
        "INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)",
        accountId,
        `liab:user:${accountId}`,
      ),
      run(
        "INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)",
        accountId + 1000,
        `liab:owner:${accountId}`,
      ),
      run('INSERT INTO accounts (id, telegram_id, created_at) VALUES (?, ?, 0)', accountId, index + 1),
      run('INSERT INTO wallets (account_id, address, proven_at) VALUES (?, ?, 0)', accountId, address),
      run(
        "INSERT INTO ledger_transfers VALUES (?, 'grant', 3, ?, 20000000000, 0, 0)",
        `earned/${accountId}`,
        accountId + 1000,
      ),
    ]),
  )
  return people
}
