import { Composer } from 'grammy'
import type { InlineKeyboardMarkup } from 'grammy/types'
import { formatTon, pricePerThousandWords } from '../../../protocol/src/money.ts'
import { answer, answerPress, type BotContext, type Talk } from '../bot-context.ts'
import type { Choice, ModelOffer } from '../bot-deps.ts'
import { button, keyboard, parsePress, shortHash } from '../chat/buttons.ts'
import { findOffer } from '../chat/find-offer.ts'
import { plain } from '../chat/rich-text.ts'
import { edit } from '../chat/say.ts'
import type { WordId } from '../words/en.ts'
import { speedWords } from './model-words.ts'

/** How many offers a list shows; a model in both tiers counts twice. */
const OFFERS_MAX = 12

/** /model: who can answer, who can read it, how fast and for how much; a tap chooses for this conversation. */
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
    const offer = models.find(({ id, tier }) => shortHash(id) === press.model && tier === press.tier)
    if (!offer) return answerPress(talk, ctx, ctx.words('model-gone'))
    const choice = { model: offer.id, tier: offer.tier }
    talk.chat.state.setChoice(choice)
    const chosen = offer.tier === 'open' ? 'model-chosen' : 'model-chosen-confidential'
    await answerPress(talk, ctx, ctx.words(chosen, { model: offer.id }))
    const list = ctx.callbackQuery.message?.message_id
    if (list === undefined) return
    await edit(talk.chat, list, plain(listText(ctx, models, choice)), {
      keyboard: listKeyboard(talk, ctx, models, choice),
    })
  })
  return composer
}

async function showModels(talk: Talk, ctx: BotContext, models: readonly ModelOffer[]): Promise<void> {
  const first = findOffer(models, undefined)
  if (!first) return answer(talk, ctx, ctx.words('model-none'))
  const choice = talk.chat.state.choice() ?? { model: first.id, tier: first.tier }
  await answer(talk, ctx, listText(ctx, models, choice), {
    keyboard: listKeyboard(talk, ctx, models, choice),
  })
}

function listText({ words }: BotContext, models: readonly ModelOffer[], choice: Choice): string {
  const rows = models.slice(0, OFFERS_MAX).map((offer) =>
    [
      words('model-row', {
        model: offer.id,
        price: formatTon(pricePerThousandWords(offer.price.output)),
        speed: words(speedWords(offer)),
      }),
      words(readersOf(offer)),
    ].join('\n'),
  )
  const { model, tier } = choice
  const isSimulated = findOffer(models, choice)?.isSimulated === true
  const sentence = tier === 'open' ? 'model-choice' : 'model-choice-confidential'
  const chosen = words(isSimulated ? 'model-choice-simulated' : sentence, { model })
  return [words('model-title'), ...rows, chosen].join('\n\n')
}

/** Who can read what such an offer answers. */
function readersOf({ tier, isSimulated }: ModelOffer): WordId {
  if (tier === 'open') return 'model-open'
  return isSimulated ? 'model-simulated' : 'model-confidential'
}

function listKeyboard(
  talk: Talk,
  { words }: BotContext,
  models: readonly ModelOffer[],
  { tier }: Choice,
): InlineKeyboardMarkup {
  const { deps, place } = talk.chat
  const rows = models.slice(0, OFFERS_MAX).map((offer) => {
    const name = offer.tier === 'open' ? offer.id : words('model-button-confidential', { model: offer.id })
    return [button(name, { action: 'use', model: offer.id, tier: offer.tier })]
  })
  // Telegram opens a Mini App by https alone, and from a private chat alone.
  const hasApp = tier === 'confidential' && deps.publicUrl.startsWith('https://') && !place.isGroup
  const app = { text: words('start-open-app'), web_app: { url: deps.publicUrl } }
  return keyboard(hasApp ? [...rows, [app]] : rows)
}
