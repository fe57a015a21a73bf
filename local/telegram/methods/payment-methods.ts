import type { Message, StarTransaction, StarTransactions } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { boolParam, intParam, isRecord, jsonParam, type Params, textParam } from '../params.ts'
import { answerCheckout, refund } from '../stars.ts'
import { personById, publicUser, requireChat, type TelegramServer } from '../telegram-server.ts'
import type { StarPayment } from '../telegram-state.ts'
import type { MethodTable } from './method.ts'
import { post, readPlace } from './send-methods.ts'

export const paymentMethods: MethodTable = {
  sendinvoice: sendInvoice,
  answerprecheckoutquery: answerPreCheckoutQuery,
  refundstarpayment: refundStarPayment,
  getstartransactions: getStarTransactions,
  getmystarbalance: (server) => ({ amount: botStars(server) }),
}

const TITLE_MAX = 32
const DESCRIPTION_MAX = 255
const PAYLOAD_BYTES_MAX = 128
const STARS_MAX = 10_000
const TRANSACTIONS_MAX = 100

/** Invoices in Stars only: this machine knows no provider of other currencies. */
function sendInvoice(server: TelegramServer, params: Params): Message {
  const title = requiredText(params, 'title')
  const description = requiredText(params, 'description')
  const payload = requiredText(params, 'payload')
  const currency = requiredText(params, 'currency')
  const prices = readPrices(params)
  if (title.length > TITLE_MAX) throw badRequest('INVOICE_TITLE_TOO_LONG')
  if (description.length > DESCRIPTION_MAX) throw badRequest('INVOICE_DESCRIPTION_TOO_LONG')
  if (Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX) throw badRequest('INVOICE_PAYLOAD_INVALID')
  if (!/^[A-Z]{3}$/.test(currency)) throw badRequest('CURRENCY_INVALID')
  if (currency !== 'XTR') throw badRequest('PAYMENT_PROVIDER_INVALID')
  if (textParam(params, 'provider_token')) throw badRequest('STARS_INVOICE_INVALID')
  const [amount] = prices
  if (amount === undefined || prices.length > 1) throw badRequest('STARS_INVOICE_INVALID')
  if (intParam(params, 'max_tip_amount') > 0) throw badRequest('STARS_INVOICE_INVALID')
  if (amount > STARS_MAX) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID')
  const record = requireChat(server, params, 'write')
  const placed = readPlace(params, record)
  server.limits.take('message', record.chat.id, server.nowMs())
  const message = post(server, record, {
    ...placed,
    invoice: {
      title,
      description,
      start_parameter: textParam(params, 'start_parameter'),
      currency,
      total_amount: amount,
    },
    reply_markup: { inline_keyboard: [[{ text: `Pay ⭐️${amount}`, pay: true }]] },
  })
  const { message_id: messageId } = message
  server.state.invoices.push({ chatId: record.chat.id, messageId, payload, stars: amount, paid: false })
  server.save()
  return message
}

function requiredText(params: Params, name: string): string {
  const text = textParam(params, name).trim()
  if (!text) throw badRequest(`Parameter "${name}" is required`)
  return text
}

/** Reads the amounts; the refusals are those of Telegram's own server. */
function readPrices(params: Params): readonly number[] {
  if (params.prices === undefined || params.prices === '') throw badRequest('Parameter "prices" is required')
  const value = jsonParam(params, 'prices', 'prices')
  if (!Array.isArray(value)) throw badRequest('Expected an Array of labeled prices')
  const prices = value.map((price: unknown): number => {
    const where = "Can't parse labeled price"
    if (!isRecord(price)) throw badRequest(`${where}: LabeledPrice must be an Object`)
    if (typeof price.label !== 'string') throw badRequest(`${where}: Can't find field "label"`)
    if (!price.label) throw badRequest(`${where}: LabeledPrice label must be non-empty`)
    const amount = typeof price.amount === 'string' ? Number(price.amount) : price.amount
    if (typeof amount !== 'number') throw badRequest(`${where}: Can't find field "amount"`)
    if (!Number.isInteger(amount)) throw badRequest(`${where}: Field "amount" must be of type Number`)
    return amount
  })
  if (prices.length === 0) throw badRequest('There must be at least one price')
  if (prices.reduce((sum, price) => sum + price, 0) <= 0) throw badRequest('Total price must be positive')
  return prices
}

function answerPreCheckoutQuery(server: TelegramServer, params: Params): true {
  const ok = boolParam(params, 'ok')
  const errorMessage = ok ? undefined : requiredText(params, 'error_message')
  answerCheckout(server, textParam(params, 'pre_checkout_query_id'), errorMessage)
  server.save()
  return true
}

/** The bot needs the Stars to give them back: those that it withdrew are gone. */
function refundStarPayment(server: TelegramServer, params: Params): true {
  const userId = intParam(params, 'user_id')
  if (userId <= 0) throw badRequest('Invalid user_id specified')
  const chargeId = requiredText(params, 'telegram_payment_charge_id')
  if (!server.state.people.some(({ id }) => id === userId)) throw badRequest('USER_ID_INVALID')
  const payment = server.state.starPayments.find(
    (known) => known.chargeId === chargeId && known.personId === userId,
  )
  if (!payment) throw badRequest('CHARGE_NOT_FOUND') // Telegram documents no name for it
  if (payment.refundedAtS === undefined && botStars(server) < payment.stars) {
    throw badRequest('BALANCE_TOO_LOW')
  }
  refund(server, payment)
  server.save()
  return true
}

/** What the bot took in, less what it gave back and what a test withdrew. */
function botStars({ state }: TelegramServer): number {
  const open = state.starPayments.filter(({ refundedAtS }) => refundedAtS === undefined)
  return open.reduce((sum, { stars }) => sum + stars, 0) - state.starsWithdrawn
}

function getStarTransactions(server: TelegramServer, params: Params): StarTransactions {
  const offset = Math.max(0, intParam(params, 'offset'))
  const limit = intParam(params, 'limit') || TRANSACTIONS_MAX
  const transactions = server.state.starPayments
    .flatMap((payment) => transactionsOf(server, payment))
    .toSorted((a, b) => a.date - b.date)
  return { transactions: transactions.slice(offset, offset + Math.min(Math.max(limit, 1), TRANSACTIONS_MAX)) }
}

function transactionsOf(server: TelegramServer, payment: StarPayment): StarTransaction[] {
  const { chargeId: id, stars: amount, payload, dateS, refundedAtS, personId } = payment
  const partner = {
    type: 'user' as const,
    transaction_type: 'invoice_payment' as const,
    user: publicUser(personById(server, personId)),
    invoice_payload: payload,
  }
  return [
    { id, amount, date: dateS, source: partner },
    ...(refundedAtS === undefined ? [] : [{ id, amount, date: refundedAtS, receiver: partner }]),
  ]
}
