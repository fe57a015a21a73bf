import { Composer } from 'grammy'
import { formatTon } from '../../../protocol/src/money.ts'
import { answer, answerPress, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { button, keyboard, parsePress } from '../chat/buttons.ts'
import { endTalk, forgetTalk } from '../chat/forget-talk.ts'
import { plain } from '../chat/rich-text.ts'
import { edit } from '../chat/say.ts'

/** /delete: asks first, then removes the conversation and the person's data. */
export function deleteCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'delete',
    inPrivate(talk, async (ctx) => {
      if (!ctx.from) return
      const { available } = await talk.chat.deps.findAccount(ctx.from.id)
      await answer(talk, ctx, ctx.words('delete-ask', { available: formatTon(available) }), {
        keyboard: keyboard([
          [button(ctx.words('delete-yes'), { action: 'delete', answer: 'yes' })],
          [button(ctx.words('delete-no'), { action: 'delete', answer: 'no' })],
        ]),
      })
    }),
  )
  composer.on('callback_query:data', async (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (press?.action !== 'delete') return next()
    const done = ctx.words(press.answer === 'yes' ? 'delete-done' : 'delete-kept')
    if (press.answer === 'yes' && !talk.chat.place.isGroup) await deleteAll(talk, ctx.from.id)
    await answerPress(talk, ctx, done)
    const question = ctx.callbackQuery.message?.message_id
    if (question !== undefined) await edit(talk.chat, question, plain(done))
  })
  return composer
}

async function deleteAll(talk: Talk, userId: number): Promise<void> {
  const { deps } = talk.chat
  await endTalk(talk)
  const { accountId } = await deps.findAccount(userId)
  await deps.deleteAccount(accountId)
  await forgetTalk(talk)
}
