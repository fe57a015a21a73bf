import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message, Update } from 'grammy/types'
import { expect, onTestFinished, test } from 'vitest'
import { assertConduct } from './assert-conduct.ts'
import { setupTelegram, type TestTelegram } from './test-telegram.ts'

const YOU = 1001
const FRIEND = 1002

const INVOICE = {
  chat_id: YOU,
  title: 'Chat credit',
  description: 'Coins for questions.',
  payload: 's1.payload',
  currency: 'XTR',
  prices: [{ label: '50 Stars', amount: 50 }],
}

type Shop = TestTelegram & { readonly invoice: (change?: object) => Promise<Message> }

async function setupShop(options: Parameters<typeof setupTelegram>[0] = {}): Promise<Shop> {
  const telegram = await setupTelegram(options)
  telegram.say('hello')
  const invoice = async (change: object = {}) =>
    (await telegram.call('sendInvoice', { ...INVOICE, ...change })).result as Message
  return { ...telegram, invoice }
}

const queryOf = ({ pre_checkout_query: query }: Update) => query?.id ?? ''

async function buy(shop: Shop): Promise<string> {
  const query = shop.pay(await shop.invoice())
  await shop.call('answerPreCheckoutQuery', { pre_checkout_query_id: queryOf(query), ok: true })
  return shop.starPayments().at(-1)?.chargeId ?? ''
}

test('an invoice is shown without its payload, with a Pay button', async () => {
  const shop = await setupShop()
  const message = await shop.invoice({ start_parameter: 'topup' })
  expect(message.invoice).toEqual({
    title: 'Chat credit',
    description: 'Coins for questions.',
    start_parameter: 'topup',
    currency: 'XTR',
    total_amount: 50,
  })
  expect(message.reply_markup?.inline_keyboard).toEqual([[{ text: 'Pay ⭐️50', pay: true }]])
  expect(JSON.stringify(shop.messages())).not.toContain('s1.payload')
})

test.each([
  [{ title: '' }, 'parameter "title" is required'],
  [{ title: 'x'.repeat(33) }, 'INVOICE_TITLE_TOO_LONG'],
  [{ description: 'x'.repeat(256) }, 'INVOICE_DESCRIPTION_TOO_LONG'],
  [{ payload: '' }, 'parameter "payload" is required'],
  [{ payload: 'я'.repeat(65) }, 'INVOICE_PAYLOAD_INVALID'],
  [{ currency: 'USD' }, 'PAYMENT_PROVIDER_INVALID'],
  [{ currency: 'Stars' }, 'CURRENCY_INVALID'],
  [{ provider_token: '284685063:TEST' }, 'STARS_INVOICE_INVALID'],
  [{ prices: undefined }, 'parameter "prices" is required'],
  [{ prices: {} }, 'expected an Array of labeled prices'],
  [{ prices: [] }, 'there must be at least one price'],
  [{ prices: [...INVOICE.prices, ...INVOICE.prices] }, 'STARS_INVOICE_INVALID'],
  [{ prices: [{ label: 'x', amount: 0 }] }, 'total price must be positive'],
  [{ prices: [{ label: 'x', amount: -5 }] }, 'total price must be positive'],
  [
    { prices: [{ label: 'x', amount: 1.5 }] },
    `can't parse labeled price: Field "amount" must be of type Number`,
  ],
  [{ prices: [{ label: '', amount: 5 }] }, `can't parse labeled price: LabeledPrice label must be non-empty`],
  [{ prices: [{ label: 'x', amount: 10_001 }] }, 'CURRENCY_TOTAL_AMOUNT_INVALID'],
  [{ max_tip_amount: 5 }, 'STARS_INVOICE_INVALID'],
])('sendInvoice %# is refused', async (change, reason) => {
  const shop = await setupShop()
  const answer = await shop.call('sendInvoice', { ...INVOICE, ...change })
  expect(answer).toEqual({ ok: false, error_code: 400, description: `Bad Request: ${reason}` })
  expect(shop.messages()).toHaveLength(1)
})

test('paying asks the bot first, and Stars move when it says yes', async () => {
  const shop = await setupShop()
  const before = shop.stars()
  const query = shop.pay(await shop.invoice())
  expect(query.pre_checkout_query).toEqual({
    id: expect.stringMatching(/^\d+$/),
    from: { id: YOU, is_bot: false, first_name: 'You', language_code: 'en' },
    currency: 'XTR',
    total_amount: 50,
    invoice_payload: 's1.payload',
  })
  expect(shop.stars()).toBe(before)
  const yes = { pre_checkout_query_id: queryOf(query), ok: true }
  expect(await shop.call('answerPreCheckoutQuery', yes)).toEqual({ ok: true, result: true })
  expect(shop.stars()).toBe(before - 50)
  expect(shop.updates.at(-1)?.update.message).toMatchObject({
    from: { id: YOU },
    chat: { id: YOU },
    successful_payment: {
      currency: 'XTR',
      total_amount: 50,
      invoice_payload: 's1.payload',
      telegram_payment_charge_id: expect.stringMatching(/^stx[\w-]{90,}$/),
      provider_payment_charge_id: '1001_1',
    },
  })
  expect(await shop.call('answerPreCheckoutQuery', yes)).toMatchObject({ error_code: 400 })
  expect(shop.stars()).toBe(before - 50)
})

test('a no costs nothing and needs a sentence', async () => {
  const shop = await setupShop()
  const before = shop.stars()
  const id = queryOf(shop.pay(await shop.invoice()))
  const silent = await shop.call('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: false })
  expect(silent.description).toBe('Bad Request: parameter "error_message" is required')
  const no = { pre_checkout_query_id: id, ok: false, error_message: 'The price has changed.' }
  expect(await shop.call('answerPreCheckoutQuery', no)).toMatchObject({ ok: true })
  expect(shop.stars()).toBe(before)
  expect(shop.starPayments()).toEqual([])
})

test('an answer after ten seconds is too late', async () => {
  let now = Date.UTC(2026, 10, 22)
  const shop = await setupShop({ nowMs: () => now })
  const id = queryOf(shop.pay(await shop.invoice()))
  now += 10_001
  expect(await shop.call('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true })).toEqual({
    ok: false,
    error_code: 400,
    description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
  })
  expect(shop.starPayments()).toEqual([])
})

test('an invoice is paid once, and only by somebody who has the Stars', async () => {
  const shop = await setupShop()
  shop.setStars(49)
  const message = await shop.invoice()
  expect(() => shop.pay(message)).toThrow('BALANCE_TOO_LOW')
  shop.setStars(60)
  await buy(shop)
  const paid = shop.messages().findLast(({ invoice }) => invoice !== undefined)
  expect(() => paid && shop.pay(paid)).toThrow('INVOICE_ALREADY_PAID')
  expect(shop.stars()).toBe(10)
})

test('a refund gives the Stars back once and says so in the chat', async () => {
  const shop = await setupShop()
  const before = shop.stars()
  const chargeId = await buy(shop)
  const refund = (change: object = {}) =>
    shop.call('refundStarPayment', { user_id: YOU, telegram_payment_charge_id: chargeId, ...change })
  expect((await refund({ telegram_payment_charge_id: 'stxNONE' })).description).toContain('CHARGE_NOT_FOUND')
  expect((await refund({ user_id: FRIEND })).description).toContain('CHARGE_NOT_FOUND')
  expect((await refund({ user_id: 5 })).description).toContain('USER_ID_INVALID')
  expect((await refund({ user_id: 'x' })).description).toContain('invalid user_id specified')
  expect(await refund()).toEqual({ ok: true, result: true })
  expect(shop.updates.at(-1)?.update.message?.refunded_payment).toEqual({
    currency: 'XTR',
    total_amount: 50,
    invoice_payload: 's1.payload',
    telegram_payment_charge_id: chargeId,
    provider_payment_charge_id: '1001_1',
  })
  expect((await refund()).description).toBe('Bad Request: CHARGE_ALREADY_REFUNDED')
  expect(shop.stars()).toBe(before)
  const { transactions } = (await shop.call('getStarTransactions')).result as { transactions: object[] }
  expect(transactions).toMatchObject([
    { id: chargeId, amount: 50, source: { type: 'user', user: { id: YOU } } },
    { id: chargeId, amount: 50, receiver: { type: 'user', user: { id: YOU } } },
  ])
})

test('a bot whose owner took the Stars out cannot give them back', async () => {
  const shop = await setupShop()
  const chargeId = await buy(shop)
  shop.withdrawStars(1)
  const answer = await shop.call('refundStarPayment', { user_id: YOU, telegram_payment_charge_id: chargeId })
  expect(answer.description).toBe('Bad Request: BALANCE_TOO_LOW')
  expect((await shop.call('getMyStarBalance')).result).toEqual({ amount: 49 })
  shop.refundByTelegram(chargeId)
  expect(shop.updates.at(-1)?.update.message?.refunded_payment?.total_amount).toBe(50)
})

test('payments outlive a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'telegram-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'state.json')
  const first = await setupShop({ stateFile })
  const chargeId = await buy(first)
  await first.close()
  const second = await setupTelegram({ stateFile })
  expect(second.starPayments().map((payment) => payment.chargeId)).toEqual([chargeId])
  expect(second.stars()).toBe(9950)
})

test('a payment that the bot leaves unanswered is bad conduct', async () => {
  const shop = await setupShop()
  await shop.invoice()
  const [message] = shop.messages().filter(({ invoice }) => invoice)
  if (message) shop.pay(message)
  await shop.call('getUpdates')
  expect(assertConduct(shop).map(({ rule }) => rule)).toEqual(['checkout-unanswered'])
})
