import { Composer } from 'grammy'
import type { InlineKeyboardButton } from 'grammy/types'
import { formatTon, pricePerThousandWords } from '../../../protocol/src/money.ts'
import { answer, answerPress, type BotContext, type Talk } from '../bot-context.ts'
import { button, parsePress } from '../chat/buttons.ts'
import { findOffer } from '../chat/find-offer.ts'

const QUESTIONS = [1, 2, 3] as const

/** /start: what this is, who can read it, the Mini App, and three questions that a tap asks. */
export function startCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command('start', async (ctx) => {
    const { words } = ctx
    const url = talk.chat.deps.publicUrl
    const hasApp = url.startsWith('https://') // Telegram takes no other address for a Mini App
    const lines = [
      [words('start-what'), ...(await priceLine(talk, ctx))].join(' '),
      words('start-who-reads'),
      ...(hasApp ? [words('start-app')] : url ? [words('start-app-address', { url })] : []),
    ]
    const app: InlineKeyboardButton[][] =
      hasApp && !talk.chat.place.isGroup ? [[{ text: words('start-open-app'), web_app: { url } }]] : []
    const questions = QUESTIONS.map((question) => [
      button(words(`start-question-${question}`), { action: 'ask', question }),
    ])
    await answer(talk, ctx, lines.join('\n'), { keyboard: { inline_keyboard: [...questions, ...app] } })
  })
  composer.on('callback_query:data', async (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (press?.action !== 'ask') return next()
    const messageId = ctx.callbackQuery.message?.message_id
    talk.turns.add({
      kind: 'ask',
      userId: ctx.from.id,
      language: ctx.language,
      text: ctx.words(`start-question-${press.question}`),
      ...(talk.chat.place.isGroup && messageId !== undefined ? { messageId } : {}),
    })
    await answerPress(talk, ctx, ctx.words('button-asked'))
  })
  return composer
}

/** The price before the first question. Left out when it cannot be found out: the greeting comes anyway. */
async function priceLine(talk: Talk, ctx: BotContext): Promise<string[]> {
  const { deps, place } = talk.chat
  if (!ctx.from || place.isGroup) return []
  try {
    const [account, models] = await Promise.all([deps.findAccount(ctx.from.id), deps.listModels()])
    const model = findOffer(models, undefined)
    if (!model) return []
    const price = formatTon(pricePerThousandWords(model.price.output))
    return [ctx.words('start-price', { price, credit: formatTon(account.available) })]
  } catch (error) {
    deps.log('start-price-failed', { error: error instanceof Error ? error.name : String(error) })
    return []
  }
}
