import { and, eq, isNull, sql } from 'drizzle-orm'
import { sha256Hex } from '../../../protocol/src/canonical-json.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import { groupMembers, groups } from '../groups/groups-schema.ts'
import { ledgerAccounts, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { pairingCodes, runnerAsks, runners } from '../runners/runners-schema.ts'
import { proofNonces, wallets } from '../wallets/wallets-schema.ts'
import { accounts, apiKeys } from './accounts-schema.ts'

export type Account = { readonly id: number; readonly created: boolean }
export type Balance = { readonly available: Nano; readonly held: Nano }

export type NewAccount = {
  readonly telegramId: number
  readonly nowMs: number
  readonly welcome: Nano
  /** A random safe integer above 2^32. Used only when the account is new. */
  readonly newId: () => number
}

/**
 * Finds the account of a Telegram user, or makes it together with its place in the ledger and its welcome credit.
 * Repeatable, also when a batch commits and its reply is lost: each statement asks again whether there is an account.
 * A person who deleted the account and comes back gets a new one without a second welcome.
 */
export async function findOrCreateAccount(
  db: Db,
  { telegramId, nowMs, welcome, newId }: NewAccount,
): Promise<Account> {
  const known = await findByTelegramId(db, telegramId)
  if (known !== undefined) return { id: known, created: false }

  const id = newId()
  const welcomeId = `welcome/${await sha256Hex(`telegram:${telegramId}`)}`
  const isNew = sql`not exists (select 1 from accounts where telegram_id = ${telegramId})`
  const place = db
    .insert(ledgerAccounts)
    .select(sql`select ${id}, ${`liab:user:${id}`}, 'credit', 0, 0, 0 where ${isNew}`)
  const account = db.insert(accounts).select(sql`select ${id}, ${telegramId}, ${nowMs} where ${isNew}`)
  const credit = db.insert(ledgerTransfers).select(
    sql`select ${welcomeId}, 'welcome', 2, id, ${sql.param(welcome, ledgerTransfers.amount)}, 0, ${nowMs}
      from accounts where id = ${id} and telegram_id = ${telegramId}
      and not exists (select 1 from ledger_transfers where ledger_transfers.id = ${welcomeId})`,
  )
  try {
    await db.batch(welcome > 0n ? [place, account, credit] : [place, account])
  } catch (error) {
    const committed = await findByTelegramId(db, telegramId)
    if (committed === undefined) throw error
    return { id: committed, created: committed === id }
  }
  const found = await findByTelegramId(db, telegramId)
  if (found === undefined) throw new Error('an account vanished as it was made')
  return { id: found, created: found === id }
}

/** What an account can spend, and what jobs hold. Undefined when there is no such account. */
export async function readBalance(db: Db, accountId: number): Promise<Balance | undefined> {
  const heldByKeys = sql`coalesce((select sum(k.held) from api_keys k where k.account_id = ${accountId}), 0)`
  const [row] = await db
    .select({
      available:
        sql`${ledgerAccounts.credits} - ${ledgerAccounts.debits} - ${ledgerAccounts.held} - ${heldByKeys}`.mapWith(
          ledgerAccounts.credits,
        ),
      held: sql`${ledgerAccounts.held} + ${heldByKeys}`.mapWith(ledgerAccounts.held),
    })
    .from(ledgerAccounts)
    .where(and(eq(ledgerAccounts.id, accountId), eq(ledgerAccounts.code, `liab:user:${accountId}`)))
  return row
}

/**
 * Removes what the network keeps of a person: the Telegram id, the keys and their names, the runners with their names and
 * machines, groups and memberships, the pairing codes, the wallet. Ledger and jobs stay, tied to a number that no longer
 * names anyone. Repeatable.
 */
export async function deleteAccount(
  db: Db,
  accountId: number,
  nowMs: number,
): Promise<{
  readonly removedRunnerIds: readonly string[]
  /** Runners, of others too, that were shared with a group which ended. */
  readonly unsharedRunnerIds: readonly string[]
}> {
  const [, , , , unshared, removed] = await db.batch([
    db.update(accounts).set({ telegramId: null }).where(eq(accounts.id, accountId)),
    db
      .update(apiKeys)
      .set({ revokedAt: nowMs })
      .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt))),
    db.update(apiKeys).set({ name: '', prefix: '' }).where(eq(apiKeys.accountId, accountId)),
    db.delete(runnerAsks).where(sql`runner_id in (select id from runners where account_id = ${accountId})`),
    // A group ends with its owner: whatever is shared with it is its owners' alone then.
    db
      .update(runners)
      .set({ audience: 'own', groupId: null })
      .where(sql`group_id in (select id from groups where account_id = ${accountId})`)
      .returning({ id: runners.id }),
    db
      .update(runners)
      .set({ state: 'removed', name: '', device: null, region: null, audience: 'own', groupId: null })
      .where(eq(runners.accountId, accountId))
      .returning({ id: runners.id }),
    db
      .delete(groupMembers)
      .where(
        sql`account_id = ${accountId} or group_id in (select id from groups where account_id = ${accountId})`,
      ),
    db.delete(groups).where(eq(groups.accountId, accountId)),
    db.delete(pairingCodes).where(eq(pairingCodes.accountId, accountId)),
    db.delete(wallets).where(eq(wallets.accountId, accountId)),
    db.delete(proofNonces).where(eq(proofNonces.accountId, accountId)),
  ])
  return {
    removedRunnerIds: removed.map(({ id }) => id),
    unsharedRunnerIds: unshared.map(({ id }) => id),
  }
}

async function findByTelegramId(db: Db, telegramId: number): Promise<number | undefined> {
  const [row] = await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.telegramId, telegramId))
  return row?.id
}
