import type { Message } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { CAPTION_MAX, type FormattedText, readFormattedText, TEXT_MAX } from '../entities/formatted-text.ts'
import { boolParam, intParam, isRecord, jsonParam, type Params, textParam } from '../params.ts'
import { readReplyMarkup } from '../reply-markup.ts'
import {
  asReplyTarget,
  findMessage,
  requireChat,
  storeMessage,
  type TelegramServer,
} from '../telegram-server.ts'
import type { ChatRecord } from '../telegram-state.ts'
import type { MethodTable } from './method.ts'

export const sendMethods: MethodTable = {
  sendmessage: sendMessage,
  sendmessagedraft: sendMessageDraft,
  sendphoto: (server, params) => sendMedia(server, params, 'photo'),
  senddocument: (server, params) => sendMedia(server, params, 'document'),
  sendchataction: sendChatAction,
}

const ACTIONS = new Set(
  `typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker
  find_location record_video_note upload_video_note`.split(/\s+/),
)

function sendMessage(server: TelegramServer, params: Params): Message {
  const formatted = readMessageText(params)
  const preview = readLinkPreview(params)
  const record = requireChat(server, params, 'write')
  const placed = readPlace(params, record)
  const markup = readReplyMarkup(params, record)
  server.limits.take('message', record.chat.id, server.nowMs())
  return post(server, record, {
    ...placed,
    ...textParts(formatted),
    ...(markup ? { reply_markup: markup } : {}),
    ...(preview ? { link_preview_options: preview } : {}),
  })
}

/** Reads the text of a message or an edit: 1 to 4096 UTF-16 units after parsing. */
export function readMessageText(params: Params): FormattedText {
  if (!textParam(params, 'text')) throw badRequest('Message text is empty')
  const formatted = readFormattedText(params, { text: 'text', entities: 'entities' })
  if (!formatted.text) throw badRequest('Text must be non-empty')
  if (formatted.text.length > TEXT_MAX) throw badRequest('Message is too long')
  return formatted
}

export function textParts({ text, entities }: FormattedText): Pick<Message, 'text' | 'entities'> {
  return { text, ...(entities.length > 0 ? { entities } : {}) }
}

export function readLinkPreview(params: Params): Message['link_preview_options'] {
  const value = jsonParam(params, 'link_preview_options', 'link preview options')
  if (value === undefined)
    return boolParam(params, 'disable_web_page_preview') ? { is_disabled: true } : undefined
  if (!isRecord(value)) throw badRequest('Object expected as link preview options')
  return Object.keys(value).length > 0 ? (value as Message['link_preview_options']) : undefined
}

/** A private chat's draft: never stored, gone after a while or when a message comes. */
function sendMessageDraft(server: TelegramServer, params: Params): true {
  const formatted = readFormattedText(params, { text: 'text', entities: 'entities' })
  const record = requireChat(server, params, 'write')
  const chatId = record.chat.id
  if (record.chat.type !== 'private') throw badRequest('TEXTDRAFT_PEER_INVALID')
  const draftId = intParam(params, 'draft_id')
  if (draftId === 0) throw badRequest('RANDOM_ID_INVALID')
  if (formatted.text.length > TEXT_MAX) throw badRequest('Message is too long')
  const threadId = readThread(params, record)
  server.limits.take('draft', chatId, server.nowMs())
  const draft = {
    chatId,
    draftId,
    threadId,
    text: formatted.text,
    entities: formatted.entities,
    canStop: boolParam(params, 'can_stop'),
    keepOnStop: boolParam(params, 'keep_on_stop'),
    atMs: server.nowMs(),
  }
  server.drafts.put(draft)
  server.emit({ type: 'draft', chatId, draft })
  return true
}

function sendMedia(server: TelegramServer, params: Params, kind: 'photo' | 'document'): Message {
  const caption = readFormattedText(params, { text: 'caption', entities: 'caption_entities' })
  if (caption.text.length > CAPTION_MAX) throw badRequest('Message caption is too long')
  const source = params[kind]
  if (source === undefined || source === '') throw badRequest(`There is no ${kind} in the request`)
  const record = requireChat(server, params, 'write')
  const placed = readPlace(params, record)
  const markup = readReplyMarkup(params, record)
  server.limits.take('message', record.chat.id, server.nowMs())
  const name = source instanceof File ? source.name : `${kind}.bin`
  const size = source instanceof File ? source.size : 0
  const file = {
    file_id: `sent-${kind}-${server.nowMs()}`,
    file_unique_id: `${kind}-${server.nowMs()}`,
    file_size: size,
  }
  return post(server, record, {
    ...placed,
    ...(kind === 'photo'
      ? { photo: [{ ...file, width: 320, height: 240 }] }
      : { document: { ...file, file_name: name } }),
    ...(caption.text ? { caption: caption.text, caption_entities: caption.entities } : {}),
    ...(markup ? { reply_markup: markup } : {}),
  })
}

function sendChatAction(server: TelegramServer, params: Params): true {
  const action = textParam(params, 'action')
  if (!ACTIONS.has(action)) throw badRequest('Wrong parameter action in request')
  const record = requireChat(server, params, 'write')
  const threadId = readThread(params, record)
  const chatId = record.chat.id
  server.limits.take('action', chatId, server.nowMs())
  server.emit({ type: 'action', chatId, threadId, action })
  return true
}

/** Stores a message of the bot. It takes the place of the draft in its thread. */
export function post(
  server: TelegramServer,
  record: ChatRecord,
  parts: Parameters<typeof storeMessage>[3],
): Message {
  const message = storeMessage(server, record, server.bot, parts)
  server.drafts.remove(record.chat.id, message.message_thread_id)
  return message
}

type Place = Pick<Message, 'message_thread_id' | 'is_topic_message' | 'reply_to_message'>

export function readPlace(params: Params, record: ChatRecord): Place {
  const threadId = readThread(params, record)
  const target = readReplyTarget(params, record)
  return {
    ...(threadId ? { message_thread_id: threadId, is_topic_message: true } : {}),
    ...(target ? { reply_to_message: asReplyTarget(target) } : {}),
  }
}

/** A private chat and a forum have topics; in any other group the parameter means nothing. */
function readThread(params: Params, record: ChatRecord): number | undefined {
  const threadId = intParam(params, 'message_thread_id')
  if (threadId === 0) return undefined
  const { chat } = record
  if (chat.type === 'supergroup' && !chat.is_forum) return undefined
  if (!record.topics.some(({ id }) => id === threadId)) throw badRequest('message thread not found')
  return threadId
}

function readReplyTarget(params: Params, record: ChatRecord): Message | undefined {
  const value = jsonParam(params, 'reply_parameters', 'reply parameters')
  if (value !== undefined && !isRecord(value)) throw badRequest('Object expected as reply parameters')
  const source: Params = value ?? {
    message_id: params.reply_to_message_id,
    allow_sending_without_reply: params.allow_sending_without_reply,
  }
  if (value && Object.keys(value).length > 0 && value.message_id === undefined) {
    throw badRequest('Can\'t find field "message_id"')
  }
  const messageId = intParam(source, 'message_id')
  if (messageId <= 0) return undefined
  const target = findMessage(record, messageId)
  if (!target && !boolParam(source, 'allow_sending_without_reply')) {
    throw badRequest('message to be replied not found')
  }
  return target
}
