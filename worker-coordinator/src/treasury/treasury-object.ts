import { DurableObject } from 'cloudflare:workers'
import { returnOldSuspense, settleReturns } from '../deposits/deposit-store.ts'
import { findCollects } from '../escrow/collect-plan.ts'
import { listOpenEscrows, noteCollected } from '../escrow/escrow-store.ts'
import { collectMessage } from '../escrow/ton/collect-message.ts'
import { readEscrowState } from '../escrow/ton/escrow-contract.ts'
import { brokenRule } from '../ledger/broken-rule.ts'
import { connectDb, type Db } from '../ledger/ledger-store.ts'
import { createAnnouncer } from '../notices/create-announcer.ts'
import { failPayout, orderAutomaticPayouts } from '../payouts/payout-store.ts'
import { readPayoutTerms } from '../payouts/payout-terms.ts'
import { logToConsole } from '../platform/log.ts'
import { parseAddress } from '../ton/address.ts'
import { readSeed } from '../ton/read-seed.ts'
import { createToncenterChain } from '../ton/toncenter-chain.ts'
import { createWalletV5 } from '../ton/wallet-v5.ts'
import { listNews } from './news-store.ts'
import { createNewsTeller, type NewsTeller } from './tell-news.ts'
import { createTreasury, type Treasury } from './treasury.ts'
import { readTreasuryStatus, type TreasuryStatus } from './treasury-status-store.ts'
import { createTreasuryStore } from './treasury-store.ts'

/** How soon the chain is looked at again while something is under way, and for a while after, in ms. */
const BUSY_EVERY_MS = 5_000
const BUSY_FOR_MS = 120_000
/** However often somebody asks for a round, one begins this long after the one before, in ms. */
const POKED_EVERY_MS = 1_000
/** And at rest, in ms. */
const IDLE_EVERY_MS = 30_000
/** How often payouts and returns that are due are looked for, in ms. */
const ORDER_EVERY_MS = 60_000
/** How many escrows are asked at a time. */
const ESCROWS_MAX = 50
/** A failed query's message holds all its values. */
const LOGGED_CHARS = 300

/**
 * The one object, named `hot`, that reads the chain for the hot wallet, credits deposits and sends payouts. Its alarm keeps
 * it going; each instance is another writer, and the one before it can write no more. Without `TON_SEED` it does nothing.
 */
export class TreasuryObject extends DurableObject<Cloudflare.Env> {
  readonly #db: Db
  readonly #treasury: Treasury | undefined
  readonly #tellNews: NewsTeller
  #busyUntilMs = 0
  #orderedAtMs = 0
  #roundAtMs = 0

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    this.#db = connectDb(env.DB)
    this.#treasury = env.TON_SEED ? openTreasury(env, env.TON_SEED, this.#db) : undefined
    this.#tellNews = createNewsTeller({
      ...createAnnouncer(env),
      listNews: (sinceMs) => listNews(this.#db, sinceMs),
      readStatus: () => this.status(),
      explorerUrl: env.TON_EXPLORER_URL,
      nowMs: Date.now,
    })
  }

  /** Looks at the chain at once, and often for a while: a deposit is on its way, or a payout was ordered. */
  async poke(): Promise<void> {
    if (!this.#treasury) return
    this.#busyUntilMs = Date.now() + BUSY_FOR_MS
    await this.ctx.storage.setAlarm(Math.max(Date.now(), this.#roundAtMs + POKED_EVERY_MS))
  }

  /** Sees to it that the alarm is set. For a clock outside: it costs nothing when all is well. */
  async keepAlive(): Promise<void> {
    if (this.#treasury && (await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now())
    }
  }

  /** How the hot wallet stands; undefined before it was first started. */
  status(): Promise<TreasuryStatus | undefined> {
    return readTreasuryStatus(this.#db)
  }

  override async alarm(): Promise<void> {
    const treasury = this.#treasury
    if (!treasury) return
    // Set first: whatever happens in this round, there is another.
    await this.ctx.storage.setAlarm(Date.now() + IDLE_EVERY_MS)
    this.#roundAtMs = Date.now()
    await this.#try('orders', () => this.#orderWhatIsDue())
    await this.#try('round', async () => {
      const result = await treasury.tick()
      if (result.busy) this.#busyUntilMs = Date.now() + BUSY_FOR_MS
      await this.#tellNews(result.state)
    })
    const soonMs = Date.now() + BUSY_EVERY_MS
    if (soonMs < this.#busyUntilMs && ((await this.ctx.storage.getAlarm()) ?? soonMs + 1) > soonMs) {
      await this.ctx.storage.setAlarm(soonMs)
    }
  }

  /** What fails is tried again in the next round, and holds up nothing else. */
  async #try(step: string, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      logToConsole('treasury-step-failed', { step, error: brokenRule(error).slice(0, LOGGED_CHARS) })
    }
  }

  async #orderWhatIsDue(): Promise<void> {
    const nowMs = Date.now()
    if (nowMs - this.#orderedAtMs < ORDER_EVERY_MS) return
    this.#orderedAtMs = nowMs
    await orderAutomaticPayouts(this.#db, nowMs, readPayoutTerms(this.env))
    await returnOldSuspense(this.#db, nowMs)
    await settleReturns(this.#db)
  }
}

function openTreasury(env: Cloudflare.Env, seed: string, db: Db): Treasury {
  const network = env.TON_NETWORK === '-3' ? '-3' : '-239'
  const chain = createToncenterChain({ url: env.TONCENTER_URL, apiKey: env.TONCENTER_API_KEY })
  return createTreasury({
    chain,
    wallet: createWalletV5(readSeed(seed), network),
    store: createTreasuryStore(db),
    operators: readOperators(env.TON_OPERATOR_ADDRESSES ?? '', network),
    failPayout: async (payoutId, reason) => {
      await failPayout(db, { payoutId, reason, nowMs: Date.now() })
    },
    findCalls: async () => {
      const orders = await findCollects(
        {
          listOpenEscrows: () => listOpenEscrows(db, ESCROWS_MAX),
          readEscrowState: (address) => readEscrowState(chain.runGetMethod, address),
          noteCollected: (address, collected) => noteCollected(db, address, collected),
        },
        Date.now(),
      )
      return orders.map((order, index) => collectMessage(order, BigInt(index)))
    },
    nowMs: Date.now,
    log: logToConsole,
  })
}

/** The operator's wallets, divided by spaces or commas. A wrong one stops the treasury rather than guess. */
function readOperators(text: string, network: '-239' | '-3'): ReadonlySet<string> {
  return new Set(
    text
      .split(/[\s,]+/)
      .filter((one) => one !== '')
      .map((one) => {
        const read = parseAddress(one, network)
        if (!read.ok) throw new Error(`TON_OPERATOR_ADDRESSES: ${one}: ${read.reason}`)
        return read.address
      }),
  )
}
