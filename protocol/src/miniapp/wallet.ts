import * as z from 'zod/mini'
import { count, nanoText } from './fields.ts'

// What the wallet page reads of the routes in ../billing and ../wallets. Those files have all fields; these are smaller.

/** A moment, Unix seconds. */
const seconds = z.int().check(z.minimum(0))

/** `GET /v1/balance`. */
export const moneyViewSchema = z.object({
  account: count,
  available_nano: nanoText,
  held_nano: nanoText,
  withdrawable_nano: nanoText,
  accruing_nano: nanoText,
  payable_nano: nanoText,
})

/** `GET /v1/deposit`. */
export const depositWaySchema = z.object({
  network: z.string(),
  address: z.string(),
  comment: z.string(),
  body: z.string(),
  minimum_nano: nanoText,
})

/** `GET /v1/deposits`. */
export const depositsViewSchema = z.object({
  data: z.array(z.object({ id: z.string(), amount_nano: nanoText, state: z.string(), at: seconds })),
})

/** `GET /v1/payouts`. */
export const payoutsViewSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      source: z.enum(['earnings', 'balance']),
      amount_nano: nanoText,
      fee_nano: nanoText,
      state: z.string(),
      transaction: z.nullable(z.string()),
      created_at: seconds,
    }),
  ),
  terms: z.object({
    minimum_nano: nanoText,
    fee_nano: nanoText,
    automatic_from_nano: nanoText,
    frozen: z.boolean(),
  }),
})
export type PayoutsView = z.infer<typeof payoutsViewSchema>

/** The answer of `POST /v1/payouts`. */
export const orderedPayoutSchema = z.object({ id: z.string() })

/** `GET /v1/ton`. */
export const tonViewSchema = z.object({
  network: z.string(),
  explorer_url: z.nullable(z.string()),
  wallets_list_url: z.nullable(z.string()),
  wallet_script_url: z.nullable(z.string()),
})

/** `POST /api/wallet/nonce`. */
export const nonceViewSchema = z.object({ nonce: z.string() })

/** `GET /api/wallet`, and the answer of everything that changes it. */
export const boundWalletSchema = z.object({
  wallet: z.nullable(z.object({ friendly: z.string() })),
  next: z.nullable(z.object({ friendly: z.string(), counts_from: seconds })),
})
export type BoundWalletView = z.infer<typeof boundWalletSchema>

/** `GET /v1/transfers`: lines of the account's ledger, the newest first. */
export const statementViewSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      place: z.enum(['balance', 'earnings']),
      amount_nano: z.string().check(z.regex(/^-?[1-9][0-9]{0,15}$/)),
      /** A runner's or a model's name. */
      subject: z.nullable(z.string()),
      at_ms: z.int(),
    }),
  ),
  next_cursor: z.nullable(z.string()),
})
export type StatementView = z.infer<typeof statementViewSchema>

/** `GET /v1/earnings?jobs=1`: how long earnings accrue, and the newest of them. */
export const accrualViewSchema = z.object({
  matures_after_s: count,
  jobs: z.array(z.object({ ended_at: seconds })),
})

/** `GET /v1/reserves`: of the newest statement, what the wallet page says. */
export const reservesViewSchema = z.object({
  latest: z.nullable(z.object({ total: nanoText, hot: nanoText, cold: nanoText, createdAtMs: z.int() })),
})

/** The answer of `POST /v1/deposit/seen`. */
export const depositSeenSchema = z.object({ seen: z.boolean() })
