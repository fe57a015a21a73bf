import { asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { usageDays } from '../billing/billing-schema.ts'
import { deposits } from '../deposits/deposits-schema.ts'
import { earningDays } from '../earnings/earnings-schema.ts'
import { escrows } from '../escrow/escrows-schema.ts'
import { groupMembers, groups } from '../groups/groups-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { payouts } from '../payouts/payouts-schema.ts'
import { pairingCodes, runnerAsks, runnerPresence, runners } from '../runners/runners-schema.ts'
import { starPayments } from '../stars/stars-schema.ts'
import { wallets } from '../wallets/wallets-schema.ts'
import { accounts, apiKeys } from './accounts-schema.ts'

/** How many rows of a table a person's copy has at most, the newest first. */
export const EXPORT_ROWS_MAX = 5000

/** What the tables have of an account, but for its jobs and its ledger. Lists have EXPORT_ROWS_MAX rows at most. */
export type AccountData = Readonly<Record<string, unknown>> & { readonly account: Account }
type Account = { readonly number: number; readonly telegramId: number; readonly createdAt: number }

/**
 * Reads it. Undefined when there is no such account, or it was deleted. Hashes (of keys, codes, nonces), invitations and
 * signatures stay where they are: they are no use to a person, and some to a thief.
 */
export async function readAccountData(db: Db, accountId: number): Promise<AccountData | undefined> {
  const [row] = await db.select().from(accounts).where(eq(accounts.id, accountId))
  if (!row || row.telegramId === null) return undefined
  const account = { number: accountId, telegramId: row.telegramId, createdAt: row.createdAt }
  const parts = await Promise.all([
    readOwn(db, accountId),
    readRunners(db, accountId),
    readGroups(db, accountId),
    readMoves(db, accountId),
  ])
  return { account, ...Object.assign({}, ...parts) }
}

/** Of two columns or more: all but some. */
function without<Columns extends object, Name extends keyof Columns>(
  columns: Columns,
  ...names: readonly Name[]
): Omit<Columns, Name> {
  const kept = Object.entries(columns).filter(([name]) => !names.some((one) => one === name))
  return Object.fromEntries(kept) as Omit<Columns, Name>
}

async function readOwn(db: Db, accountId: number) {
  const [[wallet], keys, codes, vouchers] = await db.batch([
    db.select().from(wallets).where(eq(wallets.accountId, accountId)),
    db
      .select(without(getTableColumns(apiKeys), 'hash', 'accountId'))
      .from(apiKeys)
      .where(eq(apiKeys.accountId, accountId))
      .orderBy(desc(apiKeys.id))
      .limit(EXPORT_ROWS_MAX),
    db
      .select({ expiresAt: pairingCodes.expiresAt, usedBy: pairingCodes.usedBy })
      .from(pairingCodes)
      .where(eq(pairingCodes.accountId, accountId))
      .orderBy(asc(pairingCodes.expiresAt)),
    db
      .select(without(getTableColumns(escrows), 'signature', 'accountId'))
      .from(escrows)
      .where(eq(escrows.accountId, accountId)),
  ])
  return { wallet: wallet ?? null, apiKeys: keys, pairingCodes: codes, escrows: vouchers }
}

async function readRunners(db: Db, accountId: number) {
  const ids = db.select({ id: runners.id }).from(runners).where(eq(runners.accountId, accountId))
  const [own, prices, presence, earned] = await db.batch([
    db
      .select(without(getTableColumns(runners), 'ledgerId', 'accountId'))
      .from(runners)
      .where(eq(runners.accountId, accountId))
      .orderBy(desc(runners.createdAt))
      .limit(EXPORT_ROWS_MAX),
    db.select().from(runnerAsks).where(inArray(runnerAsks.runnerId, ids)).limit(EXPORT_ROWS_MAX),
    db
      .select()
      .from(runnerPresence)
      .where(inArray(runnerPresence.runnerId, ids))
      .orderBy(desc(runnerPresence.fromAt))
      .limit(EXPORT_ROWS_MAX),
    db
      .select({
        runnerId: runners.id,
        day: earningDays.day,
        jobs: earningDays.jobs,
        amount: earningDays.amount,
      })
      .from(earningDays)
      .innerJoin(runners, eq(runners.ledgerId, earningDays.ledgerId))
      .where(eq(runners.accountId, accountId))
      .orderBy(desc(earningDays.day))
      .limit(EXPORT_ROWS_MAX),
  ])
  return { runners: own, runnerPrices: prices, runnerPresence: presence, runnerEarnings: earned }
}

async function readGroups(db: Db, accountId: number) {
  const members = sql<number>`1 + (select count(*) from group_members m where m.group_id = ${groups.id})`
  const [own, joined] = await db.batch([
    db
      .select({
        id: groups.id,
        name: groups.name,
        createdAt: groups.createdAt,
        members: members.as('members'),
      })
      .from(groups)
      .where(eq(groups.accountId, accountId))
      .limit(EXPORT_ROWS_MAX),
    db
      .select({ id: groups.id, name: groups.name, joinedAt: groupMembers.joinedAt })
      .from(groupMembers)
      .innerJoin(groups, eq(groups.id, groupMembers.groupId))
      .where(eq(groupMembers.accountId, accountId))
      .limit(EXPORT_ROWS_MAX),
  ])
  return { groups: own, memberships: joined }
}

async function readMoves(db: Db, accountId: number) {
  const [came, went, stars, usage] = await db.batch([
    db
      .select(without(getTableColumns(deposits), 'accountId'))
      .from(deposits)
      .where(eq(deposits.accountId, accountId))
      .orderBy(desc(deposits.at))
      .limit(EXPORT_ROWS_MAX),
    db
      .select(without(getTableColumns(payouts), 'accountId', 'seqno', 'source'))
      .from(payouts)
      .where(eq(payouts.accountId, accountId))
      .orderBy(desc(payouts.createdAt))
      .limit(EXPORT_ROWS_MAX),
    db
      .select(without(getTableColumns(starPayments), 'accountId'))
      .from(starPayments)
      .where(eq(starPayments.accountId, accountId))
      .orderBy(desc(starPayments.at))
      .limit(EXPORT_ROWS_MAX),
    db
      .select(without(getTableColumns(usageDays), 'accountId'))
      .from(usageDays)
      .where(eq(usageDays.accountId, accountId))
      .orderBy(desc(usageDays.day))
      .limit(EXPORT_ROWS_MAX),
  ])
  return { deposits: came, payouts: went, stars, usage }
}
