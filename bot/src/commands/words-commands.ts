import { Composer } from 'grammy'
import { answer, type BotContext, type Talk } from '../bot-context.ts'

/** /help and /privacy: words alone. */
export function wordsCommands(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command('help', (ctx) => answer(talk, ctx, ctx.words('help')))
  composer.command('privacy', (ctx) => answer(talk, ctx, ctx.words('privacy')))
  return composer
}
