// @ts-check

import { toast } from './dialog.js'
import { word } from './words.js'

/**
 * @typedef {{id: number, is_bot?: boolean, first_name: string, username?: string, description?: string}} User
 * @typedef {{id: number, type: string, title?: string, first_name?: string, is_forum?: boolean}} Chat
 * @typedef {import('./render-text.js').Entity} Entity
 * @typedef {{text: string, url?: string, callback_data?: string, style?: string, web_app?: {url: string}, pay?: boolean, copy_text?: {text: string}, switch_inline_query_current_chat?: string}} Button
 * @typedef {{message_id: number, message_thread_id?: number, from?: User, chat: Chat, date: number, edit_date?: number,
 *   text?: string, caption?: string, entities?: Entity[], caption_entities?: Entity[], reply_to_message?: Message,
 *   reply_markup?: {inline_keyboard: Button[][]}, forum_topic_created?: {name: string}, web_app_data?: {data: string},
 *   photo?: unknown[], voice?: unknown, document?: {file_name?: string}, sticker?: {emoji?: string},
 *   location?: {latitude: number, longitude: number}, invoice?: {title: string, description: string, total_amount: number},
 *   successful_payment?: {total_amount: number}, refunded_payment?: {total_amount: number}}} Message
 * @typedef {{chatId: number, draftId: number, threadId?: number, text: string, entities: Entity[], canStop: boolean}} Draft
 * @typedef {{chat: Chat, botStatus: string, topics: {id: number, name: string}[], messages: Message[], drafts: Draft[],
 *   commands: {command: string, description: string}[], menuButton?: {type: string, text?: string, web_app?: {url: string}},
 *   members: User[]}} PageChat
 * @typedef {{bot: User, me: User, stars: number, people: User[], chats: PageChat[]}} PageState
 */

/** What the page shows now. `threadId` 0 is what was said outside of any topic. */
export const store = {
  /** @type {PageState} */
  state: { bot: { id: 0, first_name: '' }, me: { id: 0, first_name: '' }, stars: 0, people: [], chats: [] },
  personId: Number(new URLSearchParams(location.search).get('person') ?? 1001),
  chatId: Number(new URLSearchParams(location.search).get('chat') ?? 0),
  threadId: Number(new URLSearchParams(location.search).get('thread') ?? 0),
  /** @type {Map<string, number>} messages that came while another conversation was open */
  unread: new Map(),
}

export function currentChat() {
  return store.state.chats.find(({ chat }) => chat.id === store.chatId) ?? store.state.chats[0]
}

/** @param {number} chatId */
export function chatOf(chatId) {
  return store.state.chats.find(({ chat }) => chat.id === chatId)
}

/** @param {{message_thread_id?: number, threadId?: number, chatId?: number, chat?: Chat}} item */
export function isHere(item) {
  const chatId = item.chatId ?? item.chat?.id
  const threadId = item.threadId ?? item.message_thread_id ?? 0
  return chatId === store.chatId && (hasTopics() ? threadId === store.threadId : true)
}

export function hasTopics() {
  return (currentChat()?.topics.length ?? 0) > 0
}

/**
 * @param {number} chatId
 * @param {number} threadId
 */
export function placeKey(chatId, threadId) {
  return `${chatId}/${threadId}`
}

/** @param {Chat} chat */
export function chatTitle(chat) {
  return chat.type === 'private' ? store.state.bot.first_name : (chat.title ?? '')
}

/** @param {User | undefined} user */
export function personName(user) {
  if (user?.id === 1001) return word('you')
  if (user?.id === 1002) return word('friend')
  return user?.first_name ?? ''
}

/** Reads all that is shown; the server decides, the page remembers nothing. */
export async function loadState() {
  const response = await fetch(`/page/state?person=${store.personId}`)
  if (!response.ok) throw new Error(`state ${response.status}`)
  store.state = /** @type {PageState} */ (await response.json())
  if (!chatOf(store.chatId)) {
    store.chatId = store.state.chats[0]?.chat.id ?? 0
    store.threadId = 0
  }
}

/**
 * Does something as the person. Says so in a toast when it was refused or the server is away.
 * @param {string} action
 * @param {Record<string, unknown>} body
 * @returns {Promise<{ok: boolean, result?: any}>}
 */
export async function act(action, body = {}) {
  try {
    const response = await fetch(`/page/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person: store.personId, chat: store.chatId, ...body }),
    })
    const answer = await response.json()
    if (!answer.ok) toast(word('notSent', { reason: answer.reason }))
    return answer
  } catch {
    toast(word('reconnecting')) // the server is away; the text stays in the field
    return { ok: false }
  }
}
