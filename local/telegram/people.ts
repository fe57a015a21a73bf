import type { Chat, Message, MessageEntity, Update, User } from 'grammy/types'
import type { Draft } from './draft-book.ts'
import { findEntities } from './entities/find-entities.ts'
import {
  asReplyTarget,
  chatById,
  findMessage,
  personById,
  publicUser,
  storeMessage,
  type TelegramServer,
} from './telegram-server.ts'
import { type BotStatus, type ChatRecord, privateChat, YOU_ID } from './telegram-state.ts'

/** Where a person writes: without a chat, in their own private chat with the bot. */
type Place = { readonly chat?: number; readonly from?: number; readonly threadId?: number }

export type Say = Place & {
  readonly text: string
  readonly entities?: MessageEntity[]
  readonly replyTo?: number // message id
}

/** Writes a message as a person. In a group the bot hears of it only when it may (see `botHears`). */
export function say(server: TelegramServer, options: Say): Update | undefined {
  const { text } = options
  const entities = findEntities(text, options.entities ?? [])
  return send(server, options, { text, ...(entities.length > 0 ? { entities } : {}) })
}

/** Sends anything else a message can be: a photo, a voice note, a place. */
export function send(
  server: TelegramServer,
  place: Place & { readonly replyTo?: number },
  parts: Partial<Message>,
): Update | undefined {
  const fromId = place.from ?? YOU_ID
  const record = chatById(server, place.chat ?? fromId)
  if (!record.memberIds.includes(fromId)) throw new Error(`${fromId} is not in chat ${record.chat.id}`)
  if (record.botStatus === 'blocked') throw new Error('unblock the bot first')
  if (record.botStatus === 'new') record.botStatus = 'member'
  if (place.threadId && !record.topics.some(({ id }) => id === place.threadId)) {
    throw new Error(`there is no topic ${place.threadId} in chat ${record.chat.id}`)
  }
  const target = place.replyTo ? findMessage(record, place.replyTo) : undefined
  const message = storeMessage(server, record, personById(server, fromId), {
    ...(place.threadId ? { message_thread_id: place.threadId, is_topic_message: true } : {}),
    ...(target ? { reply_to_message: asReplyTarget(target) } : {}),
    ...parts,
  })
  if (!botHears(server, record, message)) return undefined
  return server.queue.push({ message } as Omit<Update, 'update_id'>)
}

/** A group's bot hears commands, mentions and replies to it; an administrator hears everything. */
export function botHears(server: TelegramServer, record: ChatRecord, message: Message): boolean {
  if (record.chat.type === 'private') return true
  if (record.botStatus === 'administrator') return true
  if (record.botStatus !== 'member') return false
  return server.bot.can_read_all_group_messages || callsBot(server.bot, message)
}

/** Says whether a message speaks to the bot: by its name, by a command, or by answering it. */
export function callsBot(bot: { readonly id: number; readonly username: string }, message: Message): boolean {
  if (message.reply_to_message?.from?.id === bot.id) return true
  const text = message.text ?? message.caption ?? ''
  const name = `@${bot.username.toLowerCase()}`
  return (message.entities ?? message.caption_entities ?? []).some(({ type, offset, length }) => {
    const part = text.slice(offset, offset + length).toLowerCase()
    if (type === 'mention') return part === name
    return type === 'bot_command' && (!part.includes('@') || part.endsWith(name))
  })
}

/** Changes a person's own message; the bot is told. */
export function edit(
  server: TelegramServer,
  options: { readonly chat?: number; readonly messageId: number; readonly text: string },
): Update | undefined {
  const record = chatById(server, options.chat ?? YOU_ID)
  const message = findMessage(record, options.messageId)
  if (message?.text === undefined || message.from?.is_bot) {
    throw new Error(`message ${options.messageId} is not a person's text`)
  }
  const { entities: _old, ...rest } = message
  const entities = findEntities(options.text, [])
  const changed = {
    ...rest,
    text: options.text,
    ...(entities.length > 0 ? { entities } : {}),
    edit_date: Math.floor(server.nowMs() / 1000),
  } as Message
  record.messages = record.messages.map((other) => (other === message ? changed : other))
  server.save()
  server.emit({ type: 'edited', chatId: record.chat.id, message: changed })
  if (!botHears(server, record, changed)) return undefined
  return server.queue.push({ edited_message: changed } as Omit<Update, 'update_id'>)
}

export type Press = {
  readonly chat?: number
  readonly from?: number
  readonly messageId: number
  readonly button: string // its text
}

/** Presses a callback button that is under the message now. */
export function press(server: TelegramServer, options: Press): Update {
  const record = chatById(server, options.chat ?? options.from ?? YOU_ID)
  const message = findMessage(record, options.messageId)
  const buttons = message?.reply_markup?.inline_keyboard.flat() ?? []
  const button = buttons.find(({ text }) => text === options.button)
  if (!button || !('callback_data' in button)) {
    const known = buttons.map(({ text }) => text).join(', ') || 'none'
    throw new Error(
      `message ${options.messageId} has no callback button "${options.button}"; it has: ${known}`,
    )
  }
  return pressData(server, { ...options, data: button.callback_data })
}

/** Presses a button by its data, be it gone or never there: a late tap, or another client's. */
export function pressData(
  server: TelegramServer,
  options: Omit<Press, 'button'> & { readonly data: string },
): Update {
  const record = chatById(server, options.chat ?? options.from ?? YOU_ID)
  const personId = options.from ?? (record.chat.type === 'private' ? record.chat.id : YOU_ID)
  const message = findMessage(record, options.messageId)
  const id = String(server.state.nextCallbackId++)
  server.callbacks.set(id, { personId, atMs: server.nowMs(), answered: false })
  return server.queue.push({
    callback_query: {
      id,
      from: publicUser(personById(server, personId)),
      message: message ?? { chat: record.chat, message_id: options.messageId, date: 0 },
      chat_instance: String(record.chat.id),
      data: options.data,
    },
  } as Omit<Update, 'update_id'>)
}

/** Presses Stop on a draft that allows it. The draft goes, unless the bot asked to keep it for its short life. */
export function stop(server: TelegramServer, draft: Draft): Update {
  if (!draft.canStop) throw new Error(`draft ${draft.draftId} has no Stop button`)
  const chat = chatById(server, draft.chatId).chat as Chat.PrivateChat
  if (!draft.keepOnStop) server.drafts.remove(draft.chatId, draft.threadId)
  else keepStopped(server, draft)
  return server.queue.push({
    stopped_message_generation: {
      chat,
      draft_id: draft.draftId,
      ...(draft.threadId ? { message_thread_id: draft.threadId } : {}),
    },
  })
}

function keepStopped(server: TelegramServer, draft: Draft): void {
  const kept = { ...draft, canStop: false }
  server.drafts.put(kept)
  server.emit({ type: 'draft', chatId: draft.chatId, draft: kept })
}

export type NewGroup = {
  readonly id?: number
  readonly title?: string
  readonly isForum?: boolean
  readonly memberIds?: readonly number[]
  readonly botStatus?: 'member' | 'administrator'
}

/** Makes a group with the bot in it. As a plain member (the default) the bot hears only what calls it. */
export function addGroup(server: TelegramServer, options: NewGroup = {}): Chat.SupergroupChat {
  const groups = server.state.chats.filter(({ chat }) => chat.type === 'supergroup').length
  const id = options.id ?? -1_001_000_000_001 - groups
  const title = options.title ?? `Group ${groups + 1}`
  const chat: Chat.SupergroupChat = {
    id,
    type: 'supergroup',
    title,
    ...(options.isForum ? { is_forum: true } : {}),
  }
  const memberIds = [...(options.memberIds ?? server.state.people.map((person) => person.id))]
  const record: ChatRecord = { chat, memberIds, botStatus: 'left', topics: [], messages: [] }
  server.state.chats.push(record)
  setBotStatus(server, record, options.botStatus ?? 'member')
  return chat
}

/** Opens a topic in a forum or in a private chat; its id is the `message_thread_id` of all that is said there. */
export function addTopic(
  server: TelegramServer,
  options: { readonly chat?: number; readonly from?: number; readonly name: string },
): number {
  const fromId = options.from ?? YOU_ID
  const record = chatById(server, options.chat ?? fromId)
  const { chat } = record
  if (chat.type === 'supergroup' && !chat.is_forum) throw new Error(`chat ${chat.id} is not a forum`)
  if (record.botStatus === 'new') record.botStatus = 'member'
  const message = storeMessage(server, record, personById(server, fromId), {
    is_topic_message: true,
    forum_topic_created: { name: options.name, icon_color: 7_322_096 },
  })
  message.message_thread_id = message.message_id
  record.topics.push({ id: message.message_id, name: options.name })
  server.save()
  server.emit({ type: 'chats' })
  server.queue.push({ message } as Omit<Update, 'update_id'>)
  return message.message_id
}

export function addPerson(
  server: TelegramServer,
  options: { readonly id: number; readonly firstName: string; readonly languageCode?: string },
): User {
  const person: User = {
    id: options.id,
    is_bot: false,
    first_name: options.firstName,
    language_code: options.languageCode ?? 'en',
  }
  server.state.people.push(person)
  server.state.chats.push(privateChat(person))
  server.save()
  return person
}

export function setLanguage(server: TelegramServer, personId: number, languageCode: string): void {
  personById(server, personId).language_code = languageCode
  server.save()
  server.emit({ type: 'profile' })
}

/** Blocks, unblocks, kicks or admits the bot; the bot is told by `my_chat_member`. */
export function setBotStatus(server: TelegramServer, record: ChatRecord, status: BotStatus): void {
  const before = record.botStatus
  if (before === status) return
  record.botStatus = status
  const actor = personById(server, record.memberIds[0] ?? YOU_ID)
  const user = publicUser(server.bot)
  server.queue.push({
    my_chat_member: {
      chat: record.chat,
      from: publicUser(actor),
      date: Math.floor(server.nowMs() / 1000),
      old_chat_member: { user, status: memberStatus(before) },
      new_chat_member: { user, status: memberStatus(status) },
    },
  } as Omit<Update, 'update_id'>)
  server.emit({ type: 'chats' })
}

function memberStatus(status: BotStatus): 'left' | 'kicked' | 'member' | 'administrator' {
  if (status === 'blocked') return 'kicked'
  return status === 'new' ? 'left' : status
}
