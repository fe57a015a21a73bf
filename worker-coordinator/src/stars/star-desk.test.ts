import { describe, expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { createStarDesk, type StarDeskDeps } from './star-desk.ts'
import { readStarPrice, STAR_NANO_DEFAULT } from './star-packages.ts'
import { STAR_REFUND_MS, successorOf } from './star-payment.ts'
import type { NewStarPayment } from './star-store.ts'

const PAYER = 1001
const ACCOUNT = 2 ** 33

function setupDesk(overrides: Partial<StarDeskDeps> = {}) {
  const credited: NewStarPayment[] = []
  const logged: string[] = []
  const missing = (name: string) => () => {
    throw new Error(`give a fake for ${name}`)
  }
  const desk = createStarDesk({
    secret: 'secret',
    starNano: nano(5_000_000n),
    findPayer: async () => ACCOUNT,
    findOrCreateAccount: async () => ({ id: ACCOUNT }),
    readAvailable: async () => nano(7n),
    creditStars: async (payment) => {
      credited.push(payment)
      const { chargeId, nowMs, ...rest } = payment
      return { id: chargeId, state: 'paid', atMs: nowMs, ...rest }
    },
    listRefundable: missing('listRefundable'),
    takeForRefund: missing('takeForRefund'),
    undoRefund: missing('undoRefund'),
    takeBackStars: missing('takeBackStars'),
    nowMs: () => 0,
    log: (event) => logged.push(event),
    ...overrides,
  })
  return { desk, credited, logged }
}

const ORDER = { accountId: ACCOUNT, stars: 250, nonce: 'n1' }

async function checkOut(change: object, overrides: Partial<StarDeskDeps> = {}) {
  const invoice = await setupDesk().desk.makeInvoice(ORDER)
  const checkout = { payerId: PAYER, currency: 'XTR', stars: 250, payload: invoice?.payload ?? '' }
  return setupDesk(overrides).desk.checkOut({ ...checkout, ...change })
}

test('an invoice says what its Stars buy, for the packages that are sold only', async () => {
  const { desk } = setupDesk()
  expect(await desk.makeInvoice(ORDER)).toMatchObject({ stars: 250, credit: 1_250_000_000n })
  for (const stars of [0, -50, 51, 1.5, Number.NaN]) {
    expect(await desk.makeInvoice({ ...ORDER, stars })).toBeUndefined()
  }
})

describe('at the checkout', () => {
  test('an invoice as it was written is fine', async () => {
    expect(await checkOut({})).toEqual({ ok: true })
  })

  test.each([
    ['a payload that is not ours', { payload: 'x' }, {}, 'unknown-invoice'],
    ['another number of Stars', { stars: 50 }, {}, 'unknown-invoice'],
    ['another currency', { currency: 'USD' }, {}, 'unknown-invoice'],
    ['somebody else', {}, { findPayer: async () => ACCOUNT + 1 }, 'not-yours'],
    ['an account that is gone', {}, { findPayer: async () => undefined }, 'not-yours'],
    ['another price since', {}, { starNano: nano(4_000_000n) }, 'price-changed'],
  ])('%s is refused', async (_what, change, overrides, reason) => {
    expect(await checkOut(change, overrides)).toEqual({ ok: false, reason })
  })
})

describe('a payment', () => {
  const pay = async (payload: string, overrides: Partial<StarDeskDeps> = {}) => {
    const { desk, credited, logged } = setupDesk(overrides)
    const taken = await desk.takePayment({ chargeId: 'stx1', payerId: PAYER, stars: 250, payload })
    return { taken, credited, logged }
  }

  test('is credited with what the invoice promised, although the price has changed since', async () => {
    const invoice = await setupDesk().desk.makeInvoice(ORDER)
    const { taken, credited } = await pay(invoice?.payload ?? '', { starNano: nano(1n) })
    expect(credited).toMatchObject([{ chargeId: 'stx1', accountId: ACCOUNT, credit: 1_250_000_000n }])
    expect(taken).toEqual({ credit: 1_250_000_000n, available: 7n, isRefunded: false })
  })

  test('without a readable invoice is credited all the same, and written down', async () => {
    const { credited, logged } = await pay('lost')
    expect(credited).toMatchObject([{ credit: 1_250_000_000n, stars: 250 }])
    expect(logged).toContain('star-invoice-unknown')
  })

  test('goes to the account that the payer has now', async () => {
    const invoice = await setupDesk().desk.makeInvoice(ORDER)
    const findOrCreateAccount = async () => ({ id: ACCOUNT + 5 })
    const { credited } = await pay(invoice?.payload ?? '', { findOrCreateAccount })
    expect(credited).toMatchObject([{ accountId: ACCOUNT + 5 }])
  })
})

test('a refund is asked of Telegram under the charge id, also the second time', async () => {
  const payment = { accountId: ACCOUNT, stars: 50, credit: nano(9n), state: 'refunded', atMs: 0 } as const
  const takeForRefund = async ({ paymentId }: { paymentId: string }) => ({
    ok: true as const,
    payment: { ...payment, id: paymentId },
  })
  const { desk } = setupDesk({ takeForRefund })
  const taken = await desk.takeForRefund({ accountId: ACCOUNT, paymentId: 'stx1#2' })
  expect(taken).toMatchObject({ ok: true, chargeId: 'stx1' })
  expect([successorOf('stx1'), successorOf('stx1#2')]).toEqual(['stx1#2', 'stx1#3'])
  expect(STAR_REFUND_MS).toBe(21 * 86_400_000)
})

test('the price of a Star is the operator’s; a wrong one stops the coordinator', () => {
  expect(readStarPrice(undefined)).toBe(STAR_NANO_DEFAULT)
  expect(readStarPrice('7000000')).toBe(7_000_000n)
  for (const value of ['0', '-1', '1.5', '5e6', 'x']) expect(() => readStarPrice(value)).toThrow('STAR_NANO')
})
