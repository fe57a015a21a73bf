import { drizzle } from 'drizzle-orm/d1'
import { nano } from '../protocol/src/money.ts'
import { orderPayout } from '../worker-coordinator/src/payouts/payout-store.ts'
import { DEMAND_MIN } from '../worker-coordinator/src/payouts/payout-terms.ts'
import { depositComment } from '../worker-coordinator/src/ton/deposit-body.ts'
import { textCommentBody } from '../worker-coordinator/src/ton/text-comment.ts'
import { faultyD1, NO_FAULTS, type Random } from './faults.ts'
import { HIGHLOAD_TIMEOUT_S, type World } from './world.ts'

const ORDERS_MAX = 14
const TON = 1_000_000_000n
const LARGEST_ORDER = 1_200_000_000
const SENDERS = 5

export type Events = {
  /** What happens around the coordinator between two of its rounds. */
  readonly happen: () => Promise<void>
  /** Somebody who kept every message sends one of them again. */
  readonly replay: (share: number) => Promise<void>
  /** Everybody who ordered asks once more, with the same key. */
  readonly askAgain: () => Promise<void>
}

/** People who order, pay in and meddle; an operator who tops up and freezes; and time. */
export function createEvents(world: World): Events {
  const { random, chain } = world
  const orders: (() => Promise<void>)[] = []
  const replay = async (share: number) => {
    const boc = world.seen[Math.floor(random() * world.seen.length)]
    if (boc === undefined || random() > share) return
    const answer = await chain.deliverExternal(boc)
    if (answer.ok) world.counts.replays++
  }
  return {
    replay,
    askAgain: async () => {
      for (const ask of orders) await ask()
    },
    happen: async () => {
      if (orders.length < ORDERS_MAX && random() < 0.45) {
        const ask = makeOrder(world, orders.length)
        orders.push(ask)
        await ask()
      }
      if (random() < 0.12) await chain.faucet(world.wallet.address, 3n * TON)
      if (random() < 0.2) await payIn(world)
      if (random() < 0.03) await toggleFreeze(world)
      await replay(0.35)
      chain.advance(Math.floor(secondsToPass(random)))
    },
  }
}

/** An order that can be repeated: it is the same however often it is asked. */
function makeOrder(world: World, number: number): () => Promise<void> {
  const { random, people, faults, d1, nowMs } = world
  const person = people[Math.floor(random() * people.length)]
  const order = {
    accountId: person?.accountId ?? 0,
    destination: person?.address ?? '',
    source: random() < 0.8 ? ('owner' as const) : ('user' as const),
    amount: nano(DEMAND_MIN + BigInt(Math.floor(random() * LARGEST_ORDER))),
    cause: 'demand' as const,
    idempotency: `key-${number}`,
  }
  return async () => {
    const life = { alive: true, between: async () => undefined }
    const db = drizzle(faultyD1(d1, faults, life))
    try {
      await orderPayout(db, { ...order, nowMs: nowMs() })
    } catch (error) {
      if (faults.rates === NO_FAULTS) throw error // in a storm it is asked again at the end
    }
  }
}

/** Somebody's deposit, with a code or without, or dust. */
async function payIn({ random, people, chain, wallet }: World): Promise<void> {
  const person = people[Math.floor(random() * people.length)]
  const value = random() < 0.3 ? 777n : BigInt(Math.floor(random() * 900_000_000)) + 10_000_000n
  const body = random() < 0.7 && person ? { body: textCommentBody(depositComment(person.accountId)) } : {}
  const from = `0:${Math.floor(random() * SENDERS)
    .toString(16)
    .padStart(64, 'd')}`
  await chain.deliverInternal({ from, to: wallet.address, value, bounce: random() < 0.3, ...body })
}

async function toggleFreeze({ d1 }: World): Promise<void> {
  const lifted = await d1.prepare('DELETE FROM ledger_stops RETURNING name').all()
  if (lifted.results.length > 0) return
  await d1.prepare("INSERT INTO ledger_stops VALUES ('payouts-frozen', 'audit', 0)").run()
}

/** Mostly seconds to minutes; now and then past three timeouts. */
function secondsToPass(random: Random): number {
  return random() < 0.04 ? 3 * HIGHLOAD_TIMEOUT_S + 100 + random() * 2000 : 5 + random() * random() * 250
}
