import { nano } from '../../../protocol/src/money.ts'
import type { CheckoutRefusal, StarDesk, StarReceived } from './star-desk.ts'

const STAR_NANO = 5_000_000n
const START = 50_000_000n

type Payment = { readonly received: StarReceived; state: 'paid' | 'refunded' | 'undone' }

export type FakeStarDesk = {
  readonly desk: StarDesk
  /** Credited payments by charge id. */
  readonly payments: Map<string, Payment>
  readonly asked: string[]
  /** Refuses the next checkouts. */
  refusal: CheckoutRefusal | undefined
  /** The next so many calls that move money fail, half of them after their effect. */
  failures: number
}

/** A desk for tests with a ledger in memory. Each call that moves money may be repeated, as the real one. */
export function fakeStarDesk(): FakeStarDesk {
  const payments = new Map<string, Payment>()
  const asked: string[] = []
  const credit = (stars: number) => nano(BigInt(stars) * STAR_NANO)
  const available = () =>
    nano(
      [...payments.values()]
        .filter(({ state }) => state !== 'refunded')
        .reduce((sum, { received }) => sum + credit(received.stars), START),
    )
  const failSometimes = <T>(name: string, effect: () => T): T => {
    asked.push(name)
    if (fake.failures <= 0) return effect()
    fake.failures -= 1
    if (fake.failures % 2 === 0) effect()
    throw new Error('the reply was lost')
  }
  const desk: StarDesk = {
    packages: [50, 250].map((stars) => ({ stars, credit: credit(stars) })),
    makeInvoice: async ({ accountId, stars, nonce }) => ({
      stars,
      credit: credit(stars),
      payload: `${accountId}.${stars}.${nonce}`,
    }),
    checkOut: async () => (fake.refusal ? { ok: false, reason: fake.refusal } : { ok: true }),
    takePayment: async (received) =>
      failSometimes('takePayment', () => {
        const known = payments.get(received.chargeId) ?? { received, state: 'paid' as const }
        payments.set(received.chargeId, known)
        return {
          credit: credit(received.stars),
          available: available(),
          isRefunded: known.state === 'refunded',
        }
      }),
    listRefundable: async () =>
      [...payments].flatMap(([paymentId, { received, state }]) =>
        state === 'refunded'
          ? []
          : [
              {
                paymentId,
                stars: received.stars,
                credit: credit(received.stars),
                atMs: Date.UTC(2026, 10, 22),
              },
            ],
      ),
    takeForRefund: async ({ paymentId }) =>
      failSometimes('takeForRefund', () => {
        const payment = payments.get(paymentId)
        if (!payment) return { ok: false, reason: 'unknown-payment' }
        if (payment.state === 'undone') return { ok: false, reason: 'refused-before' }
        payment.state = 'refunded'
        const { stars } = payment.received
        return { ok: true, chargeId: paymentId, stars, credit: credit(stars) }
      }),
    undoRefund: async (paymentId) =>
      failSometimes('undoRefund', () => {
        const payment = payments.get(paymentId)
        if (payment) payment.state = 'undone'
      }),
    takeBack: async (received) => {
      asked.push('takeBack')
      // The second call says nothing of the first: only a call without an effect may fail.
      if (fake.failures-- > 0) throw new Error('the database is away')
      const payment = payments.get(received.chargeId)
      if (!payment || payment.state === 'refunded') return undefined
      payment.state = 'refunded'
      return { stars: received.stars, taken: credit(received.stars) }
    },
  }
  const fake: FakeStarDesk = { desk, payments, asked, refusal: undefined, failures: 0 }
  return fake
}
