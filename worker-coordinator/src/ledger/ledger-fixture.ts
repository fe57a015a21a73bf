import { drizzle } from 'drizzle-orm/d1'
import { type JobId, makeJobId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import { endJob, openJob } from '../jobs/job-store.ts'
import { LEDGER, type TransferKind } from './ledger.ts'

let counter = 7_000_000_000

/** A random part of an id that is told by a number: the same each time. */
function bytesOf(value: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, index) => Math.floor(value / 32 ** index) & 31)
}

/** Makes people, runners, jobs and transfers in a database, for tests. */
export function createLedgerFixture(database: D1Database) {
  const db = drizzle(database)
  const run = (query: string, ...values: unknown[]) => database.prepare(query).bind(...values)
  const place = (id: number, code: string) =>
    run("INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)", id, code)

  async function transfer(input: {
    readonly id: string
    readonly kind: TransferKind
    readonly debit: number
    readonly credit: number
    readonly amount: bigint | number
    readonly fee?: number
    readonly atMs?: number
  }) {
    const { id, kind, debit, credit, amount, fee = 0, atMs = 0 } = input
    await run(
      'INSERT INTO ledger_transfers VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      kind,
      debit,
      credit,
      Number(amount),
      fee,
      atMs,
    ).run()
  }

  return {
    db,
    transfer,
    newId: () => counter++,
    /** An account with a welcome credit. */
    async setupUser(credit = 0n): Promise<number> {
      const id = counter++
      await database.batch([
        place(id, `liab:user:${id}`),
        run('INSERT INTO accounts (id, telegram_id, created_at) VALUES (?, ?, 0)', id, id),
      ])
      if (credit > 0n) {
        const id_ = `welcome/${id}`
        await transfer({ id: id_, kind: 'welcome', debit: LEDGER.welcome, credit: id, amount: credit })
      }
      return id
    },
    async setupRunner(accountId: number) {
      const ledgerId = counter++
      const runnerId = `run_${String(ledgerId).padStart(26, '0')}`
      await database.batch([
        place(ledgerId, `liab:runner:${runnerId}`),
        run(
          "INSERT INTO runners (id, account_id, ledger_id, public_key, name, state, created_at) VALUES (?, ?, ?, ?, ?, 'active', ?)",
          runnerId,
          accountId,
          ledgerId,
          `key-${ledgerId}`,
          `runner ${ledgerId}`,
          ledgerId,
        ),
      ])
      return { ledgerId, runnerId }
    },
    async setupKey(accountId: number, name = 'laptop'): Promise<number> {
      const keyId = counter++
      await run(
        `INSERT INTO api_keys (id, account_id, hash, prefix, name, held, spent, day, spent_day, month, spent_month, created_at)
          VALUES (?, ?, ?, 'sk', ?, 0, 0, 0, 0, 0, 0, 0)`,
        keyId,
        accountId,
        `hash-${keyId}`,
        name,
      ).run()
      return keyId
    },
    newJobId: (atMs: number): JobId => makeJobId(atMs, bytesOf(counter++)),
    openJob(input: {
      readonly jobId: JobId
      readonly accountId: number
      readonly keyId?: number
      readonly hold: bigint
      readonly atMs: number
      readonly model?: string
      readonly state?: 'queued' | 'running'
    }) {
      const { jobId, accountId, keyId, hold, atMs, model = 'm', state = 'running' } = input
      return openJob(db, {
        job: {
          kind: 'chat',
          jobId,
          caller: { accountId, keyId },
          model,
          tier: 'open',
          messages: [],
          params: {},
          needs: [],
        },
        shard: 0,
        state,
        price: { input: nano(10n), output: nano(20n) },
        hold: nano(hold),
        nowMs: atMs,
      })
    },
    endJob(input: {
      readonly jobId: JobId
      readonly accountId: number
      readonly runner: { readonly ledgerId: number; readonly runnerId: string }
      readonly amount: bigint
      readonly fee?: bigint
      readonly atMs: number
      readonly why?: unknown
      readonly receipts?: unknown
    }) {
      const { jobId, accountId, runner, amount, fee = 0n, atMs } = input
      const id = `${jobId}/earn/0`
      const transfers = [
        { id, debit: accountId, credit: runner.ledgerId, amount: nano(amount), fee: nano(fee) },
      ]
      return endJob(db, {
        jobId,
        state: 'done',
        charge: nano(amount),
        promptTokens: 3,
        completionTokens: 5,
        transfers: amount === 0n ? [] : transfers.map((one) => ({ ...one, kind: 'usage' as const })),
        why: JSON.stringify(input.why ?? [{ runner: runner.runnerId, rule: 'best-rank' }]),
        receipts: JSON.stringify(input.receipts ?? []),
        nowMs: atMs,
      })
    },
    /** Opens a job and ends it. Gives its id. */
    async runJob(input: {
      readonly accountId: number
      readonly keyId?: number
      readonly runner: { readonly ledgerId: number; readonly runnerId: string }
      readonly amount: bigint
      readonly fee?: bigint
      readonly atMs: number
      readonly endMs?: number
      readonly model?: string
    }): Promise<JobId> {
      const jobId = this.newJobId(input.atMs)
      const opened = await this.openJob({ ...input, jobId, hold: input.amount })
      if (!opened.ok) throw new Error(`the job was not opened: ${opened.reason}`)
      const ended = await this.endJob({ ...input, jobId, atMs: input.endMs ?? input.atMs + 1000 })
      if (!ended.ok) throw new Error(`the job was not ended: ${ended.reason}`)
      return jobId
    },
    async balanceOf(code: string): Promise<bigint | undefined> {
      const row = await run(
        'SELECT credits - debits AS balance FROM ledger_accounts WHERE code = ?',
        code,
      ).first<{ balance: number }>()
      return row ? BigInt(row.balance) : undefined
    },
  }
}
