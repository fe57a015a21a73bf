import { type Context, Hono } from 'hono'
import { deleteAccountRequestSchema } from '../../../protocol/src/accounts/account-data.ts'
import type { Money } from '../billing/billing-store.ts'
import type { Caller } from '../jobs/chat-job.ts'
import { refuseAccountData } from './account-data-errors.ts'
import type { AccountData } from './account-data-store.ts'
import { refuseAccount } from './account-errors.ts'
import { type AccountExportDeps, exportAccount } from './account-export.ts'
import type { Authenticated } from './authenticate.ts'
import type { RateLimited } from './rate-limit.ts'
import { readBody } from './read-body.ts'

export type AccountDataRouteDeps = AccountExportDeps & {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** How often one account may have its copy made. */
  readonly takeExport: (caller: Caller) => RateLimited
  /** Forgets what the bot keeps of a person's private chat, its topics included. Throws where it cannot. Repeatable. */
  readonly forgetConversations: (telegramId: number) => Promise<void>
  /** Removes the person from the account, and what names it. Repeatable. */
  readonly deleteAccount: (accountId: number) => Promise<void>
}

const NO_STORE = { 'cache-control': 'no-store' }

/** What the network has of a person: `GET /v1/account/export` gives it, `DELETE /v1/account` removes it. A session only. */
export function accountDataRoute(deps: AccountDataRouteDeps): Hono {
  const sessionOf = async (c: Context) => {
    const who = await deps.authenticate(c.req.header('authorization'))
    if (!who.ok) return who
    return who.caller.keyId === undefined ? who : { ok: false as const, reason: 'session-needed' as const }
  }

  return new Hono()
    .get('/v1/account/export', async (c) => {
      const who = await sessionOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      if (!deps.takeExport(who.caller).allowed) return refuseAccountData('too-many-exports')
      const copy = await exportAccount(deps, who.caller.accountId)
      if (!copy) return refuseAccount('account-gone')
      const headers = { ...NO_STORE, 'content-disposition': 'attachment; filename="sharnaqa-account.json"' }
      return c.json(copy, 200, headers)
    })
    .delete('/v1/account', async (c) => {
      const who = await sessionOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const body = await readBody(c.req.raw, deleteAccountRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const { accountId } = who.caller
      const [data, money] = await Promise.all([deps.readAccountData(accountId), deps.readMoney(accountId)])
      if (!data || !money) return refuseAccount('account-gone')
      if (ownCoins(money) > (body.data.give_up_nano ?? 0n)) {
        return refuseAccountData('coins-left', { param: 'give_up_nano' })
      }
      await forget(deps, data)
      return c.json({ deleted: true }, 200, NO_STORE)
    })
}

/** What came from outside or was earned: it could leave to a wallet, now or when it is old enough. */
function ownCoins({ withdrawable, payable, accruing }: Money): bigint {
  return withdrawable + payable + accruing
}

/** What was said goes first: with the account goes the way to it. */
async function forget(
  { forgetConversations, deleteAccount }: AccountDataRouteDeps,
  { account }: AccountData,
): Promise<void> {
  await forgetConversations(account.telegramId)
  await deleteAccount(account.number)
}
