import { Hono } from 'hono'
import {
  type DepositInstructionsJson,
  type DepositListJson,
  depositsQuerySchema,
} from '../../../protocol/src/billing/deposits.ts'
import {
  orderPayoutSchema,
  type PayoutListJson,
  payoutsQuerySchema,
} from '../../../protocol/src/billing/payouts.ts'
import { formatTon, type Nano } from '../../../protocol/src/money.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import { DEPOSIT_MIN } from '../deposits/deposit-terms.ts'
import type { PayoutTerms } from '../payouts/payout-terms.ts'
import { authenticateSession, refuseCaller } from '../wallets/authenticate-session.ts'
import { payoutAddress, type Wallet } from '../wallets/wallet.ts'
import { type PayoutRefusal, refuseBilling } from './billing-errors.ts'
import { csvResponse, toCsv, wantsCsv } from './csv.ts'
import { readQuery } from './read-query.ts'
import { readRequestKey } from './read-request-key.ts'
import { PAYOUT_COLUMNS, toDepositJson, toPayoutCells, toPayoutJson } from './to-billing-json.ts'

/** Money on its way out. */
export type PayoutRow = {
  readonly id: string
  readonly accountId: number | null
  /** The ledger account that pays: the account's own id for its balance, another one for its earnings. */
  readonly source: number
  readonly cause: 'automatic' | 'demand' | 'return'
  /** Raw address. */
  readonly destination: string
  /** What arrives; the account pays `fee` on top. */
  readonly amount: Nano
  readonly fee: Nano
  readonly state: 'queued' | 'planned' | 'paid' | 'failed'
  readonly reason: string | null
  readonly transactionId: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}

export type DepositRow = {
  readonly id: string
  readonly sender: string
  readonly amount: Nano
  readonly via: string
  readonly state: string
  readonly at: number
}

/** The terms as they are now. `frozen`: nothing is paid out until a person has looked. */
export type CurrentTerms = PayoutTerms & { readonly frozen: boolean }

export type OrderPayoutResult =
  | { readonly ok: true; readonly payout: PayoutRow }
  | { readonly ok: false; readonly reason: Exclude<PayoutRefusal, 'no-wallet' | 'wallet-changing'> }

/** Which lines of a list: `after` is the `next` of the page before. */
type Page = { readonly accountId: number; readonly limit: number; readonly after?: string }

export type PayoutsRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly nowMs: () => number
  /** `-239` the main network, `-3` the test network. */
  readonly tonNetwork: string
  readonly readWallet: (accountId: number) => Promise<Wallet | undefined>
  readonly readPayoutTerms: () => Promise<CurrentTerms>
  /** The newest first. */
  readonly listPayouts: (
    page: Page,
  ) => Promise<{ readonly payouts: readonly PayoutRow[]; readonly next: string | undefined }>
  /** Once per `idempotency`: a repeat gives the payout that stands. */
  readonly orderPayout: (order: {
    accountId: number
    source: 'owner' | 'user'
    destination: string
    amount: Nano
    idempotency: string
  }) => Promise<OrderPayoutResult>
  /** Undefined where this network takes no coins. */
  readonly depositInstructions: (accountId: number) => Promise<
    | {
        /** User-friendly. */
        readonly address: string
        readonly comment: string
        /** Body of a TON Connect message, base64. */
        readonly payload: string
        readonly link: string
      }
    | undefined
  >
  /** The newest first. */
  readonly listDeposits: (
    page: Page,
  ) => Promise<{ readonly deposits: readonly DepositRow[]; readonly next: string | undefined }>
}

const SOURCES = { earnings: 'owner', balance: 'user' } as const
/** How many pages of payouts go into one file. */
const CSV_PAGES_MAX = 20

const NO_STORE = { 'cache-control': 'no-store' }

/** Money between an account and the chain. Paying out needs a session; how to pay in, and what came and went, an API key sees too. */
export function payoutsRoute(deps: PayoutsRouteDeps): Hono {
  return new Hono()
    .get('/v1/payouts', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const query = readQuery(payoutsQuerySchema, c.req.query())
      if (!query.ok) return refuseAccount(query.reason, query.detail)
      const { accountId } = who.caller
      const { limit, cursor, format } = query.data
      const page = { accountId, limit, ...(cursor === undefined ? {} : { after: cursor }) }
      if (wantsCsv(c.req.header('accept'), format)) return csvOfPayouts(deps, page)
      const [{ payouts, next }, terms] = await Promise.all([deps.listPayouts(page), deps.readPayoutTerms()])
      const answer: PayoutListJson = {
        data: payouts.map(toPayoutJson),
        next_cursor: next ?? null,
        terms: {
          minimum_nano: terms.minimum.toString(),
          fee_nano: terms.fee.toString(),
          automatic_from_nano: terms.automaticFrom.toString(),
          frozen: terms.frozen,
        },
      }
      return c.json(answer, 200, NO_STORE)
    })
    .post('/v1/payouts', async (c) => {
      const who = await authenticateSession(deps.authenticate, c.req.header('authorization'))
      if (!who.ok) return refuseCaller(who.reason)
      const { accountId } = who.caller
      const requestKey = await readRequestKey(c.req.header('idempotency-key'), accountId)
      if (requestKey === undefined)
        return refuseBilling('idempotency-key-needed', { param: 'Idempotency-Key' })
      const body = await readBody(c.req.raw, orderPayoutSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const wallet = await deps.readWallet(accountId)
      if (!wallet) return refuseBilling('no-wallet')
      const destination = payoutAddress(wallet, deps.nowMs())
      if (destination === undefined) return refuseBilling('wallet-changing')
      const { amount, source } = body.data
      const order = { accountId, source: SOURCES[source], destination, amount, idempotency: requestKey }
      const ordered = await deps.orderPayout(order)
      if (!ordered.ok) return refusePayout(ordered.reason, await deps.readPayoutTerms())
      return c.json(toPayoutJson(ordered.payout), 201, NO_STORE)
    })
    .get('/v1/deposit', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const instructions = await deps.depositInstructions(who.caller.accountId)
      if (!instructions) return refuseBilling('deposits-off')
      const { payload: body, ...rest } = instructions
      const answer: DepositInstructionsJson = {
        network: deps.tonNetwork,
        ...rest,
        body,
        minimum_nano: DEPOSIT_MIN.toString(),
      }
      return c.json(answer, 200, NO_STORE)
    })
    .get('/v1/deposits', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const query = readQuery(depositsQuerySchema, c.req.query())
      if (!query.ok) return refuseAccount(query.reason, query.detail)
      const { limit, cursor } = query.data
      const after = cursor === undefined ? {} : { after: cursor }
      const page = await deps.listDeposits({ accountId: who.caller.accountId, limit, ...after })
      const answer: DepositListJson = {
        data: page.deposits.map(toDepositJson),
        next_cursor: page.next ?? null,
      }
      return c.json(answer, 200, NO_STORE)
    })
}

/** All pages from one on, as one file; beyond CSV_PAGES_MAX the answer names where to go on. */
async function csvOfPayouts({ listPayouts }: PayoutsRouteDeps, first: Page): Promise<Response> {
  const rows: PayoutRow[] = []
  let page: Page | undefined = first
  for (let pages = 0; page && pages < CSV_PAGES_MAX; pages++) {
    const { payouts, next }: Awaited<ReturnType<PayoutsRouteDeps['listPayouts']>> = await listPayouts(page)
    rows.push(...payouts)
    page = next === undefined ? undefined : { ...first, after: next }
  }
  return csvResponse('payouts', toCsv(PAYOUT_COLUMNS, rows.map(toPayoutCells)), page?.after ?? null)
}

/** Where the amount is the trouble, the answer names the limit and the fee. */
function refusePayout(
  reason: Extract<OrderPayoutResult, { ok: false }>['reason'],
  { minimum, fee }: PayoutTerms,
): Response {
  if (reason === 'below-minimum') {
    return refuseBilling(reason, {
      param: 'amount',
      message: `amount: the smallest payout is ${formatTon(minimum)} (${minimum} nano).`,
    })
  }
  if (reason === 'insufficient-funds') {
    return refuseBilling(reason, {
      param: 'amount',
      message: `amount: there is not so much. A payout costs ${formatTon(fee)} (${fee} nano) on top.`,
    })
  }
  return refuseBilling(reason)
}
