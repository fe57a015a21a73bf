import { type Context, Hono } from 'hono'
import { earningsQuerySchema, spendEarningsSchema } from '../../../protocol/src/billing/earnings.ts'
import { type TransferPageJson, transfersQuerySchema } from '../../../protocol/src/billing/transfers.ts'
import { type UsageGroup, usageQuerySchema } from '../../../protocol/src/billing/usage.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import type { EarnedJob, RunnerEarnings } from '../earnings/earnings-report-store.ts'
import type { SpendEarningsResult } from '../earnings/earnings-store.ts'
import { authenticateSession, refuseCaller } from '../wallets/authenticate-session.ts'
import { refuseBilling } from './billing-errors.ts'
import type { Money, UsageLine } from './billing-store.ts'
import { csvResponse, toCsv, wantsCsv } from './csv.ts'
import { readQuery } from './read-query.ts'
import { readRequestKey } from './read-request-key.ts'
import { type Position, readCursorText, type StatementPage, writeCursor } from './statement.ts'
import {
  LINE_COLUMNS,
  toEarningsJson,
  toLineCells,
  toLineJson,
  toMoneyJson,
  toUsageJson,
} from './to-billing-json.ts'
import { readUsageRange } from './usage-range.ts'

export type BillingRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly nowMs: () => number
  /** Undefined when there is no such account. */
  readonly readMoney: (accountId: number) => Promise<Money | undefined>
  readonly readUsage: (input: {
    accountId: number
    fromDay: number
    toDay: number
    groupBy: UsageGroup
  }) => Promise<readonly UsageLine[]>
  readonly readStatement: (input: {
    accountId: number
    limit: number
    before: Position | undefined
  }) => Promise<StatementPage>
  /** How long earnings accrue. */
  readonly matureMs: number
  readonly listRunnerEarnings: (accountId: number) => Promise<readonly RunnerEarnings[]>
  readonly listEarnedJobs: (input: { accountId: number; limit: number }) => Promise<readonly EarnedJob[]>
  readonly spendEarnings: (input: {
    accountId: number
    amount: Nano
    requestKey: string
  }) => Promise<SpendEarningsResult>
}

const NO_STORE = { 'cache-control': 'no-store' }

/** What an account sees of its money: what there is, what was used, what moved, what was earned. */
export function billingRoute(deps: BillingRouteDeps): Hono {
  const callerOf = (c: Context) => deps.authenticate(c.req.header('authorization'))

  return new Hono()
    .get('/v1/balance', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const money = await deps.readMoney(who.caller.accountId)
      return money
        ? c.json(toMoneyJson(who.caller.accountId, money), 200, NO_STORE)
        : refuseAccount('account-gone')
    })
    .get('/v1/usage', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const query = readQuery(usageQuerySchema, c.req.query())
      if (!query.ok) return refuseAccount(query.reason, query.detail)
      const range = readUsageRange(query.data, deps.nowMs())
      if (!range.ok) return refuseBilling(range.reason, { param: 'from' })
      const asked = { fromDay: range.fromDay, toDay: range.toDay, groupBy: query.data.group_by }
      const lines = await deps.readUsage({ accountId: who.caller.accountId, ...asked })
      return c.json(toUsageJson(asked, lines), 200, NO_STORE)
    })
    .get('/v1/transfers', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const query = readQuery(transfersQuerySchema, c.req.query())
      if (!query.ok) return refuseAccount(query.reason, query.detail)
      const { limit, cursor, format } = query.data
      const before = cursor === undefined ? undefined : readCursorText(cursor)
      if (cursor !== undefined && !before) return refuseBilling('wrong-cursor', { param: 'cursor' })
      const { lines, next } = await deps.readStatement({ accountId: who.caller.accountId, limit, before })
      const nextCursor = next ? writeCursor(next) : null
      if (wantsCsv(c.req.header('accept'), format)) {
        return csvResponse('transfers', toCsv(LINE_COLUMNS, lines.map(toLineCells)), nextCursor)
      }
      const answer: TransferPageJson = { data: lines.map(toLineJson), next_cursor: nextCursor }
      return c.json(answer, 200, NO_STORE)
    })
    .get('/v1/earnings', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const query = readQuery(earningsQuerySchema, c.req.query())
      if (!query.ok) return refuseAccount(query.reason, query.detail)
      const { accountId } = who.caller
      const [money, runners, jobs] = await Promise.all([
        deps.readMoney(accountId),
        deps.listRunnerEarnings(accountId),
        deps.listEarnedJobs({ accountId, limit: query.data.jobs }),
      ])
      if (!money) return refuseAccount('account-gone')
      const maturesAfterS = Math.ceil(deps.matureMs / 1000)
      return c.json(toEarningsJson({ money, maturesAfterS, runners, jobs }), 200, NO_STORE)
    })
    .post('/v1/earnings/use', async (c) => {
      const who = await authenticateSession(deps.authenticate, c.req.header('authorization'))
      if (!who.ok) return refuseCaller(who.reason)
      const { accountId } = who.caller
      const requestKey = await readRequestKey(c.req.header('idempotency-key'), accountId)
      if (requestKey === undefined)
        return refuseBilling('idempotency-key-needed', { param: 'Idempotency-Key' })
      const body = await readBody(c.req.raw, spendEarningsSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const used = await deps.spendEarnings({ accountId, amount: body.data.amount, requestKey })
      if (!used.ok) {
        const message = used.reason === 'insufficient-funds' ? 'Not so much can be used yet.' : undefined
        return refuseBilling(used.reason, { message, param: 'amount' })
      }
      const money = await deps.readMoney(accountId)
      return money
        ? c.json(toMoneyJson(who.caller.accountId, money), 200, NO_STORE)
        : refuseAccount('account-gone')
    })
}
