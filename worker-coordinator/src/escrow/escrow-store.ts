import { and, asc, eq, gt, lt, or, sql } from 'drizzle-orm'
import type { Nano } from '../../../protocol/src/money.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { ESCROWS_MAX } from './escrow.ts'
import { escrows } from './escrows-schema.ts'

export type Escrow = typeof escrows.$inferSelect

export type AddEscrowResult =
  | { readonly ok: true; readonly escrow: Escrow }
  | {
      readonly ok: false
      readonly reason: 'belongs-to-another-account' | 'too-many-escrows' | 'account-gone'
    }

/**
 * Puts an escrow into an account. The caller has checked that it is ours and that its session key agrees. Doing so again
 * changes nothing; an escrow never moves to another account.
 */
export async function addEscrow(
  db: Db,
  input: {
    readonly address: string
    readonly accountId: number
    readonly sessionKey: string
    readonly collected: Nano
    readonly nowMs: number
  },
): Promise<AddEscrowResult> {
  const { address, accountId, sessionKey, collected, nowMs } = input
  try {
    await db
      .insert(escrows)
      .select(
        sql`select ${address}, id, ${sessionKey}, 0, null, ${Number(collected)}, ${nowMs} from accounts
          where id = ${accountId} and telegram_id is not null
            and (select count(*) from escrows where account_id = ${accountId}) < ${ESCROWS_MAX}`,
      )
      .onConflictDoNothing()
  } catch (error) {
    if (!(await findEscrow(db, address))) throw error
  }
  const escrow = await findEscrow(db, address)
  if (escrow) {
    return escrow.accountId === accountId
      ? { ok: true, escrow }
      : { ok: false, reason: 'belongs-to-another-account' }
  }
  const own = await listEscrows(db, accountId)
  return { ok: false, reason: own.length >= ESCROWS_MAX ? 'too-many-escrows' : 'account-gone' }
}

export async function findEscrow(db: Db, address: string): Promise<Escrow | undefined> {
  const [row] = await db.select().from(escrows).where(eq(escrows.address, address))
  return row
}

/** The escrows of an account, the oldest first. */
export function listEscrows(db: Db, accountId: number): Promise<readonly Escrow[]> {
  return db
    .select()
    .from(escrows)
    .where(eq(escrows.accountId, accountId))
    .orderBy(asc(escrows.createdAt), asc(escrows.address))
}

/**
 * Keeps a voucher that the caller has checked, if it is higher than the one that is kept. `dead` is the signature of a
 * voucher of an earlier term: that one makes way for a lower sum too. Gives what is kept afterwards.
 */
export async function keepVoucher(
  db: Db,
  voucher: {
    readonly address: string
    readonly allowed: Nano
    readonly signature: string
    readonly dead: string | undefined
  },
): Promise<Escrow | undefined> {
  const { address, allowed, signature, dead } = voucher
  const isHigher = lt(escrows.allowed, allowed)
  const makesWay = dead === undefined ? isHigher : or(isHigher, eq(escrows.signature, dead))
  try {
    await db
      .update(escrows)
      .set({ allowed, signature })
      .where(and(eq(escrows.address, address), makesWay))
  } catch (error) {
    const kept = await findEscrow(db, address)
    if (kept?.signature !== signature) throw error
  }
  return findEscrow(db, address)
}

/** Notes what the chain says was collected. An older answer that comes late takes nothing back. */
export async function noteCollected(db: Db, address: string, collected: Nano): Promise<void> {
  await db
    .update(escrows)
    .set({ collected })
    .where(and(eq(escrows.address, address), lt(escrows.collected, collected)))
}

/** The account whose coins a sender holds, when the sender is a registered escrow. */
export async function escrowOfSender(db: Db, sender: string): Promise<number | undefined> {
  return (await findEscrow(db, sender))?.accountId
}

/** An escrow whose voucher allows more than was collected. */
export type OpenEscrow = Escrow & { readonly signature: string; readonly lastCollectedAtMs: number }

/** Escrows with something to collect, those that waited longest first. */
export async function listOpenEscrows(db: Db, limit: number): Promise<readonly OpenEscrow[]> {
  const lastCollectedAtMs = sql<number>`coalesce((select max(at) from deposits
    where deposits.account_id = ${escrows.accountId} and sender = ${escrows.address} and via = 'escrow'),
    ${escrows.createdAt})`.as('last_collected_at')
  const rows = await db
    .select({ escrow: escrows, lastCollectedAtMs })
    .from(escrows)
    .where(gt(escrows.allowed, escrows.collected))
    .orderBy(asc(lastCollectedAtMs), asc(escrows.address))
    .limit(limit)
  return rows.flatMap(({ escrow, lastCollectedAtMs: at }) =>
    escrow.signature === null ? [] : [{ ...escrow, signature: escrow.signature, lastCollectedAtMs: at }],
  )
}
