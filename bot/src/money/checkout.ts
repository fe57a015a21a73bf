import { Composer } from 'grammy'
import type { BotContext, Talk } from '../bot-context.ts'
import { CHECKOUT_REFUSAL_WORDS } from './refusal-words.ts'

/** Telegram takes no answer after ten seconds. */
const ANSWER_WITHIN_MS = 9000
/** So long the coordinator may think; what is left is for the answer. */
const THINK_WITHIN_MS = 5000
const CALL_TIMEOUT_MS = 3000
const TRIES_MAX = 4

/**
 * Payments in Stars as Telegram tells of them. The credit is an errand: it is owed from the moment that Telegram says
 * "paid", whoever fails after that.
 */
export function checkout(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.on('pre_checkout_query', (ctx) => answerCheckout(talk, ctx))
  composer.on('message:successful_payment', (ctx) => {
    const paid = ctx.message.successful_payment
    const received = receivedFrom(payerOf(ctx), paid)
    talk.errands.add(`payment/${received.chargeId}`, { kind: 'star-payment', ...received })
  })
  composer.on('message:refunded_payment', (ctx) => {
    const received = receivedFrom(payerOf(ctx), ctx.message.refunded_payment)
    talk.errands.add(`returned/${received.chargeId}`, { kind: 'stars-returned', ...received })
  })
  return composer
}

/** In a private chat the payer is whose chat it is: a refund may come in the bot's own name. */
function payerOf(ctx: BotContext): number {
  return ctx.chat?.type === 'private' ? ctx.chat.id : (ctx.from?.id ?? 0)
}

type Payment = {
  readonly telegram_payment_charge_id: string
  readonly total_amount: number
  readonly invoice_payload: string
}

function receivedFrom(payerId: number, payment: Payment) {
  const { telegram_payment_charge_id: chargeId, total_amount: stars, invoice_payload: payload } = payment
  return { chargeId, payerId, stars, payload }
}

/** Says yes or no in time, and no when the coordinator does not know in time: nothing is paid then. */
async function answerCheckout(talk: Talk, ctx: BotContext): Promise<void> {
  const { clock, deps } = talk.chat
  const query = ctx.preCheckoutQuery
  if (!query) return
  const untilMs = clock.nowMs() + ANSWER_WITHIN_MS
  const sentence = await findObjection(talk, ctx)
  for (let tries = 1; tries <= TRIES_MAX && clock.nowMs() < untilMs; tries += 1) {
    try {
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS) as Parameters<typeof ctx.answerPreCheckoutQuery>[2]
      await ctx.answerPreCheckoutQuery(
        sentence === undefined,
        sentence ? { error_message: sentence } : {},
        signal,
      )
      return
    } catch (error) {
      const code = error instanceof Error && 'error_code' in error ? Number(error.error_code) : undefined
      if (code !== undefined && code < 429) break // too late, or an earlier try arrived
      await clock.sleep(250 * tries)
    }
  }
  deps.log('checkout-unanswered', {})
}

/** Why this payment cannot be taken, as a sentence; undefined when it can. */
async function findObjection({ chat }: Talk, ctx: BotContext): Promise<string | undefined> {
  const query = ctx.preCheckoutQuery
  if (!query) return undefined
  const { deps, clock } = chat
  const asked = deps.stars
    .checkOut({
      payerId: query.from.id,
      currency: query.currency,
      stars: query.total_amount,
      payload: query.invoice_payload,
    })
    .catch((error: unknown) => {
      deps.log('checkout-failed', { error: error instanceof Error ? error.name : String(error) })
      return undefined
    })
  const known = new AbortController()
  const tooLong = clock.sleep(THINK_WITHIN_MS, known.signal).then(() => undefined)
  const answer = await Promise.race([asked, tooLong])
  known.abort()
  if (!answer) return ctx.words('checkout-later')
  return answer.ok ? undefined : ctx.words(CHECKOUT_REFUSAL_WORDS[answer.reason])
}
