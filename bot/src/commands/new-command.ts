import { Composer } from 'grammy'
import { answer, type BotContext, type Talk } from '../bot-context.ts'
import { stripButtons } from '../chat/say.ts'

/** /new: forgets the conversation. An answer that is being written ends with what is there and is not remembered. */
export function newCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command('new', async (ctx) => {
    const { state } = talk.chat
    const wasRunning = talk.turns.stop('replaced')
    state.addToStrip(state.lastAnswer()?.messageId)
    state.forget()
    await answer(talk, ctx, ctx.words('new-done'))
    if (!wasRunning) await stripButtons(talk.chat)
  })
  return composer
}
