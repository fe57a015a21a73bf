import { type ApiErrorEntry, type RefusalDetail, toErrorResponse } from '../accounts/account-errors.ts'
import type { ProveWalletResult } from './prove-wallet.ts'

export type WalletReason = Extract<ProveWalletResult, { ok: false }>['reason'] | 'no-public-url'

const INVALID = 'invalid_request_error'

/** The one table from reasons to statuses and sentences. A new reason without a line does not compile. */
export const WALLET_ERRORS = {
  'malformed-proof': {
    status: 400,
    type: INVALID,
    code: 'malformed_proof',
    message: 'This is not a ton_proof as TON Connect gives it.',
  },
  'wrong-network': {
    status: 400,
    type: INVALID,
    code: 'wrong_network',
    message: 'This wallet is on another TON network. Switch the network in the wallet and connect again.',
  },
  'wrong-domain': {
    status: 400,
    type: INVALID,
    code: 'wrong_domain',
    message: 'The wallet signed for another site. Open the Mini App from the bot and connect again.',
  },
  'stale-proof': {
    status: 400,
    type: INVALID,
    code: 'stale_proof',
    message: 'This proof is more than five minutes old. Connect the wallet again.',
  },
  'future-proof': {
    status: 400,
    type: INVALID,
    code: 'future_proof',
    message: "This proof is dated in the future. Set the device's clock and connect again.",
  },
  'wrong-workchain': {
    status: 400,
    type: INVALID,
    code: 'wrong_workchain',
    message: 'Only wallets of the base chain (0:…) can be paid.',
  },
  'wrong-state-init': {
    status: 400,
    type: INVALID,
    code: 'wrong_state_init',
    message: 'The state_init does not belong to this address.',
  },
  'unknown-wallet': {
    status: 400,
    type: INVALID,
    code: 'unknown_wallet',
    message: 'The key of this kind of wallet cannot be read yet. Use a wallet of version v3r2, v4r2 or v5r1.',
  },
  'bad-signature': {
    status: 403,
    type: INVALID,
    code: 'bad_signature',
    message: 'The signature was not made by the key of this wallet.',
  },
  'unknown-nonce': {
    status: 400,
    type: INVALID,
    code: 'unknown_nonce',
    message: 'This nonce was not given to this account. Connect the wallet again.',
  },
  'expired-nonce': {
    status: 400,
    type: INVALID,
    code: 'expired_nonce',
    message: 'This nonce has expired. Connect the wallet again.',
  },
  'used-nonce': {
    status: 409,
    type: INVALID,
    code: 'used_nonce',
    message: 'This proof was used before. Connect the wallet again.',
  },
  'wallet-taken': {
    status: 409,
    type: INVALID,
    code: 'wallet_taken',
    message: 'This wallet belongs to another account. Use another wallet.',
  },
  'no-public-url': {
    status: 503,
    type: 'server_error',
    code: 'wallets_not_set_up',
    message: 'This coordinator has no public address, so wallets cannot sign for it. Tell its operator.',
  },
} as const satisfies Record<WalletReason, ApiErrorEntry>

/** Answers a refusal of these routes. */
export function refuseWallet(reason: WalletReason, detail: RefusalDetail = {}): Response {
  return toErrorResponse(WALLET_ERRORS[reason], detail)
}
