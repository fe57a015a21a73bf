import type { WalletWords } from './words/words.ts'

type FailureId = Extract<keyof WalletWords, `fail-${string}`>

/** What wallets and the coordinator call it, and which sentence says it. Codes that mean the same share one. */
const SENTENCES: Readonly<Record<string, FailureId>> = {
  rejected: 'fail-rejected',
  closed: 'fail-closed',
  left: 'fail-left',
  'wrong-network': 'fail-wrong-network',
  wrong_network: 'fail-wrong-network',
  'no-proof': 'fail-no-proof',
  malformed_proof: 'fail-no-proof',
  bad_signature: 'fail-no-proof',
  wrong_state_init: 'fail-no-proof',
  'wallet-silent': 'fail-wallet-silent',
  unreachable: 'fail-unreachable',
  wallet_taken: 'fail-wallet-taken',
  stale_proof: 'fail-too-slow',
  unknown_nonce: 'fail-too-slow',
  expired_nonce: 'fail-too-slow',
  used_nonce: 'fail-too-slow',
  future_proof: 'fail-clock',
  unknown_wallet: 'fail-wallet-kind',
  wrong_workchain: 'fail-wallet-kind',
  wrong_domain: 'fail-not-set-up',
  wallets_not_set_up: 'fail-not-set-up',
  no_wallet: 'fail-no-wallet',
  wallet_changing: 'fail-wallet-changed',
  wallet_not_proven: 'fail-wallet-changed',
  insufficient_funds: 'fail-too-much',
  not_withdrawable: 'fail-not-yours-to-take',
  payouts_frozen: 'fail-payouts-off',
  payouts_off: 'fail-payouts-off',
}

/** Says in the person's language why something with the wallet did not work; undefined where that is not the wallet's own. */
export function walletFailure(words: WalletWords, reason: string): string | undefined {
  const id = Object.hasOwn(SENTENCES, reason) ? SENTENCES[reason] : undefined
  return id && words[id]
}
