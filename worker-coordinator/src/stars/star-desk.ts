import type {
  CheckoutRefusal,
  StarCheckout,
  StarDesk,
  StarReceived,
} from '../../../bot/src/money/star-desk.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import { readInvoice, signInvoice } from './star-invoice.ts'
import { creditFor, STAR_PACKAGES } from './star-packages.ts'
import { chargeOf, type StarPayment } from './star-payment.ts'
import type { NewStarPayment, RefundTaken, StarsTaken } from './star-store.ts'

export type StarDeskDeps = {
  readonly secret: string
  /** What one Star buys at present. */
  readonly starNano: Nano
  readonly findPayer: (telegramId: number) => Promise<number | undefined>
  /** Makes the account when there is none: who has paid gets the credit. */
  readonly findOrCreateAccount: (telegramId: number) => Promise<{ readonly id: number }>
  readonly readAvailable: (accountId: number) => Promise<Nano>
  readonly creditStars: (payment: NewStarPayment) => Promise<StarPayment>
  readonly listRefundable: (accountId: number) => Promise<readonly StarPayment[]>
  readonly takeForRefund: (refund: { paymentId: string; accountId: number }) => Promise<RefundTaken>
  readonly undoRefund: (paymentId: string) => Promise<void>
  readonly takeBackStars: (payment: NewStarPayment) => Promise<StarsTaken>
  readonly nowMs: () => number
  readonly log: (event: string, facts: Record<string, string | number | boolean | undefined>) => void
}

/** Sells credit for Stars: what the bot asks when it writes invoices and hears of payments. */
export function createStarDesk(deps: StarDeskDeps): StarDesk {
  const { secret, starNano, log } = deps
  const toPayment = async (received: StarReceived): Promise<NewStarPayment> => {
    const { payerId, chargeId, stars, payload } = received
    const [invoice, account] = await Promise.all([
      readInvoice(secret, payload),
      deps.findOrCreateAccount(payerId),
    ])
    // Paid is paid: an invoice of before a change of keys is credited at today's price.
    const isPromised = invoice?.stars === stars
    if (!isPromised) log('star-invoice-unknown', { chargeId, stars })
    const credit = isPromised ? invoice.credit : creditFor(stars, starNano)
    return { chargeId, accountId: account.id, stars, credit, nowMs: deps.nowMs() }
  }
  return {
    packages: STAR_PACKAGES.map((stars) => ({ stars, credit: creditFor(stars, starNano) })),
    makeInvoice: async ({ accountId, stars, nonce }) => {
      if (!STAR_PACKAGES.some((known) => known === stars)) return undefined
      const credit = creditFor(stars, starNano)
      return { stars, credit, payload: await signInvoice(secret, { accountId, stars, credit, nonce }) }
    },
    checkOut: async (checkout) => {
      const reason = await findRefusal(deps, checkout)
      if (reason) log('star-checkout-refused', { reason })
      return reason ? { ok: false, reason } : { ok: true }
    },
    takePayment: async (received) => {
      const payment = await deps.creditStars(await toPayment(received))
      const { accountId, stars, credit, state } = payment
      log('stars-credited', { accountId, stars, state })
      return { credit, isRefunded: state === 'refunded', available: await deps.readAvailable(accountId) }
    },
    listRefundable: async (accountId) =>
      (await deps.listRefundable(accountId)).map(({ id, stars, credit, atMs }) => ({
        paymentId: id,
        stars,
        credit,
        atMs,
      })),
    takeForRefund: async (refund) => {
      const taken = await deps.takeForRefund(refund)
      if (!taken.ok) return taken
      const { id, stars, credit } = taken.payment
      log('stars-refund-begun', { accountId: refund.accountId, stars })
      return { ok: true, chargeId: chargeOf(id), stars, credit }
    },
    undoRefund: async (paymentId) => {
      await deps.undoRefund(paymentId)
      log('stars-refund-undone', {})
    },
    takeBack: async (received) => {
      const payment = await toPayment(received)
      const taken = await deps.takeBackStars(payment)
      if (taken.isNew) {
        const { accountId, stars } = payment
        log('stars-taken-back', { accountId, stars, missingNano: String(taken.missing ?? 0n) })
      }
      return taken.isNew ? { stars: payment.stars, taken: taken.taken } : undefined
    },
  }
}

async function findRefusal(deps: StarDeskDeps, checkout: StarCheckout): Promise<CheckoutRefusal | undefined> {
  const { payerId, currency, stars, payload } = checkout
  const invoice = await readInvoice(deps.secret, payload)
  if (!invoice || currency !== 'XTR' || invoice.stars !== stars) return 'unknown-invoice'
  if (!STAR_PACKAGES.some((known) => known === stars)) return 'price-changed'
  if (invoice.credit !== creditFor(stars, deps.starNano)) return 'price-changed'
  // A deleted account belongs to nobody any more.
  return (await deps.findPayer(payerId)) === invoice.accountId ? undefined : 'not-yours'
}
