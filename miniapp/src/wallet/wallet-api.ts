import type { ZodType } from 'zod'
import { moneySchema } from '../../../protocol/src/billing/balance.ts'
import { depositInstructionsSchema, depositListSchema } from '../../../protocol/src/billing/deposits.ts'
import { payoutListSchema, payoutSchema } from '../../../protocol/src/billing/payouts.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { tonSchema } from '../../../protocol/src/wallets/ton.ts'
import { type WalletJson, walletNonceSchema, walletSchema } from '../../../protocol/src/wallets/wallet.ts'
import type { Reply, Session } from '../session/session.ts'
import type { BoundWallet, DepositWay, Movement, WalletFacts } from './money.ts'
import type { WalletProof } from './ton-connect.ts'

export type WalletApi = {
  readonly readFacts: () => Promise<Reply<WalletFacts>>
  readonly readMovements: () => Promise<readonly Movement[] | undefined>
  readonly askNonce: () => Promise<Reply<string>>
  readonly bind: (proof: WalletProof) => Promise<Reply<BoundWallet | undefined>>
  readonly keepOld: () => Promise<Reply<BoundWallet | undefined>>
  readonly orderPayout: (
    order: { readonly source: 'earnings' | 'balance'; readonly amount: Nano },
    idempotencyKey: string,
  ) => Promise<Reply<unknown>>
}

/** The coordinator's routes of money, as the wallet page asks them. */
export function createWalletApi({ ask }: Session): WalletApi {
  const readDeposits = () => ask('/v1/deposits', parserOf(depositListSchema))
  const readPayouts = () => ask('/v1/payouts', parserOf(payoutListSchema))
  const bound = async (reply: Promise<Reply<WalletJson>>): Promise<Reply<BoundWallet | undefined>> => {
    const given = await reply
    return given.ok ? { ok: true, value: toBound(given.value) } : given
  }
  return {
    readFacts: async () => {
      const [money, wallet, payouts, deposits, way, ton] = await Promise.all([
        ask('/v1/balance', parserOf(moneySchema)),
        ask('/api/wallet', parserOf(walletSchema)),
        readPayouts(),
        readDeposits(),
        ask('/v1/deposit', parserOf(depositInstructionsSchema)),
        ask('/v1/ton', parserOf(tonSchema)),
      ])
      if (!money.ok) return money
      if (!wallet.ok) return wallet
      if (!payouts.ok) return payouts
      if (!deposits.ok) return deposits
      if (!ton.ok) return ton
      const { terms } = payouts.value
      const facts: WalletFacts = {
        account: money.value.account,
        money: {
          available: amount(money.value.available_nano),
          held: amount(money.value.held_nano),
          withdrawable: amount(money.value.withdrawable_nano),
          accruing: amount(money.value.accruing_nano),
          payable: amount(money.value.payable_nano),
        },
        wallet: toBound(wallet.value),
        deposit: way.ok ? toWay(way.value, ton.value) : undefined,
        terms: {
          minimum: amount(terms.minimum_nano),
          fee: amount(terms.fee_nano),
          automaticFrom: amount(terms.automatic_from_nano),
        },
        frozen: terms.frozen,
        movements: toMovements(deposits.value.data, payouts.value.data),
      }
      return { ok: true, value: facts }
    },
    readMovements: async () => {
      const deposits = await readDeposits()
      return deposits.ok ? toMovements(deposits.value.data, []) : undefined
    },
    askNonce: () =>
      ask('/api/wallet/nonce', (value) => walletNonceSchema.safeParse(value).data?.nonce, { method: 'POST' }),
    bind: ({ stateInit, ...proof }) =>
      bound(
        ask('/api/wallet', parserOf(walletSchema), {
          method: 'POST',
          body: { ...proof, state_init: stateInit },
        }),
      ),
    keepOld: () => bound(ask('/api/wallet/next', parserOf(walletSchema), { method: 'DELETE' })),
    orderPayout: (order, idempotencyKey) =>
      ask('/v1/payouts', parserOf(payoutSchema), {
        method: 'POST',
        body: { source: order.source, amount: String(order.amount) },
        idempotencyKey,
      }),
  }
}

function parserOf<T>(schema: ZodType<T>): (value: unknown) => T | undefined {
  return (value) => schema.safeParse(value).data
}

function amount(text: string): Nano {
  return nano(BigInt(text))
}

function toBound({ wallet, next }: WalletJson): BoundWallet | undefined {
  if (!wallet) return undefined
  return {
    address: wallet.friendly,
    next: next ? { address: next.friendly, fromMs: next.counts_from * 1000 } : undefined,
  }
}

type Way = ReturnType<typeof depositInstructionsSchema.parse>
type Ton = ReturnType<typeof tonSchema.parse>

function toWay({ network, address, comment, body }: Way, ton: Ton): DepositWay {
  return {
    network,
    address,
    comment,
    body,
    explorer: ton.explorer_url ?? undefined,
    walletsListSource: ton.wallets_list_url ?? undefined,
    walletScript: ton.wallet_script_url ?? undefined,
  }
}

const MOVEMENTS_MAX = 30

function toMovements(
  deposits: ReturnType<typeof depositListSchema.parse>['data'],
  payouts: ReturnType<typeof payoutListSchema.parse>['data'],
): readonly Movement[] {
  const came = deposits.map(
    ({ id, state, amount_nano, at }): Movement => ({
      id,
      direction: 'in',
      state,
      amount: amount(amount_nano),
      atMs: at * 1000,
      transactionId: id,
    }),
  )
  const went = payouts.map(
    ({ id, state, amount_nano, created_at, transaction }): Movement => ({
      id,
      direction: 'out',
      state,
      amount: amount(amount_nano),
      atMs: created_at * 1000,
      transactionId: transaction ?? undefined,
    }),
  )
  return [...came, ...went].toSorted((a, b) => b.atMs - a.atMs).slice(0, MOVEMENTS_MAX)
}
