import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types'
import { badRequest } from './bot-api-error.ts'
import { checkedUrl } from './entities/link-entity.ts'
import { isRecord, jsonParam, type Params } from './params.ts'
import type { ChatRecord } from './telegram-state.ts'

const CALLBACK_DATA_BYTES_MAX = 64
const BUTTONS_MAX = 100
const ROW_MAX = 8

/** Reads `reply_markup`. Reply keyboards are checked for shape and dropped: the page shows inline keyboards only. */
export function readReplyMarkup(params: Params, record: ChatRecord): InlineKeyboardMarkup | undefined {
  const value = jsonParam(params, 'reply_markup', 'reply keyboard markup')
  if (value === undefined) return undefined
  if (!isRecord(value)) throw badRequest('Object expected as reply markup')
  const rows = value.inline_keyboard
  if (rows === undefined) return undefined
  if (!Array.isArray(rows) || rows.some((row) => !Array.isArray(row))) {
    throw badRequest('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
  }
  const keyboard = (rows as unknown[][]).map((row) => row.map((button) => readButton(button, record)))
  const filled = keyboard.filter((row) => row.length > 0)
  if (filled.flat().length > BUTTONS_MAX || filled.some((row) => row.length > ROW_MAX)) {
    throw badRequest('reply markup is too long')
  }
  return filled.length > 0 ? { inline_keyboard: filled } : undefined
}

function readButton(button: unknown, record: ChatRecord): InlineKeyboardButton {
  const where = "Can't parse inline keyboard button"
  if (!isRecord(button)) throw badRequest(`${where}: InlineKeyboardButton must be an Object`)
  if (button.text === undefined) throw badRequest(`${where}: Can't find field "text"`)
  if (typeof button.text !== 'string') throw badRequest(`${where}: Field "text" must be of type String`)
  const text = button.text
  const kind = readKind(button, where, record)
  if (!text.trim()) throw badRequest('Inline keyboard button text must be non-empty')
  const style = readStyle(button.style)
  return { text, ...kind, ...(style ? { style } : {}) }
}

type ButtonKind =
  | { url: string }
  | { callback_data: string }
  | { web_app: { url: string } }
  | { copy_text: { text: string } }
  | { switch_inline_query: string }
  | { switch_inline_query_current_chat: string }

function readKind(button: Record<string, unknown>, where: string, record: ChatRecord): ButtonKind {
  if (typeof button.url === 'string' && button.url) {
    const url = checkedUrl(button.url)
    if (!url) throw badRequest(`Inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`)
    return { url }
  }
  if (typeof button.callback_data === 'string' && button.callback_data) {
    if (Buffer.byteLength(button.callback_data) > CALLBACK_DATA_BYTES_MAX)
      throw badRequest('BUTTON_DATA_INVALID')
    return { callback_data: button.callback_data }
  }
  if (isRecord(button.web_app)) {
    const { url } = button.web_app
    if (typeof url !== 'string') throw badRequest(`${where}: Can't find field "url"`)
    if (record.chat.type !== 'private') throw badRequest('BUTTON_TYPE_INVALID')
    return { web_app: { url: checkedWebAppUrl(url, 'Inline keyboard button Web App') } }
  }
  if (isRecord(button.copy_text)) {
    const { text } = button.copy_text
    if (typeof text !== 'string') throw badRequest(`${where}: Can't find field "text"`)
    if (text.length === 0 || text.length > 256) throw badRequest('BUTTON_COPY_TEXT_INVALID')
    return { copy_text: { text } }
  }
  if (typeof button.switch_inline_query === 'string') {
    return { switch_inline_query: button.switch_inline_query }
  }
  if (typeof button.switch_inline_query_current_chat === 'string') {
    return { switch_inline_query_current_chat: button.switch_inline_query_current_chat }
  }
  throw badRequest(`${where}: Text buttons are unallowed in the inline keyboard`)
}

function readStyle(style: unknown): 'danger' | 'success' | 'primary' | undefined {
  if (style === undefined || style === '') return undefined
  if (style === 'danger' || style === 'success' || style === 'primary') return style
  throw badRequest("Can't parse inline keyboard button: invalid button style specified")
}

/** Only HTTPS opens as a Mini App; this machine's own addresses may be plain HTTP, as in Telegram's test servers. */
export function checkedWebAppUrl(target: string, what: string): string {
  const url = checkedUrl(target)
  if (!url) throw badRequest(`${what} URL '${target}' is invalid: Wrong HTTP URL`)
  if (!isSecureOrLocal(url)) {
    throw badRequest(`${what} URL '${target}' is invalid: Only HTTPS links are allowed`)
  }
  return url
}

export function isSecureOrLocal(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}
