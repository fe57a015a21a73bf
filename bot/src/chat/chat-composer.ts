import { Composer } from 'grammy'
import type { Message } from 'grammy/types'
import { answer, answerPress, type BotContext, type Talk } from '../bot-context.ts'
import type { WordId } from '../words/en.ts'
import { isAddressed, isOtherBot, isPerson, withoutMention } from './addressed.ts'
import { parsePress } from './buttons.ts'
import { receiptText } from './receipt-text.ts'

const COMMAND = /^\/[a-z0-9_]{1,32}(?:@[a-z0-9_]+)?(?:\s|$)/i
/** What a person can send that is not text. Anything else without text is a service message, and nobody waits for an answer. */
const MEDIA = [
  'photo',
  'voice',
  'video',
  'video_note',
  'audio',
  'document',
  'sticker',
  'animation',
  'location',
  'venue',
  'contact',
  'poll',
  'dice',
  'game',
  'story',
  'paid_media',
  'checklist',
] as const satisfies readonly (keyof Message)[]

/** Questions, edits, Stop, and the buttons under an answer. Comes after the commands. */
export function chatComposer(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.on('message', (ctx) => hear(talk, ctx, ctx.message))
  composer.on('edited_message', (ctx) => hearAgain(talk, ctx, ctx.editedMessage))
  composer.on('stopped_message_generation', (ctx) => {
    const draftId = ctx.update.stopped_message_generation?.draft_id
    if (talk.turns.current()?.seq === draftId) talk.turns.stop('stopped')
  })
  composer.on('my_chat_member', (ctx) => {
    const { status } = ctx.myChatMember.new_chat_member
    if (status === 'kicked' || status === 'left') {
      talk.chat.state.setBlocked()
      talk.turns.stop('closed')
    } else talk.chat.state.clearBlocked()
  })
  composer.on('callback_query', (ctx) => hearPress(talk, ctx))
  return composer
}

function hear(talk: Talk, ctx: BotContext, message: Message): void {
  if (isOtherBot(message) || !isAddressed(message, ctx.me)) return
  if (!isPerson(message)) return notice(talk, ctx, message, 'write-as-yourself')
  if (message.text === undefined) {
    const isMedia = MEDIA.some((kind) => message[kind] !== undefined)
    // An album comes as many messages; one sentence is enough.
    if (isMedia && talk.chat.state.noteAlbum(message.media_group_id)) notice(talk, ctx, message, 'text-only')
    return
  }
  const text = withoutMention(message, ctx.me)
  if (COMMAND.test(text)) return notice(talk, ctx, message, 'unknown-command')
  if (!text) return notice(talk, ctx, message, 'ask-something')
  talk.turns.add({ kind: 'ask', text, ...askedBy(ctx, message) })
}

/** An edited question is answered again, with what came after it forgotten. What did not change stays as it is. */
function hearAgain(talk: Talk, ctx: BotContext, message: Message): void {
  const { turns, chat } = talk
  if (message.text === undefined || !isAddressed(message, ctx.me) || !isPerson(message)) return
  const text = withoutMention(message, ctx.me)
  const known = chat.state.memory().find(({ messageId }) => messageId === message.message_id)
  if (!text || COMMAND.test(text) || known?.text === text) return
  if (turns.changeWaiting(message.message_id, text)) return
  if (turns.current()?.messageId === message.message_id) turns.stop('replaced')
  turns.add({ kind: 'edit', text, ...askedBy(ctx, message) })
}

async function hearPress(talk: Talk, ctx: BotContext): Promise<void> {
  const { turns, chat } = talk
  const { words } = ctx
  const press = parsePress(ctx.callbackQuery?.data ?? '')
  const userId = ctx.from?.id
  if (userId === undefined) return
  switch (press?.action) {
    case 'stop': {
      const current = turns.current()
      if (current?.seq !== press.seq) return answerPress(talk, ctx, words('button-late'))
      if (current.userId !== userId) return answerPress(talk, ctx, words('button-not-yours'))
      turns.stop('stopped')
      return answerPress(talk, ctx, words('button-stopped'))
    }
    case 'retry':
    case 'continue':
    case 'receipt': {
      const last = chat.state.lastAnswer()
      if (last?.seq !== press.seq) return answerPress(talk, ctx, words('button-late'))
      if (last.userId !== userId) return answerPress(talk, ctx, words('button-not-yours'))
      if (press.action === 'receipt') {
        await answerPress(talk, ctx)
        return answer(
          talk,
          ctx,
          receiptText(words, last) ?? words('receipt-none'),
          replyToAnswer(last.messageId),
        )
      }
      if (!turns.isIdle()) return answerPress(talk, ctx, words('button-busy'))
      const target = last.question
      const question = chat.state.memory().find(({ seq, role }) => seq === target && role === 'user')
      if (!question) return answerPress(talk, ctx, words('button-late'))
      const { messageId } = question
      turns.add({
        kind: press.action,
        target,
        userId,
        language: ctx.language,
        ...(messageId === undefined ? {} : { messageId }),
      })
      return answerPress(talk, ctx, words('button-again'))
    }
    default:
      return answerPress(talk, ctx, words('button-unknown'))
  }
}

function notice(talk: Talk, ctx: BotContext, message: Message, word: WordId): void {
  talk.turns.add({ kind: 'notice', word, ...askedBy(ctx, message) })
}

function askedBy(ctx: BotContext, message: Message) {
  return { userId: message.from?.id ?? 0, language: ctx.language, messageId: message.message_id }
}

function replyToAnswer(messageId: number | undefined) {
  return messageId === undefined ? {} : { replyTo: messageId }
}
