import { Composer } from 'grammy'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { answer, answerPress, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import { button, keyboard, type Press, parsePress } from '../chat/buttons.ts'
import { type RichText, withCode } from '../chat/rich-text.ts'
import { edit } from '../chat/say.ts'
import { formatTime } from '../words/words.ts'
import type { Money, PayoutOrdered, PayoutSource } from './money.ts'
import { exactTon, walletButton, walletLine } from './money-words.ts'
import { PAYOUT_REFUSAL_WORDS } from './refusal-words.ts'

type Payout = Press & { readonly action: 'payout' }

/** /withdraw: what can leave, to which wallet, for which fee; a press on the amount orders it. */
export function withdrawCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'withdraw',
    inPrivate(talk, (ctx) => showWithdrawal(talk, ctx)),
  )
  composer.on('callback_query:data', async (ctx, next) => {
    const press = parsePress(ctx.callbackQuery.data)
    if (talk.chat.place.isGroup) return next()
    if (press?.action === 'money' && press.page === 'withdraw') {
      await answerPress(talk, ctx)
      return showWithdrawal(talk, ctx)
    }
    if (press?.action === 'payout') return order(talk, ctx, press)
    if (press?.action === 'wallet') return keepWallet(talk, ctx)
    return next()
  })
  return composer
}

async function showWithdrawal(talk: Talk, ctx: BotContext): Promise<void> {
  if (!ctx.from) return
  const { words } = ctx
  const { chat } = talk
  const { accountId } = await chat.deps.findAccount(ctx.from.id)
  const money = await chat.deps.readMoney(accountId)
  const app = keyboard(walletButton(chat, words))
  if (money.frozen) return answer(talk, ctx, words('withdraw-frozen'))
  if (!money.wallet) {
    const text = [words('withdraw-no-wallet'), ...walletLine(chat)].join('\n')
    return answer(talk, ctx, text, { keyboard: app })
  }
  const { nextAddress, nextFromMs } = money.wallet
  if (nextAddress !== undefined && nextFromMs !== undefined) {
    return showWaiting(talk, ctx, { address: nextAddress, from: formatTime(ctx.language, nextFromMs) })
  }
  const sources = sourcesOf(money)
  if (sources.length === 0) return answer(talk, ctx, nothingText(ctx, money), { keyboard: app })
  const rows = sources.map(({ source, amount }) => [
    button(
      words(source === 'earnings' ? 'button-payout-earnings' : 'button-payout-balance', {
        amount: exactTon(amount),
      }),
      { action: 'payout', source, amount },
    ),
  ])
  await answer(talk, ctx, withdrawText(ctx, money, money.wallet.address), { keyboard: keyboard(rows) })
}

/** Until another wallet counts nothing is paid out: time to notice a change that somebody else made. */
async function showWaiting(
  talk: Talk,
  ctx: BotContext,
  next: { readonly address: string; readonly from: string },
): Promise<void> {
  const { words } = ctx
  const keep = button(words('button-keep-wallet'), { action: 'wallet', answer: 'keep' })
  const text = withCode(words('withdraw-waits', next), [next.address])
  await answer(talk, ctx, text, { keyboard: keyboard([[keep]]) })
}

/** What a wallet can be sent, each by itself: earnings and the chat balance are different places in the books. */
function sourcesOf({ payable, withdrawable, payoutMinimum, payoutFee }: Money) {
  const lessFee = (all: Nano) => nano(all > payoutFee ? all - payoutFee : 0n)
  const all: readonly { readonly source: PayoutSource; readonly amount: Nano }[] = [
    { source: 'earnings', amount: lessFee(payable) },
    { source: 'balance', amount: lessFee(withdrawable) },
  ]
  return all.filter(({ amount }) => amount > 0n && amount >= payoutMinimum)
}

function withdrawText({ words }: BotContext, money: Money, address: string): RichText {
  const { payable, withdrawable, payoutFee } = money
  const text = [
    words('withdraw-amounts', { earnings: exactTon(payable), balance: exactTon(withdrawable) }),
    words('withdraw-fee', { fee: exactTon(payoutFee) }),
    words('withdraw-wallet', { address }),
    words('withdraw-press'),
  ].join('\n')
  return withCode(text, [address])
}

function nothingText({ words }: BotContext, { payable, withdrawable, payoutMinimum }: Money): string {
  return words('withdraw-nothing', {
    earnings: exactTon(payable),
    balance: exactTon(withdrawable),
    minimum: exactTon(payoutMinimum),
  })
}

/** Orders what the button says. The message's number names the order: pressed twice, it is ordered once. */
async function order(talk: Talk, ctx: BotContext, { source, amount }: Payout): Promise<void> {
  const { chat } = talk
  const messageId = ctx.callbackQuery?.message?.message_id
  if (!ctx.from || messageId === undefined) return answerPress(talk, ctx, ctx.words('button-unknown'))
  const { accountId } = await chat.deps.findAccount(ctx.from.id)
  const key = `bot/${chat.place.chatId}/${messageId}/${source}`
  const ordered = await chat.deps.orderPayout({ accountId, source, amount, key })
  const text = orderedText(ctx, ordered)
  await answerPress(talk, ctx, text)
  await edit(chat, messageId, withCode(text, ordered.ok ? [ordered.payoutId] : []))
}

function orderedText({ words }: BotContext, ordered: PayoutOrdered): string {
  if (!ordered.ok) return words(PAYOUT_REFUSAL_WORDS[ordered.reason])
  const { amount, fee, payoutId } = ordered
  return words('payout-ordered', {
    amount: exactTon(amount),
    fee: exactTon(fee),
    payout: payoutId,
  })
}

async function keepWallet(talk: Talk, ctx: BotContext): Promise<void> {
  if (!ctx.from) return
  const { accountId } = await talk.chat.deps.findAccount(ctx.from.id)
  const isKept = await talk.chat.deps.cancelWalletChange(accountId)
  const text = ctx.words(isKept ? 'wallet-kept' : 'wallet-not-kept')
  await answerPress(talk, ctx, text)
  await answer(talk, ctx, text)
}
