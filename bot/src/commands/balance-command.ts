import { Composer } from 'grammy'
import { formatTon } from '../../../protocol/src/money.ts'
import { answer, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { withCode } from '../chat/rich-text.ts'

/** /balance: what a person has, what is set aside, and where more comes from. */
export function balanceCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'balance',
    inPrivate(talk, async (ctx) => {
      if (!ctx.from) return
      const { available, held } = await talk.chat.deps.findAccount(ctx.from.id)
      const amount = formatTon(available)
      const lines = [
        ctx.words('balance', { available: amount }),
        ...(held > 0n ? [ctx.words('balance-held', { held: formatTon(held) })] : []),
        ctx.words('balance-welcome'),
      ]
      await answer(talk, ctx, withCode(lines.join('\n'), [amount], 'bold'))
    }),
  )
  return composer
}
