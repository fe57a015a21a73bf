import type { Message, MessageEntity, UserFromGetMe } from 'grammy/types'

type Bot = Pick<UserFromGetMe, 'id' | 'username'>

/** The user id under which Telegram shows an administrator who writes as the group. */
const GROUP_ANONYMOUS_ID = 1087968824

/** Says whether a message is for the bot: everything in private; in a group a mention, a reply to it, or `/command@bot`. */
export function isAddressed(message: Message, bot: Bot): boolean {
  if (message.chat.type === 'private') return true
  const answered = message.reply_to_message
  // A topic's first message counts as a reply to the service message that opened the topic.
  if (answered?.from?.id === bot.id && answered.forum_topic_created === undefined) return true
  return entitiesOf(message).some(
    (entity) => isMention(textOf(message), entity, bot) || isOwnCommand(textOf(message), entity, bot),
  )
}

/** The text of a message without the bot's name in it. */
export function withoutMention(message: Message, bot: Bot): string {
  const text = textOf(message)
  let rest = ''
  let from = 0
  for (const entity of entitiesOf(message)) {
    if (!isMention(text, entity, bot)) continue
    rest += text.slice(from, entity.offset)
    from = entity.offset + entity.length
  }
  return (rest + text.slice(from))
    .replace(/^[\s,:،]+/, '')
    .replace(/[^\S\n]{2,}/g, ' ')
    .trim()
}

/** Somebody who has an account: a person, not a group, a channel or another bot. */
export function isPerson(message: Message): boolean {
  const { from, sender_chat: senderChat } = message
  return from !== undefined && !from.is_bot && from.id !== GROUP_ANONYMOUS_ID && senderChat === undefined
}

/** Another bot that writes: never answered, or two bots would talk for ever. */
export function isOtherBot(message: Message): boolean {
  return (
    message.from?.is_bot === true &&
    message.from.id !== GROUP_ANONYMOUS_ID &&
    message.sender_chat === undefined
  )
}

export function textOf(message: Message): string {
  return message.text ?? message.caption ?? ''
}

function entitiesOf(message: Message): readonly MessageEntity[] {
  return message.entities ?? message.caption_entities ?? []
}

function isMention(text: string, entity: MessageEntity, bot: Bot): boolean {
  if (entity.type === 'text_mention') return entity.user.id === bot.id
  return entity.type === 'mention' && partOf(text, entity) === `@${bot.username.toLowerCase()}`
}

function isOwnCommand(text: string, entity: MessageEntity, bot: Bot): boolean {
  return entity.type === 'bot_command' && partOf(text, entity).endsWith(`@${bot.username.toLowerCase()}`)
}

function partOf(text: string, { offset, length }: MessageEntity): string {
  return text.slice(offset, offset + length).toLowerCase()
}
