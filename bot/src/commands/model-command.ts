import { Composer } from 'grammy'
import type { InlineKeyboardMarkup } from 'grammy/types'
import { formatTon, pricePerThousandWords } from '../../../protocol/src/money.ts'
import { answer, answerPress, type BotContext, type Talk } from '../bot-context.ts'
import type { ModelOffer } from '../bot-deps.ts'
import { button, keyboard, parsePress, shortHash } from '../chat/buttons.ts'
import { plain } from '../chat/rich-text.ts'
import { edit } from '../chat/say.ts'
import { speedWords } from './model-words.ts'

const MODELS_MAX = 12

/** /model: who can answer, how fast and for how much; a tap chooses for this conversation. */
export function modelCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command('model', async (ctx) => showModels(talk, ctx, await talk.chat.deps.listModels()))
  composer.on('callback_query:data', async (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (press?.action === 'model') {
      const models = await talk.chat.deps.listModels()
      await answerPress(talk, ctx)
      return showModels(talk, ctx, models)
    }
    if (press?.action !== 'use') return next()
    const models = await talk.chat.deps.listModels()
    const model = models.find(({ id }) => shortHash(id) === press.model)
    if (!model) return answerPress(talk, ctx, ctx.words('model-gone'))
    talk.chat.state.setModel(model.id)
    await answerPress(talk, ctx, ctx.words('model-chosen', { model: model.id }))
    const list = ctx.callbackQuery.message?.message_id
    if (list !== undefined) {
      await edit(talk.chat, list, plain(listText(ctx, models, model.id)), { keyboard: listKeyboard(models) })
    }
  })
  return composer
}

async function showModels(talk: Talk, ctx: BotContext, models: readonly ModelOffer[]): Promise<void> {
  if (models.length === 0) return answer(talk, ctx, ctx.words('model-none'))
  const chosen = talk.chat.state.model() ?? models[0]?.id ?? ''
  await answer(talk, ctx, listText(ctx, models, chosen), { keyboard: listKeyboard(models) })
}

function listText({ words }: BotContext, models: readonly ModelOffer[], chosen: string): string {
  const rows = models.slice(0, MODELS_MAX).map((model) =>
    words('model-row', {
      model: model.id,
      price: formatTon(pricePerThousandWords(model.price.output)),
      speed: words(speedWords(model)),
    }),
  )
  return [words('model-title'), ...rows, words('model-choice', { model: chosen })].join('\n\n')
}

function listKeyboard(models: readonly ModelOffer[]): InlineKeyboardMarkup {
  return keyboard(models.slice(0, MODELS_MAX).map(({ id }) => [button(id, { action: 'use', model: id })]))
}
