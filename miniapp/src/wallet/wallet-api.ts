import { parserOf } from '../../../protocol/src/miniapp/fields.ts'
import {
  accrualViewSchema,
  type BoundWalletView,
  boundWalletSchema,
  depositSeenSchema,
  depositsViewSchema,
  depositWaySchema,
  moneyViewSchema,
  nonceViewSchema,
  orderedPayoutSchema,
  type PayoutsView,
  payoutsViewSchema,
  statementViewSchema,
  tonViewSchema,
} from '../../../protocol/src/miniapp/wallet.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Reply, Session } from '../session/session.ts'
import type { StatementPage } from './history/statement.ts'
import type { BoundWallet, DepositWay, Movement, Source, WalletFacts } from './money.ts'
import type { WalletProof } from './ton-connect.ts'

export type WalletApi = {
  readonly readFacts: () => Promise<Reply<WalletFacts>>
  /** Deposits alone, the newest first; undefined without an answer. */
  readonly readDeposits: () => Promise<readonly Movement[] | undefined>
  /** Has the network look at the chain at once, and for a while after. Where that fails it looks a little later. */
  readonly hurry: () => Promise<void>
  /** Whether the chain has taken in the message that a wallet gave back. False without an answer. */
  readonly isSeen: (boc: string) => Promise<boolean>
  readonly readStatement: (cursor: string | undefined) => Promise<Reply<StatementPage>>
  readonly askNonce: () => Promise<Reply<string>>
  readonly bind: (proof: WalletProof) => Promise<Reply<BoundWallet | undefined>>
  readonly keepOld: () => Promise<Reply<BoundWallet | undefined>>
  /** Gives the payout's id. */
  readonly orderPayout: (
    order: { readonly source: Source; readonly amount: Nano },
    idempotencyKey: string,
  ) => Promise<Reply<string>>
}

/** The coordinator's routes of money, as the wallet page asks them. */
export function createWalletApi({ ask }: Session): WalletApi {
  /** How to pay in hardly changes, and asking has the network look at the chain: it is asked once. */
  let way: DepositWay | 'off' | undefined
  const askDeposits = () => ask('/v1/deposits', parserOf(depositsViewSchema))
  const askWay = () => ask('/v1/deposit', parserOf(depositWaySchema))
  const readWay = async (): Promise<DepositWay | undefined> => {
    if (way === undefined) {
      const [deposit, ton] = await Promise.all([askWay(), ask('/v1/ton', parserOf(tonViewSchema))])
      if (deposit.ok && ton.ok) way = toWay(deposit.value, ton.value)
      else if (!deposit.ok && deposit.reason === 'deposits_off') way = 'off'
    }
    return way === 'off' ? undefined : way
  }
  /** It changes with what accrues, and only then it is asked. */
  let accrued: { readonly amount: Nano; readonly byMs: number | undefined } | undefined
  const readAccruedBy = async (amount: Nano): Promise<number | undefined> => {
    if (amount === 0n) return undefined
    if (accrued?.amount === amount) return accrued.byMs
    const earnings = await ask('/v1/earnings?jobs=1', parserOf(accrualViewSchema))
    if (!earnings.ok) return undefined
    const { jobs, matures_after_s } = earnings.value
    const newest = jobs[0]
    accrued = { amount, byMs: newest && (newest.ended_at + matures_after_s) * 1000 }
    return accrued.byMs
  }
  const bound = async (reply: Promise<Reply<BoundWalletView>>): Promise<Reply<BoundWallet | undefined>> => {
    const given = await reply
    return given.ok ? { ok: true, value: toBound(given.value) } : given
  }
  const readFacts: WalletApi['readFacts'] = async () => {
    const [money, wallet, payouts, deposits, deposit] = await Promise.all([
      ask('/v1/balance', parserOf(moneyViewSchema)),
      ask('/api/wallet', parserOf(boundWalletSchema)),
      ask('/v1/payouts', parserOf(payoutsViewSchema)),
      askDeposits(),
      readWay(),
    ])
    if (!money.ok) return money
    if (!wallet.ok) return wallet
    if (!payouts.ok) return payouts
    if (!deposits.ok) return deposits
    const { terms } = payouts.value
    const accruing = amountOf(money.value.accruing_nano)
    const facts: WalletFacts = {
      account: money.value.account,
      money: {
        available: amountOf(money.value.available_nano),
        held: amountOf(money.value.held_nano),
        withdrawable: amountOf(money.value.withdrawable_nano),
        accruing,
        payable: amountOf(money.value.payable_nano),
      },
      accruedByMs: await readAccruedBy(accruing),
      wallet: toBound(wallet.value),
      deposit,
      terms: {
        minimum: amountOf(terms.minimum_nano),
        fee: amountOf(terms.fee_nano),
        automaticFrom: amountOf(terms.automatic_from_nano),
      },
      frozen: terms.frozen,
      movements: [...toDeposits(deposits.value.data), ...toPayouts(payouts.value.data)],
    }
    return { ok: true, value: facts }
  }
  return {
    readFacts,
    readDeposits: async () => {
      const deposits = await askDeposits()
      return deposits.ok ? toDeposits(deposits.value.data) : undefined
    },
    hurry: async () => void (await askWay()),
    isSeen: async (boc) => {
      const answer = await ask('/v1/deposit/seen', parserOf(depositSeenSchema), {
        method: 'POST',
        body: { boc },
      })
      return answer.ok && answer.value.seen
    },
    readStatement: (cursor) =>
      ask(`/v1/transfers?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, readPage),
    askNonce: () =>
      ask('/api/wallet/nonce', (value) => nonceViewSchema.safeParse(value).data?.nonce, { method: 'POST' }),
    bind: ({ stateInit, ...proof }) =>
      bound(
        ask('/api/wallet', parserOf(boundWalletSchema), {
          method: 'POST',
          body: { ...proof, state_init: stateInit },
        }),
      ),
    keepOld: () => bound(ask('/api/wallet/next', parserOf(boundWalletSchema), { method: 'DELETE' })),
    orderPayout: (order, idempotencyKey) =>
      ask('/v1/payouts', (value) => orderedPayoutSchema.safeParse(value).data?.id, {
        method: 'POST',
        body: { source: order.source, amount: String(order.amount) },
        idempotencyKey,
      }),
  }
}

function amountOf(text: string): Nano {
  return nano(BigInt(text))
}

function toBound({ wallet, next }: BoundWalletView): BoundWallet | undefined {
  if (!wallet) return undefined
  return {
    address: wallet.friendly,
    next: next ? { address: next.friendly, fromMs: next.counts_from * 1000 } : undefined,
  }
}

type Way = ReturnType<typeof depositWaySchema.parse>
type Ton = ReturnType<typeof tonViewSchema.parse>

function toWay({ network, address, comment, body, minimum_nano }: Way, ton: Ton): DepositWay {
  return {
    network,
    address,
    comment,
    body,
    minimum: amountOf(minimum_nano),
    explorer: ton.explorer_url ?? undefined,
    walletsListSource: ton.wallets_list_url ?? undefined,
    walletScript: ton.wallet_script_url ?? undefined,
  }
}

function toDeposits(list: ReturnType<typeof depositsViewSchema.parse>['data']): readonly Movement[] {
  return list.map(({ id, state, amount_nano, at }) => ({
    id,
    direction: 'in',
    state,
    amount: amountOf(amount_nano),
    atMs: at * 1000,
    transactionId: id,
  }))
}

function toPayouts(list: PayoutsView['data']): readonly Movement[] {
  return list.map(({ id, state, amount_nano, created_at, transaction }) => ({
    id,
    direction: 'out',
    state,
    amount: amountOf(amount_nano),
    atMs: created_at * 1000,
    transactionId: transaction ?? undefined,
  }))
}

function readPage(value: unknown): StatementPage | undefined {
  const page = statementViewSchema.safeParse(value).data
  return (
    page && {
      lines: page.data.map(({ id, kind, place, amount_nano, subject, at_ms }) => ({
        id,
        kind,
        place,
        amount: BigInt(amount_nano),
        subject: subject ?? undefined,
        atMs: at_ms,
      })),
      next: page.next_cursor ?? undefined,
    }
  )
}
