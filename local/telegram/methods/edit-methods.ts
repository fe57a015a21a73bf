import type { InlineKeyboardMarkup, Message } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { intParam, isRecord, jsonParam, type Params, textParam } from '../params.ts'
import { readReplyMarkup } from '../reply-markup.ts'
import { findMessage, requireChat, type TelegramServer } from '../telegram-server.ts'
import type { ChatRecord } from '../telegram-state.ts'
import type { MethodTable } from './method.ts'
import { readLinkPreview, readMessageText, textParts } from './send-methods.ts'

export const editMethods: MethodTable = {
  editmessagetext: editMessageText,
  editmessagereplymarkup: editMessageReplyMarkup,
  deletemessage: deleteMessage,
  setmessagereaction: setMessageReaction,
}

const DELETE_WITHIN_S = 48 * 3600
const SAME_CONTENT =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

/** Replaces a message's text. A call without `reply_markup` takes the buttons away, as in Telegram. */
function editMessageText(server: TelegramServer, params: Params): Message {
  const formatted = readMessageText(params)
  const preview = readLinkPreview(params)
  const { record, message } = requireOwnMessage(server, params)
  const markup = readReplyMarkup(params, record)
  if (message.text === undefined) throw badRequest('There is no text in the message to edit')
  return change(server, record, message, {
    ...textParts(formatted),
    ...(preview ? { link_preview_options: preview } : {}),
    ...(markup ? { reply_markup: markup } : {}),
  })
}

function editMessageReplyMarkup(server: TelegramServer, params: Params): Message {
  const { record, message } = requireOwnMessage(server, params)
  const markup: InlineKeyboardMarkup | undefined = readReplyMarkup(params, record)
  const { text, entities, link_preview_options } = message
  return change(server, record, message, {
    ...(text === undefined ? {} : { text }),
    ...(entities ? { entities } : {}),
    ...(link_preview_options ? { link_preview_options } : {}),
    ...(markup ? { reply_markup: markup } : {}),
  })
}

function requireOwnMessage(server: TelegramServer, params: Params): { record: ChatRecord; message: Message } {
  const inlineId = textParam(params, 'inline_message_id')
  if (!textParam(params, 'chat_id') && intParam(params, 'message_id') === 0) {
    throw badRequest(inlineId ? 'MESSAGE_ID_INVALID' : 'Message identifier is not specified')
  }
  const record = requireChat(server, params, 'write')
  const message = findMessage(record, intParam(params, 'message_id'))
  if (!message) throw badRequest('message to edit not found')
  if (message.from?.id !== server.bot.id) throw badRequest("Message can't be edited")
  return { record, message }
}

type Content = Pick<Partial<Message>, 'text' | 'entities' | 'link_preview_options' | 'reply_markup'>

function change(server: TelegramServer, record: ChatRecord, message: Message, content: Content): Message {
  const { text, entities, reply_markup } = message
  const before = JSON.stringify([text, entities ?? [], reply_markup ?? null])
  const after = JSON.stringify([content.text, content.entities ?? [], content.reply_markup ?? null])
  if (before === after) throw badRequest(SAME_CONTENT)
  server.limits.take('edit', record.chat.id, server.nowMs())
  const kept = { ...message }
  for (const name of ['text', 'entities', 'link_preview_options', 'reply_markup'] as const) delete kept[name]
  const said =
    JSON.stringify([text, entities ?? []]) !== JSON.stringify([content.text, content.entities ?? []])
  // Telegram marks a message as edited for its words, not for its buttons.
  const editDate = said ? { edit_date: Math.floor(server.nowMs() / 1000) } : {}
  const changed = { ...kept, ...content, ...editDate } as Message
  record.messages = record.messages.map((other) => (other === message ? changed : other))
  server.save()
  server.emit({ type: 'edited', chatId: record.chat.id, message: changed })
  return changed
}

function deleteMessage(server: TelegramServer, params: Params): true {
  const messageId = intParam(params, 'message_id')
  if (messageId === 0) throw badRequest('Message identifier is not specified')
  const record = requireChat(server, params, 'write')
  const message = findMessage(record, messageId)
  if (!message) throw badRequest('message to delete not found')
  const mine = message.from?.id === server.bot.id
  const allowed = mine || record.chat.type === 'private' || record.botStatus === 'administrator'
  const tooOld = server.nowMs() / 1000 - message.date > DELETE_WITHIN_S
  if (!allowed || tooOld) throw badRequest("message can't be deleted")
  record.messages = record.messages.filter((other) => other !== message)
  server.save()
  server.emit({ type: 'deleted', chatId: record.chat.id, messageId })
  return true
}

function setMessageReaction(server: TelegramServer, params: Params): true {
  const record = requireChat(server, params, 'write')
  const reaction = jsonParam(params, 'reaction', 'reaction types') ?? []
  if (!Array.isArray(reaction)) throw badRequest('Expected an Array of ReactionType')
  if (reaction.some((item) => !isRecord(item) || typeof item.type !== 'string')) {
    throw badRequest('Can\'t parse ReactionType: Can\'t find field "type"')
  }
  if (!findMessage(record, intParam(params, 'message_id'))) throw badRequest('message to react not found')
  return true
}
