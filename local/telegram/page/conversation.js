// @ts-check
import { $, h, icon } from './dom.js'
import { renderDraft, renderMessage } from './render-message.js'
import { chatOf, chatTitle, currentChat, hasTopics, isHere, placeKey, store } from './store.js'
import { word } from './words.js'

/**
 * @typedef {import('./store.js').Message} Message
 * @typedef {import('./store.js').Draft} Draft
 */

const TYPING_MS = 5000
const BOTTOM_SLACK_PX = 48
let typingTimer = 0
let follows = true // whether the newest message is in sight, and so stays in sight

/** Shows the conversation chosen, from its stored messages and its live draft. */
export function renderConversation() {
  const chat = currentChat()
  if (!chat) return
  const messages = chat.messages.filter(isHere)
  $('log').replaceChildren(...(messages.length > 0 ? messages.map(renderMessage) : [emptyState()]))
  renderLiveDraft()
  renderHeader()
  store.unread.delete(placeKey(store.chatId, store.threadId))
  scrollToEnd()
}

export function renderHeader() {
  const chat = currentChat()
  if (!chat) return
  const topic = chat.topics.find(({ id }) => id === store.threadId)
  const isPrivate = chat.chat.type === 'private'
  const title = topic?.name ?? chatTitle(chat.chat)
  $('chat-title').replaceChildren(h('bdi', {}, title))
  $('chat-subtitle').textContent = isPrivate
    ? topic
      ? chatTitle(chat.chat)
      : word('bot')
    : word('members', { n: String(chat.members.length + 1) })
  $('chat-avatar').replaceChildren(icon(isPrivate ? 'mark' : 'group'))
  document.title = title
}

function emptyState() {
  const chat = currentChat()
  const isPrivate = chat?.chat.type === 'private'
  const hint = store.threadId ? word('emptyTopic') : isPrivate ? word('emptyPrivate') : word('emptyGroup')
  const description = isPrivate && !store.threadId ? store.state.bot.description : undefined
  return h(
    'div',
    { class: 'empty', 'data-testid': 'empty' },
    icon(isPrivate ? 'mark' : 'group'),
    h('h2', {}, isPrivate && !store.threadId ? store.state.bot.first_name : word('emptyTitle')),
    description ? h('p', { dir: 'auto' }, description) : undefined,
    h('p', { class: 'hint' }, hint),
  )
}

/** @param {Message} message */
export function addMessage(message) {
  const chat = chatOf(message.chat.id)
  if (!chat || chat.messages.some(({ message_id }) => message_id === message.message_id)) return
  chat.messages.push(message)
  if (message.from?.is_bot) dropDraft(message.chat.id, message.message_thread_id)
  if (!isHere(message)) {
    const key = placeKey(message.chat.id, message.message_thread_id ?? 0)
    store.unread.set(key, (store.unread.get(key) ?? 0) + 1)
    return
  }
  const mine = message.from?.id === store.personId
  const follow = mine || isAtEnd()
  const draft = message.from?.is_bot ? $('live').firstElementChild : null
  const rendered = renderMessage(message)
  if (!draft) rendered.classList.add('fresh')
  $('log').querySelector('.empty')?.remove()
  $('log').append(rendered)
  renderLiveDraft()
  showTyping('')
  if (follow) scrollToEnd()
  else $('jump').hidden = false
}

/** @param {Message} message */
export function changeMessage(message) {
  const chat = chatOf(message.chat.id)
  if (!chat) return
  chat.messages = chat.messages.map((old) => (old.message_id === message.message_id ? message : old))
  if (!isHere(message)) return
  const follow = isAtEnd()
  $('log').querySelector(`[data-message-id="${message.message_id}"]`)?.replaceWith(renderMessage(message))
  if (follow) scrollToEnd()
}

/**
 * @param {number} chatId
 * @param {number} messageId
 */
export function removeMessage(chatId, messageId) {
  const chat = chatOf(chatId)
  if (!chat) return
  chat.messages = chat.messages.filter(({ message_id }) => message_id !== messageId)
  if (chatId === store.chatId) $('log').querySelector(`[data-message-id="${messageId}"]`)?.remove()
}

/** @param {Draft} draft */
export function putDraft(draft) {
  const chat = chatOf(draft.chatId)
  if (!chat) return
  dropDraft(draft.chatId, draft.threadId)
  chat.drafts.push(draft)
  if (isHere(draft)) renderLiveDraft()
}

/**
 * @param {number} chatId
 * @param {number | undefined} threadId
 */
export function dropDraft(chatId, threadId) {
  const chat = chatOf(chatId)
  if (chat) chat.drafts = chat.drafts.filter((draft) => (draft.threadId ?? 0) !== (threadId ?? 0))
}

export function liveDraft() {
  return currentChat()?.drafts.find(isHere)
}

/** Shows the draft of this conversation; its Stop takes the place of Send while the field is empty. */
export function renderLiveDraft() {
  const draft = liveDraft()
  const follow = isAtEnd()
  const live = $('live')
  live.replaceChildren(...(draft ? [renderDraft(draft)] : []))
  live.hidden = !draft
  if (draft) $('log').querySelector('.empty')?.remove()
  document.dispatchEvent(new CustomEvent('draft-shown'))
  if (follow) scrollToEnd()
}

/** @param {string} action an empty one ends it */
export function showTyping(action) {
  clearTimeout(typingTimer)
  if (!action) return renderHeader()
  $('chat-subtitle').textContent = word('typing')
  typingTimer = window.setTimeout(renderHeader, TYPING_MS)
}

export function isAtEnd() {
  const { scrollHeight, scrollTop, clientHeight } = $('scroll')
  return scrollHeight - scrollTop - clientHeight < BOTTOM_SLACK_PX
}

/** Keeps the newest message in sight when the room changes: a keyboard opens, the Mini App's panel appears. */
export function startFollowing() {
  const scroll = $('scroll')
  scroll.addEventListener('scroll', () => {
    follows = isAtEnd()
    if (follows) $('jump').hidden = true
  })
  new ResizeObserver(() => {
    if (follows) scrollToEnd()
  }).observe(scroll)
}

export function scrollToEnd() {
  const scroll = $('scroll')
  scroll.scrollTop = scroll.scrollHeight
  $('jump').hidden = true
}

/** Where what is written now goes: the topic open, if the chat has topics. */
export function threadOfWriting() {
  return hasTopics() && store.threadId ? { threadId: store.threadId } : {}
}
