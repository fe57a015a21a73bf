import { Bot } from 'grammy'
import type { UserFromGetMe } from 'grammy/types'
import { type BotContext, chooseWords, type Talk } from './bot-context.ts'
import { isPerson } from './chat/addressed.ts'
import { chatComposer } from './chat/chat-composer.ts'
import { balanceCommand } from './commands/balance-command.ts'
import { deleteCommand } from './commands/delete-command.ts'
import { earnCommand } from './commands/earn-command.ts'
import { exportCommand } from './commands/export-command.ts'
import { modelCommand } from './commands/model-command.ts'
import { newCommand } from './commands/new-command.ts'
import { startCommand } from './commands/start-command.ts'
import { wordsCommands } from './commands/words-commands.ts'
import type { TelegramAccess } from './telegram-access.ts'
import { clientOptions } from './telegram-access.ts'

/** Puts the features of the bot together: commands first, then what is said and pressed. */
export function createBot(access: TelegramAccess, botInfo: UserFromGetMe, talk: Talk): Bot<BotContext> {
  const bot = new Bot<BotContext>(access.token, { botInfo, client: clientOptions(access) })
  bot.use((ctx, next) => {
    chooseWords(ctx)
    // Whoever writes has not blocked the bot, or does no more.
    if (ctx.message || ctx.callbackQuery) talk.chat.state.clearBlocked()
    return next()
  })
  // A command counts when a person writes it: not an anonymous administrator, not another bot.
  const commands = bot.filter((ctx) => !ctx.message || isPerson(ctx.message))
  commands.use(
    startCommand(talk),
    newCommand(talk),
    modelCommand(talk),
    balanceCommand(talk),
    earnCommand(talk),
    wordsCommands(talk),
    exportCommand(talk),
    deleteCommand(talk),
  )
  bot.use(chatComposer(talk))
  return bot
}
