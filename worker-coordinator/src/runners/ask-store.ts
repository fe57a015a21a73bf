import { and, asc, eq, ne, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Ask } from '../../../protocol/src/runner/up.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { runnerAsks, runners } from './runners-schema.ts'

/** For how many models an owner can set prices of one runner. */
export const ASKS_MAX = 200

/** A price that an owner set for a runner, nano per 1,000,000 tokens. */
export type OwnerAsk = { readonly model: string; readonly ask: Ask }
export type SetAskResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'runner-not-found' | 'too-many-asks' }

type OwnRunner = { readonly accountId: number; readonly runnerId: string }

/** Sets an owner's price of a model on a runner. The same price again changes nothing. */
export async function setAsk(
  db: Db,
  { accountId, runnerId }: OwnRunner,
  { model, ask }: OwnerAsk,
): Promise<SetAskResult> {
  const mine = and(eq(runners.id, runnerId), eq(runners.accountId, accountId), ne(runners.state, 'removed'))
  const price = { priceInput: toNano(ask.input), priceOutput: toNano(ask.output) }
  const [, written, found] = await db.batch([
    db
      .insert(runnerAsks)
      .select(
        sql`select r.id, ${model}, ${ask.input}, ${ask.output} from runners r
          where r.id = ${runnerId} and r.account_id = ${accountId} and r.state <> 'removed'
          and (select count(*) from runner_asks where runner_id = r.id and model <> ${model}) < ${ASKS_MAX}`,
      )
      .onConflictDoUpdate({ target: [runnerAsks.runnerId, runnerAsks.model], set: price }),
    db
      .select({ model: runnerAsks.model })
      .from(runnerAsks)
      .where(and(eq(runnerAsks.runnerId, runnerId), eq(runnerAsks.model, model))),
    db.select({ id: runners.id }).from(runners).where(mine),
  ])
  if (found.length === 0) return { ok: false, reason: 'runner-not-found' }
  return written.length > 0 ? { ok: true } : { ok: false, reason: 'too-many-asks' }
}

/** Gives a model's price back to the runner's own settings. False when the account has no such runner. */
export async function deleteAsk(db: Db, { accountId, runnerId }: OwnRunner, model: string): Promise<boolean> {
  const mine = db
    .select({ id: runners.id })
    .from(runners)
    .where(and(eq(runners.id, runnerId), eq(runners.accountId, accountId), ne(runners.state, 'removed')))
  const [, found] = await db.batch([
    db.delete(runnerAsks).where(and(sql`${runnerAsks.runnerId} in (${mine})`, eq(runnerAsks.model, model))),
    mine,
  ])
  return found.length > 0
}

/** What the owner asks for a model on a runner; undefined: what the runner itself asks. */
export async function findAsk(db: Db, runnerId: string, model: string): Promise<Ask | undefined> {
  const [row] = await db
    .select()
    .from(runnerAsks)
    .where(and(eq(runnerAsks.runnerId, runnerId), eq(runnerAsks.model, model)))
  return row && { input: Number(row.priceInput), output: Number(row.priceOutput) }
}

/** The prices that an account's owner set, by runner. */
export async function listAsks(db: Db, accountId: number): Promise<ReadonlyMap<string, readonly OwnerAsk[]>> {
  const rows = await db
    .select({
      runnerId: runnerAsks.runnerId,
      model: runnerAsks.model,
      input: runnerAsks.priceInput,
      output: runnerAsks.priceOutput,
    })
    .from(runnerAsks)
    .innerJoin(runners, eq(runners.id, runnerAsks.runnerId))
    .where(and(eq(runners.accountId, accountId), ne(runners.state, 'removed')))
    .orderBy(asc(runnerAsks.runnerId), asc(runnerAsks.model))
    .limit(LISTED_ASKS_MAX)
  const asks = new Map<string, OwnerAsk[]>()
  for (const { runnerId, model, input, output } of rows) {
    const ask = { input: Number(input), output: Number(output) }
    asks.set(runnerId, [...(asks.get(runnerId) ?? []), { model, ask }])
  }
  return asks
}

const LISTED_ASKS_MAX = 5000

function toNano(price: number): Nano {
  return nano(BigInt(price))
}
