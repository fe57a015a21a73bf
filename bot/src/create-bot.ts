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
import { checkout } from './money/checkout.ts'
import { depositCommand } from './money/deposit-command.ts'
import { refundCommand } from './money/refund-command.ts'
import { topupCommand } from './money/topup-command.ts'
import { withdrawCommand } from './money/withdraw-command.ts'
import type { TelegramAccess } from './telegram-access.ts'
import { clientOptions } from './telegram-access.ts'

/** Puts the features of the bot together: commands first, then what is said and pressed. */
export function createBot(access: TelegramAccess, botInfo: UserFromGetMe, talk: Talk): Bot<BotContext> {
  const bot = new Bot<BotContext>(access.token, { botInfo, client: clientOptions(access) })
  bot.use((ctx, next) => {
    chooseWords(ctx)
    const isHuman = ctx.from?.is_bot === false
    if (isHuman && !talk.chat.place.isGroup) talk.chat.state.setLanguage(ctx.language)
    // Whoever writes has not blocked the bot, or does no more.
    if ((ctx.message && !ctx.message.refunded_payment) || ctx.callbackQuery) talk.chat.state.clearBlocked()
    return next()
  })
  bot.use(checkout(talk))
  // A command counts when a person writes it: not an anonymous administrator, not another bot.
  const commands = bot.filter((ctx) => !ctx.message || isPerson(ctx.message))
  commands.use(
    topupCommand(talk),
    startCommand(talk),
    newCommand(talk),
    modelCommand(talk),
    balanceCommand(talk),
    depositCommand(talk),
    withdrawCommand(talk),
    refundCommand(talk),
    earnCommand(talk),
    wordsCommands(talk),
    exportCommand(talk),
    deleteCommand(talk),
  )
  bot.use(chatComposer(talk))
  return bot
}
