import { drizzle } from 'drizzle-orm/d1'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { failPayout, type OrderResult, orderPayout } from '../payouts/payout-store.ts'
import type { LogFacts } from '../platform/log.ts'
import { createFakeChain } from '../ton/fake-chain-fixture.ts'
import { createWalletV5 } from '../ton/wallet-v5.ts'
import { createTreasury, type TreasuryDeps } from './treasury.ts'
import { readTreasuryStatus } from './treasury-status-store.ts'
import { createTreasuryStore } from './treasury-store.ts'

export const TON = 1_000_000_000n
export const OPERATOR = `0:${'0b'.repeat(32)}`
export const STRANGER = `0:${'5'.repeat(64)}`

export type Person = { readonly accountId: number; readonly ownerPlace: number; readonly wallet: string }

/** A database with people in it, a chain and a hot wallet. `instance` makes the process that works them. */
export function createTreasuryFixture(d1: D1Database, seedByte = 7) {
  const db = drizzle(d1)
  const wallet = createWalletV5(new Uint8Array(32).fill(seedByte), '-3')
  const chain = createFakeChain(wallet.address)
  const events: { event: string; facts: LogFacts | undefined }[] = []
  let people = 0
  let orders = 0
  const run = (sql: string, ...values: (string | number | null)[]) => d1.prepare(sql).bind(...values)
  const nowMs = () => chain.nowS * 1000

  const deps = (given: Partial<TreasuryDeps> = {}): TreasuryDeps => ({
    chain,
    wallet,
    store: createTreasuryStore(db),
    operators: new Set([OPERATOR]),
    findCalls: async () => [],
    failPayout: async (payoutId, reason) => {
      await failPayout(db, { payoutId, reason, nowMs: nowMs() })
    },
    nowMs,
    log: (event, facts) => {
      events.push({ event, facts })
    },
    ...given,
  })

  return {
    db,
    d1,
    run,
    wallet,
    chain,
    events,
    nowMs,
    deps,
    instance: (given: Partial<TreasuryDeps> = {}) => createTreasury(deps(given)),
    status: () => readTreasuryStatus(db),
    /** Somebody with a proven wallet and `earned` nano that can be paid out. */
    async setupPerson(earned = 0n): Promise<Person> {
      const index = people++
      const accountId = 6_000_000_000 + seedByte * 1_000_000 + index
      const person = {
        accountId,
        ownerPlace: accountId + 500_000,
        wallet: `0:${accountId.toString(16).padStart(64, 'c')}`,
      }
      const place = "INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)"
      await d1.batch([
        run(place, accountId, `liab:user:${accountId}`),
        run(place, person.ownerPlace, `liab:owner:${accountId}`),
        run('INSERT INTO accounts (id, telegram_id, created_at) VALUES (?, ?, 0)', accountId, accountId),
        run(
          'INSERT INTO wallets (account_id, address, proven_at) VALUES (?, ?, 0)',
          accountId,
          person.wallet,
        ),
        ...(earned > 0n
          ? [
              run(
                "INSERT INTO ledger_transfers VALUES (?, 'grant', 3, ?, ?, 0, 0)",
                `earned/${accountId}`,
                person.ownerPlace,
                Number(earned),
              ),
            ]
          : []),
      ])
      return person
    },
    order(
      person: Person,
      amount: bigint,
      given: { key?: string; source?: 'owner' | 'user' } = {},
    ): Promise<OrderResult> {
      return orderPayout(db, {
        accountId: person.accountId,
        source: given.source ?? 'owner',
        amount: nano(amount),
        destination: person.wallet,
        cause: 'demand',
        idempotency: given.key ?? `key-${orders++}`,
        nowMs: nowMs(),
      })
    },
    async balanceOf(code: string): Promise<bigint> {
      const row = await run(
        "SELECT CASE side WHEN 'credit' THEN credits - debits ELSE debits - credits END AS balance FROM ledger_accounts WHERE code = ?",
        code,
      ).first<{ balance: number }>()
      return BigInt(row?.balance ?? -1)
    },
    async payouts(): Promise<{ id: string; state: string; reason: string | null; amount: number }[]> {
      return (await run('SELECT * FROM payouts ORDER BY created_at, id').all<never>()).results
    },
    async depositRows(): Promise<
      { id: string; state: string; via: string; account_id: number | null; amount: number }[]
    > {
      return (await run('SELECT * FROM deposits ORDER BY at, id').all<never>()).results
    },
    /** What reached an address, payout by payout. */
    received(address: string): readonly Nano[] {
      return chain.transactions
        .flatMap(({ out }) => out)
        .filter(({ destination }) => destination === address)
        .map(({ value }) => nano(value))
    },
    /** Throws when the books are not in order. */
    async audit(): Promise<void> {
      const row = await d1
        .prepare(`SELECT (SELECT SUM(debits) - SUM(credits) FROM ledger_accounts) AS trial,
          (SELECT COUNT(*) FROM guards) AS guards,
          (SELECT debits - credits FROM ledger_accounts WHERE id = 4) AS hot,
          (SELECT balance FROM hot_wallet) AS scanned`)
        .first<{ trial: number; guards: number; hot: number; scanned: number }>()
      if (row?.trial !== 0 || row.guards !== 0 || row.hot !== row.scanned)
        throw new Error(JSON.stringify(row))
    },
  }
}

export type TreasuryFixture = ReturnType<typeof createTreasuryFixture>
