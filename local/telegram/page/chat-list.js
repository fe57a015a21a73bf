// @ts-check
import { ask } from './dialog.js'
import { $, h, icon } from './dom.js'
import { act, chatTitle, loadState, personName, placeKey, store } from './store.js'
import { word } from './words.js'

/** @typedef {import('./store.js').PageChat} PageChat */

/** @param {(chatId: number, threadId: number) => void} open */
export function renderChatList(open) {
  const items = store.state.chats.flatMap((chat) => [
    chatItem(chat, open),
    ...chat.topics.map((topic) => topicItem(chat, topic, open)),
    ...(chat.chat.type === 'private' || chat.chat.is_forum ? [newTopic(chat, open)] : []),
  ])
  $('chats').replaceChildren(...items)
}

/**
 * @param {PageChat} chat
 * @param {(chatId: number, threadId: number) => void} open
 */
function chatItem(chat, open) {
  const last = chat.messages.findLast((message) => !message.message_thread_id || chat.topics.length === 0)
  const isPrivate = chat.chat.type === 'private'
  return h(
    'button',
    properties(chat.chat.id, 0, 'chat', open),
    h('span', { class: 'avatar' }, icon(isPrivate ? 'mark' : 'group')),
    h(
      'span',
      { class: 'chat-words' },
      h('b', {}, h('bdi', {}, chatTitle(chat.chat))),
      h(
        'span',
        { class: 'hint', dir: 'auto' },
        last?.text ?? (isPrivate ? word('bot') : word('members', { n: String(chat.members.length + 1) })),
      ),
    ),
    unread(chat.chat.id, 0),
  )
}

/**
 * @param {PageChat} chat
 * @param {{id: number, name: string}} topic
 * @param {(chatId: number, threadId: number) => void} open
 */
function topicItem(chat, topic, open) {
  return h(
    'button',
    properties(chat.chat.id, topic.id, 'chat topic', open),
    h('span', { class: 'chat-words' }, h('b', {}, h('bdi', {}, topic.name))),
    unread(chat.chat.id, topic.id),
  )
}

/**
 * @param {number} chatId
 * @param {number} threadId
 * @param {string} className
 * @param {(chatId: number, threadId: number) => void} open
 */
function properties(chatId, threadId, className, open) {
  const isCurrent = chatId === store.chatId && threadId === store.threadId
  return {
    type: 'button',
    class: className,
    'data-testid': 'chat',
    'data-chat-id': chatId,
    'data-thread-id': threadId,
    'aria-current': isCurrent ? 'true' : undefined,
    onclick: () => open(chatId, threadId),
  }
}

/**
 * @param {PageChat} chat
 * @param {(chatId: number, threadId: number) => void} open
 */
function newTopic(chat, open) {
  const create = async () => {
    const buttons = [
      { id: 'create', text: word('create') },
      { id: '', text: word('cancel') },
    ]
    const { id, input } = await ask({ text: word('topicName'), input: true, buttons })
    if (id !== 'create' || !input) return
    const answer = await act('topic', { chat: chat.chat.id, name: input })
    if (!answer.ok) return
    await loadState()
    open(chat.chat.id, Number(answer.result))
  }
  return h(
    'button',
    { type: 'button', class: 'chat topic new', 'data-testid': 'new-topic', onclick: create },
    icon('plus'),
    h('span', {}, word('newTopic')),
  )
}

/**
 * @param {number} chatId
 * @param {number} threadId
 */
function unread(chatId, threadId) {
  const count = store.unread.get(placeKey(chatId, threadId))
  return count ? h('span', { class: 'unread' }, String(count)) : undefined
}

/** @param {(personId: number) => void} choose */
export function renderPeople(choose) {
  const buttons = store.state.people.map((person) =>
    h(
      'button',
      {
        type: 'button',
        'data-testid': 'person',
        'data-person-id': person.id,
        'aria-pressed': String(person.id === store.personId),
        onclick: () => choose(person.id),
      },
      personName(person),
    ),
  )
  $('people').replaceChildren(...buttons)
}
