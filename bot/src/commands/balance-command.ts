import { Composer } from 'grammy'
import type { InlineKeyboardButton } from 'grammy/types'
import { formatTon } from '../../../protocol/src/money.ts'
import { answer, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { button, keyboard } from '../chat/buttons.ts'
import { withCode } from '../chat/rich-text.ts'
import { walletButton } from '../money/money-words.ts'

/** /balance: what a person has, what is set aside, what can be paid out, and where more comes from. */
export function balanceCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'balance',
    inPrivate(talk, async (ctx) => {
      if (!ctx.from) return
      const { words } = ctx
      const { chat } = talk
      const { accountId } = await chat.deps.findAccount(ctx.from.id)
      const { available, held, withdrawable, accruing, payable } = await chat.deps.readMoney(accountId)
      const amount = formatTon(available)
      const lines = [
        words('balance', { available: amount }),
        ...(held > 0n ? [words('balance-held', { held: formatTon(held) })] : []),
        ...(withdrawable > 0n
          ? [words('balance-withdrawable', { withdrawable: formatTon(withdrawable) })]
          : []),
        ...(payable > 0n ? [words('balance-payable', { payable: formatTon(payable) })] : []),
        ...(accruing > 0n ? [words('balance-accruing', { accruing: formatTon(accruing) })] : []),
        words('balance-welcome'),
      ]
      await answer(talk, ctx, withCode(lines.join('\n'), [amount], 'bold'), {
        keyboard: keyboard(moneyRows(talk, ctx)),
      })
    }),
  )
  return composer
}

/** Toncoin in, Stars in, Toncoin out. Where the Mini App opens it takes the deposit: it can ask the wallet itself. */
function moneyRows({ chat }: Talk, { words }: BotContext): InlineKeyboardButton[][] {
  const app = walletButton(chat, words)
  const deposit =
    app.length > 0 ? app : [[button(words('button-deposit'), { action: 'money', page: 'deposit' })]]
  return [
    ...deposit,
    [
      button(words('button-stars'), { action: 'money', page: 'stars' }),
      button(words('button-withdraw'), { action: 'money', page: 'withdraw' }),
    ],
  ]
}
