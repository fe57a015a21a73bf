import { eq } from 'drizzle-orm'
import { accounts } from '../accounts/accounts-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'

/** The Telegram user of an account; undefined when the account is gone, or never had one. */
export async function findTelegramId(db: Db, accountId: number): Promise<number | undefined> {
  const [row] = await db
    .select({ telegramId: accounts.telegramId })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  return row?.telegramId ?? undefined
}
