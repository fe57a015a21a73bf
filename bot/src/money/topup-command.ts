import { Composer } from 'grammy'
import { answer, answerPress, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { button, keyboard, parsePress } from '../chat/buttons.ts'
import { inPlace } from '../chat/say.ts'
import { exactTon, starsText } from './money-words.ts'

/** What a forwarded invoice says instead of Pay: `/start topup`. */
const START_PARAMETER = 'topup'

/** /topup: credit for Telegram Stars. A package becomes an invoice, which Telegram itself has paid. */
export function topupCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'topup',
    inPrivate(talk, (ctx) => showPackages(talk, ctx)),
  )
  composer.command('start', (ctx, next) =>
    ctx.match === START_PARAMETER && !talk.chat.place.isGroup ? showPackages(talk, ctx) : next(),
  )
  composer.on('callback_query:data', async (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (talk.chat.place.isGroup) return next()
    if (press?.action === 'money' && press.page === 'stars') {
      await answerPress(talk, ctx)
      return showPackages(talk, ctx)
    }
    if (press?.action !== 'stars') return next()
    return sendInvoice(talk, ctx, press.stars)
  })
  return composer
}

async function showPackages(talk: Talk, ctx: BotContext): Promise<void> {
  const { words } = ctx
  const rows = talk.chat.deps.stars.packages.map(({ stars, credit }) => [
    button(words('topup-package', { stars: starsText(words, stars), credit: exactTon(credit) }), {
      action: 'stars',
      stars,
    }),
  ])
  await answer(talk, ctx, words('topup-choose'), { keyboard: keyboard(rows) })
}

async function sendInvoice(talk: Talk, ctx: BotContext, stars: number): Promise<void> {
  const { chat } = talk
  const { words } = ctx
  if (!ctx.from) return
  const { accountId } = await chat.deps.findAccount(ctx.from.id)
  const invoice = await chat.deps.stars.makeInvoice({ accountId, stars, nonce: `u${ctx.update.update_id}` })
  if (!invoice) return answerPress(talk, ctx, words('topup-gone'))
  await answerPress(talk, ctx)
  const text = starsText(words, stars)
  const credit = exactTon(invoice.credit)
  const sent = await chat.gate.call(
    'send',
    () =>
      chat.api.sendInvoice(
        chat.place.chatId,
        words('invoice-title'),
        words('invoice-description', { credit, stars: text }),
        invoice.payload,
        'XTR',
        [{ label: text, amount: stars }],
        { ...inPlace(chat, undefined), start_parameter: START_PARAMETER },
      ),
    { patience: 'patient' },
  )
  if (sent.ok || sent.reason === 'lost' || sent.reason === 'blocked') return
  chat.deps.log('invoice-unsent', { reason: sent.reason })
  await answer(talk, ctx, words('topup-unavailable'))
}
