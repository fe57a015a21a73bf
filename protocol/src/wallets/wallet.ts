import { z } from 'zod'
import { unixSecondsSchema } from '../accounts/amount.ts'

/** Answer of `POST /api/wallet/nonce`: what the wallet signs (TON Connect's `tonProof`). Good once, for one account. */
export const walletNonceSchema = z.object({ nonce: z.string(), expires_at: unixSecondsSchema })
export type WalletNonce = z.infer<typeof walletNonceSchema>

/** `POST /api/wallet`: what TON Connect gave, unchanged inside `proof`. */
export const walletProofSchema = z.strictObject({
  /** Raw address, `0:<64 hex>`. */
  address: z.string().max(128),
  /** `-239` the main network, `-3` the test network. */
  network: z.string().max(16),
  /** `walletStateInit`, base64. */
  state_init: z.string().max(16_384),
  proof: z.object({
    /** Unix seconds. */
    timestamp: z.int(),
    domain: z.object({ lengthBytes: z.int(), value: z.string().max(256) }),
    /** Our nonce. */
    payload: z.string().max(256),
    /** Ed25519, base64. */
    signature: z.string().max(256),
  }),
})
export type WalletProof = z.infer<typeof walletProofSchema>

const place = z.object({
  /** Raw address, `0:<64 hex>`. */
  address: z.string(),
  /** As wallets show it. */
  friendly: z.string(),
})

/** `GET /api/wallet`, and the answer of everything that changes it: where payouts go. */
export const walletSchema = z.object({
  network: z.string(),
  wallet: place.extend({ proven_at: unixSecondsSchema }).nullable(),
  /** Proven, and not in effect before `counts_from`. Until then payouts wait. */
  next: place.extend({ counts_from: unixSecondsSchema }).nullable(),
})
export type WalletJson = z.infer<typeof walletSchema>
