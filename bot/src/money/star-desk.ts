import type { Nano } from '../../../protocol/src/money.ts'

/** Credit that can be bought with Stars. */
export type StarPackage = { readonly stars: number; readonly credit: Nano }

/** An invoice ready to be sent; the payload is the coordinator's own. */
export type StarInvoiceText = StarPackage & { readonly payload: string }

/** What Telegram asks about before it takes the Stars. */
export type StarCheckout = {
  readonly payerId: number
  readonly currency: string
  readonly stars: number
  readonly payload: string
}
export type CheckoutRefusal = 'unknown-invoice' | 'not-yours' | 'price-changed'

/** What Telegram says of a payment that was made, or given back. */
export type StarReceived = {
  readonly chargeId: string
  readonly payerId: number
  readonly stars: number
  readonly payload: string
}

export type StarPurchase = {
  readonly paymentId: string
  readonly stars: number
  readonly credit: Nano
  readonly atMs: number
}

export type RefundRefusal = 'unknown-payment' | 'too-old' | 'spent' | 'refused-before'

/** Sells credit for Stars. All that moves money may be called again: it happens once. */
export type StarDesk = {
  readonly packages: readonly StarPackage[]
  /** Undefined when this package is not sold. `nonce`: 1 to 32 letters and digits. */
  readonly makeInvoice: (order: {
    readonly accountId: number
    readonly stars: number
    readonly nonce: string
  }) => Promise<StarInvoiceText | undefined>
  readonly checkOut: (
    checkout: StarCheckout,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: CheckoutRefusal }>
  /** Credits a payment, once per charge id. `isRefunded`: Telegram has taken it back already, nothing was credited. */
  readonly takePayment: (
    payment: StarReceived,
  ) => Promise<{ readonly credit: Nano; readonly available: Nano; readonly isRefunded: boolean }>
  /** Purchases of the last 21 days that were not given back, the newest first. */
  readonly listRefundable: (accountId: number) => Promise<readonly StarPurchase[]>
  /** Takes the credit back. After ok, Telegram is to be asked; when it refuses for good, `undoRefund`. */
  readonly takeForRefund: (refund: {
    readonly accountId: number
    readonly paymentId: string
  }) => Promise<
    | { readonly ok: true; readonly chargeId: string; readonly stars: number; readonly credit: Nano }
    | { readonly ok: false; readonly reason: RefundRefusal }
  >
  readonly undoRefund: (paymentId: string) => Promise<void>
  /** Telegram gave Stars back: takes the credit as far as it is there. Undefined when that was done before. */
  readonly takeBack: (
    payment: StarReceived,
  ) => Promise<{ readonly stars: number; readonly taken: Nano | undefined } | undefined>
}
