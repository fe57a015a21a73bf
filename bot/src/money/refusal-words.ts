import type { WordId } from '../words/en.ts'
import type { PayoutRefusal } from './money.ts'
import type { CheckoutRefusal, RefundRefusal } from './star-desk.ts'

/** Each refusal as a sentence with a way on. A new reason without a sentence does not compile. */
export const PAYOUT_REFUSAL_WORDS: Readonly<Record<PayoutRefusal, WordId>> = {
  'no-wallet': 'withdraw-no-wallet',
  'wallet-changing': 'payout-wallet-changing',
  'wallet-not-proven': 'payout-changed',
  'below-minimum': 'payout-below-minimum',
  'insufficient-funds': 'payout-changed',
  'not-withdrawable': 'payout-changed',
  'payouts-frozen': 'withdraw-frozen',
  'payouts-off': 'withdraw-closed',
  'idempotency-mismatch': 'payout-ordered-before',
}

export const CHECKOUT_REFUSAL_WORDS: Readonly<Record<CheckoutRefusal, WordId>> = {
  'unknown-invoice': 'checkout-unknown',
  'not-yours': 'checkout-not-yours',
  'price-changed': 'checkout-price-changed',
}

export const REFUND_REFUSAL_WORDS: Readonly<Record<RefundRefusal, WordId>> = {
  'unknown-payment': 'refund-unknown',
  'too-old': 'refund-too-old',
  spent: 'refund-spent',
  'refused-before': 'refund-refused',
}
