import { Composer } from 'grammy'
import type { InlineKeyboardButton } from 'grammy/types'
import { answer, answerPress, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { keyboard, parsePress } from '../chat/buttons.ts'
import { withCode } from '../chat/rich-text.ts'
import { walletButton } from './money-words.ts'

const TEST_NETWORK = '-3'

/** /deposit: where to send Toncoin, and the comment without which nobody knows whose they are. */
export function depositCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'deposit',
    inPrivate(talk, (ctx) => showDeposit(talk, ctx)),
  )
  composer.on('callback_query:data', async (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (press?.action !== 'money' || press.page !== 'deposit' || talk.chat.place.isGroup) return next()
    await answerPress(talk, ctx)
    return showDeposit(talk, ctx)
  })
  return composer
}

async function showDeposit(talk: Talk, ctx: BotContext): Promise<void> {
  if (!ctx.from) return
  const { words } = ctx
  const { chat } = talk
  const { accountId } = await chat.deps.findAccount(ctx.from.id)
  const deposit = await chat.deps.depositInstructions(accountId)
  if (!deposit) return answer(talk, ctx, words('deposit-closed'))
  const { address, comment, network } = deposit
  const text = [
    words('deposit-where'),
    address,
    words('deposit-comment'),
    comment,
    words('deposit-warning'),
    ...(network === TEST_NETWORK ? [words('deposit-test-network')] : []),
  ].join('\n\n')
  const copy: InlineKeyboardButton[][] = [
    [{ text: words('button-copy-address'), copy_text: { text: address } }],
    [{ text: words('button-copy-comment'), copy_text: { text: comment } }],
  ]
  await answer(talk, ctx, withCode(text, [address, comment]), {
    keyboard: keyboard([...copy, ...walletButton(chat, words)]),
  })
}
