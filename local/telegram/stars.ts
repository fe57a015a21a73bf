import { randomBytes } from 'node:crypto'
import type { Message, Update } from 'grammy/types'
import { badRequest } from './bot-api-error.ts'
import {
  chatById,
  findMessage,
  personById,
  publicUser,
  storeMessage,
  type TelegramServer,
} from './telegram-server.ts'
import { type ChatRecord, type StarPayment, YOU_ID } from './telegram-state.ts'

/** A person's question whether the goods are still there; the bot has ten seconds for it. */
export type Checkout = {
  readonly id: string
  readonly chatId: number
  readonly personId: number
  readonly messageId: number
  readonly atMs: number
  state: 'open' | 'answered' | 'expired'
}

/** What a person of this machine has when nothing else was said. */
export const STARS_AT_START = 10_000
const CHARGE_BYTES = 72 // as long as Telegram's own

export function starsOf(server: TelegramServer, personId: number): number {
  return server.state.stars[String(personId)] ?? STARS_AT_START
}

export function setStars(server: TelegramServer, personId: number, stars: number): void {
  personById(server, personId)
  server.state.stars[String(personId)] = stars
  server.save()
  server.emit({ type: 'profile' })
}

export type Pay = { readonly chat?: number; readonly from?: number; readonly messageId: number }

/**
 * Presses Pay under an invoice: asks the bot by `pre_checkout_query`. Stars move only when the bot says yes in time.
 * Throws in Telegram's words when the person cannot pay.
 */
export function pay(server: TelegramServer, options: Pay): Update {
  const record = chatById(server, options.chat ?? options.from ?? YOU_ID)
  const personId = options.from ?? (record.chat.type === 'private' ? record.chat.id : YOU_ID)
  const invoice = invoiceOf(server, record, options.messageId)
  if (!invoice) throw new Error(`message ${options.messageId} is no invoice`)
  if (invoice.paid) throw new Error('INVOICE_ALREADY_PAID')
  if (starsOf(server, personId) < invoice.stars) throw new Error('BALANCE_TOO_LOW')
  const checkout: Checkout = {
    id: String(server.state.nextCallbackId++),
    chatId: record.chat.id,
    personId,
    messageId: options.messageId,
    atMs: server.nowMs(),
    state: 'open',
  }
  server.checkouts.set(checkout.id, checkout)
  setTimeout(() => expire(server, checkout), server.checkoutLifeMs).unref()
  return server.queue.push({
    pre_checkout_query: {
      id: checkout.id,
      from: publicUser(personById(server, personId)),
      currency: 'XTR',
      total_amount: invoice.stars,
      invoice_payload: invoice.payload,
    },
  } as Omit<Update, 'update_id'>)
}

/** The bot's answer. Refuses one that comes late or twice, as Telegram does. */
export function answerCheckout(server: TelegramServer, id: string, errorMessage: string | undefined): void {
  const checkout = server.checkouts.get(id)
  const isLate = checkout && server.nowMs() - checkout.atMs > server.checkoutLifeMs
  if (checkout?.state !== 'open' || isLate) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid')
  }
  checkout.state = 'answered'
  if (errorMessage !== undefined) return tell(server, checkout, errorMessage)
  const record = chatById(server, checkout.chatId)
  const invoice = invoiceOf(server, record, checkout.messageId)
  if (!invoice || invoice.paid) return tell(server, checkout, 'INVOICE_ALREADY_PAID')
  const left = starsOf(server, checkout.personId) - invoice.stars
  if (left < 0) return tell(server, checkout, 'BALANCE_TOO_LOW')
  invoice.paid = true
  server.state.stars[String(checkout.personId)] = left
  const number = server.state.starPayments.length + 1
  const payment: StarPayment = {
    chargeId: `stx${randomBytes(CHARGE_BYTES).toString('base64url')}`,
    providerChargeId: `${checkout.personId}_${number}`,
    personId: checkout.personId,
    chatId: checkout.chatId,
    stars: invoice.stars,
    payload: invoice.payload,
    dateS: Math.floor(server.nowMs() / 1000),
  }
  server.state.starPayments.push(payment)
  const invoiceMessage = findMessage(record, checkout.messageId)
  const message = storeMessage(server, record, personById(server, checkout.personId), {
    ...threadOf(invoiceMessage),
    successful_payment: {
      currency: 'XTR',
      total_amount: payment.stars,
      invoice_payload: payment.payload,
      telegram_payment_charge_id: payment.chargeId,
      provider_payment_charge_id: payment.providerChargeId,
    },
  })
  server.queue.push({ message } as Omit<Update, 'update_id'>)
  server.emit({ type: 'profile' })
}

/** Gives Stars back, by the bot or by Telegram itself; both are told by a service message. */
export function refund(server: TelegramServer, payment: StarPayment): Update {
  if (payment.refundedAtS !== undefined) throw badRequest('CHARGE_ALREADY_REFUNDED')
  payment.refundedAtS = Math.floor(server.nowMs() / 1000)
  server.state.stars[String(payment.personId)] = starsOf(server, payment.personId) + payment.stars
  const message = storeMessage(server, chatById(server, payment.chatId), server.bot, {
    refunded_payment: {
      currency: 'XTR',
      total_amount: payment.stars,
      invoice_payload: payment.payload,
      telegram_payment_charge_id: payment.chargeId,
      provider_payment_charge_id: payment.providerChargeId,
    },
  })
  server.emit({ type: 'profile' })
  return server.queue.push({ message } as Omit<Update, 'update_id'>)
}

/** Telegram takes a payment back by itself, as after a disputed card. */
export function refundByTelegram(server: TelegramServer, chargeId: string): Update {
  const payment = server.state.starPayments.find((known) => known.chargeId === chargeId)
  if (!payment) throw new Error(`there is no payment ${chargeId}`)
  return refund(server, payment)
}

function invoiceOf(server: TelegramServer, record: ChatRecord, messageId: number) {
  return server.state.invoices.find(
    (invoice) => invoice.chatId === record.chat.id && invoice.messageId === messageId,
  )
}

function threadOf(message: Message | undefined): Pick<Message, 'message_thread_id' | 'is_topic_message'> {
  const threadId = message?.message_thread_id
  return threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }
}

function expire(server: TelegramServer, checkout: Checkout): void {
  if (checkout.state !== 'open') return
  checkout.state = 'expired'
  tell(server, checkout, 'BOT_PRECHECKOUT_TIMEOUT')
}

function tell(server: TelegramServer, { personId, messageId }: Checkout, error: string): void {
  server.emit({ type: 'checkout-failed', personId, messageId, error })
}
