import { Composer } from 'grammy'
import { answer, answerPress, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { button, keyboard, parsePress, shortHash } from '../chat/buttons.ts'
import { formatDay } from '../words/words.ts'
import { exactTon, starsText } from './money-words.ts'

/**
 * /refund: Stars back for credit that is still there. /paysupport, which Telegram asks every bot that sells to answer,
 * and /terms say how that works.
 */
export function refundCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(['paysupport', 'terms'], (ctx) => answer(talk, ctx, supportText(talk, ctx)))
  composer.command(
    'refund',
    inPrivate(talk, (ctx) => showPurchases(talk, ctx)),
  )
  composer.on('callback_query:data', (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (press?.action !== 'refund' || talk.chat.place.isGroup) return next()
    return beginRefund(talk, ctx, press.payment)
  })
  return composer
}

function supportText({ chat }: Talk, { words }: BotContext): string {
  const contact = chat.deps.supportContact
  return words('paysupport', {
    contact: contact ? words('paysupport-contact', { contact }) : words('paysupport-no-contact'),
  })
}

async function showPurchases(talk: Talk, ctx: BotContext): Promise<void> {
  if (!ctx.from) return
  const { words, language } = ctx
  const { deps } = talk.chat
  const { accountId } = await deps.findAccount(ctx.from.id)
  const purchases = await deps.stars.listRefundable(accountId)
  if (purchases.length === 0) return answer(talk, ctx, words('refund-none'))
  const rows = purchases.map(({ paymentId, stars, credit, atMs }) => {
    const parts = [starsText(words, stars), exactTon(credit), formatDay(language, atMs)]
    return [button(parts.join(' · '), { action: 'refund', payment: paymentId })]
  })
  await answer(talk, ctx, words('refund-choose'), { keyboard: keyboard(rows) })
}

async function beginRefund(talk: Talk, ctx: BotContext, hash: string): Promise<void> {
  if (!ctx.from) return
  const { words } = ctx
  const { deps } = talk.chat
  const { accountId } = await deps.findAccount(ctx.from.id)
  const purchases = await deps.stars.listRefundable(accountId)
  const purchase = purchases.find(({ paymentId }) => shortHash(paymentId) === hash)
  if (!purchase) return answerPress(talk, ctx, words('refund-unknown'))
  const { paymentId } = purchase
  const payerId = ctx.from.id
  // Named after the press: one that failed for want of credit may be tried again later.
  const errand = { kind: 'star-refund', paymentId, accountId, payerId } as const
  talk.errands.add(`refund/${paymentId}/${ctx.update.update_id}`, errand)
  await answerPress(talk, ctx, words('refund-begun'))
}
