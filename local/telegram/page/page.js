// @ts-check
import { renderChatList, renderPeople } from './chat-list.js'
import { refresh, renderComposer, sendText, setContext, setText, startComposer } from './composer.js'
import * as conversation from './conversation.js'
import { ask, toast } from './dialog.js'
import { $ } from './dom.js'
import { closeMiniApp, openMiniApp, startMiniApp, tellTheme } from './mini-app.js'
import { act, chatOf, currentChat, loadState, store } from './store.js'
import { language, word, writeWords } from './words.js'

const RECONNECT_MS = 1000
/** @type {EventSource | undefined} */
let events

function renderAll() {
  writeWords()
  renderChatList(openChat)
  renderPeople(choosePerson)
  conversation.renderConversation()
  renderComposer()
}

/**
 * @param {number} chatId
 * @param {number} threadId
 */
function openChat(chatId, threadId) {
  store.chatId = chatId
  store.threadId = threadId
  document.body.dataset.view = 'chat'
  setContext(undefined)
  rememberInAddress()
  conversation.renderConversation()
  renderChatList(openChat)
  renderComposer()
  $('composer').focus()
}

/** @param {number} personId */
async function choosePerson(personId) {
  const inGroup = store.chatId < 0
  store.personId = personId
  store.unread.clear()
  if (!inGroup) store.chatId = 0
  store.threadId = inGroup ? store.threadId : 0
  closeMiniApp()
  await connect()
  rememberInAddress()
}

function rememberInAddress() {
  const query = new URLSearchParams(location.search)
  query.set('person', String(store.personId))
  query.set('chat', String(store.chatId))
  query.set('thread', String(store.threadId))
  query.set('lang', language())
  history.replaceState(null, '', `?${query}`)
}

/** Reads the state and listens; begins again by itself when the server was away. */
async function connect() {
  events?.close()
  const source = new EventSource(`/page/events?person=${store.personId}`)
  events = source
  source.onmessage = ({ data }) => void onEvent(JSON.parse(data))
  source.onerror = () => {
    if (events !== source) return
    const line = $('reconnecting')
    line.textContent = word('reconnecting')
    line.hidden = false
    source.close()
    window.setTimeout(() => {
      if (events === source) void connect()
    }, RECONNECT_MS)
  }
}

/** @param {any} event one of the server's events (see ServerEvent), or "hello" when the connection is new */
async function onEvent(event) {
  switch (event.type) {
    case 'hello':
    case 'profile':
    case 'chats':
      await loadState()
      $('reconnecting').hidden = true
      return renderAll()
    case 'message': {
      const wasNew = currentChat()?.botStatus === 'new'
      const chat = chatOf(event.chatId)
      if (chat?.botStatus === 'new') chat.botStatus = 'member'
      conversation.addMessage(event.message)
      renderChatList(openChat)
      return wasNew ? renderComposer() : refresh()
    }
    case 'edited':
      conversation.changeMessage(event.message)
      return renderChatList(openChat)
    case 'deleted':
      return conversation.removeMessage(event.chatId, event.messageId)
    case 'draft':
      return conversation.putDraft(event.draft)
    case 'draft-gone':
      conversation.dropDraft(event.chatId, event.draft.threadId)
      return conversation.renderLiveDraft()
    case 'action':
      return event.chatId === store.chatId ? conversation.showTyping(event.action) : undefined
    case 'callback-answer':
      return onCallbackAnswer(event)
    case 'checkout-failed':
      for (const button of document.querySelectorAll('.waiting')) button.classList.remove('waiting')
      return void ask({ text: checkoutError(event.error), buttons: [{ id: 'ok', text: word('ok') }] })
  }
}

/** @param {{text: string, isAlert: boolean, url: string}} answer */
function onCallbackAnswer(answer) {
  for (const button of document.querySelectorAll('.waiting')) button.classList.remove('waiting')
  if (answer.url) followLink(answer.url, () => window.open(answer.url, '_blank', 'noopener'))
  if (!answer.text) return
  if (answer.isAlert) void ask({ text: answer.text, buttons: [{ id: 'ok', text: word('ok') }] })
  else toast(answer.text)
}

/** @param {string} error the bot's sentence, or a code of Telegram's */
function checkoutError(error) {
  if (error === 'BOT_PRECHECKOUT_TIMEOUT') return word('checkoutSilent')
  return error === 'BALANCE_TOO_LOW' ? word('starsShort') : error
}

/**
 * Asks before Stars move, as Telegram does.
 * @param {Element} button
 * @param {Element} article
 */
async function payInvoice(button, article) {
  const messageId = Number(article.getAttribute('data-message-id'))
  const invoice = currentChat()?.messages.find(({ message_id }) => message_id === messageId)?.invoice
  if (!invoice) return
  const n = String(invoice.total_amount)
  const { id } = await ask({
    text: word('payAsk', { n, title: invoice.title, left: String(store.state.stars) }),
    buttons: [
      { id: 'pay', text: word('pay') },
      { id: '', text: word('cancel') },
    ],
  })
  if (id !== 'pay') return
  button.classList.add('waiting')
  const { ok } = await act('pay', { messageId })
  if (!ok) button.classList.remove('waiting')
}

/** @param {MouseEvent} event */
function onLogClick(event) {
  const target = /** @type {Element} */ (event.target)
  const article = target.closest('.message')
  const tool = target.closest('[data-tool]')?.getAttribute('data-tool')
  if (tool && article) return applyTool(tool, article)
  const command = target.closest('[data-command]')?.getAttribute('data-command')
  if (command) return void sendText(command)
  const copy = target.closest('[data-copy]')?.getAttribute('data-copy')
  if (copy) return void copyText(copy)
  const webApp = target.closest('[data-web-app]')?.getAttribute('data-web-app')
  if (webApp) return void openMiniApp(webApp)
  const insert = target.closest('[data-insert]')?.getAttribute('data-insert')
  if (insert !== null && insert !== undefined) return setText(`@${store.state.bot.username} ${insert}`)
  const payButton = target.closest('[data-pay]')
  if (payButton && article) return void payInvoice(payButton, article)
  const callback = target.closest('[data-callback]')
  if (callback && article) return pressButton(callback, article)
  const link = target.closest('a[href]')?.getAttribute('href')
  if (link) return followLink(link, () => undefined, event)
  const body = target.closest('.body')
  for (const picked of document.querySelectorAll('.picked'))
    if (picked !== body) picked.classList.remove('picked')
  body?.classList.toggle('picked')
}

/**
 * @param {Element} button
 * @param {Element} article
 */
function pressButton(button, article) {
  button.classList.add('waiting')
  const messageId = Number(article.getAttribute('data-message-id'))
  void act('press', { messageId, data: button.getAttribute('data-callback') })
}

/**
 * A link to this bot stays on the page, as in Telegram: ?start= writes, ?startapp= opens the Mini App.
 * @param {string} href
 * @param {() => void} otherwise
 * @param {Event} [event]
 */
function followLink(href, otherwise, event) {
  const url = new URL(href, location.href)
  const isOurs = url.hostname === 't.me' && url.pathname.split('/')[1] === store.state.bot.username
  if (!isOurs) return otherwise()
  event?.preventDefault()
  const start = url.searchParams.get('start')
  const startApp = url.searchParams.get('startapp')
  const app = currentChat()?.menuButton?.web_app?.url
  if (start !== null) void sendText(`/start ${start}`.trim())
  else if (app) void openMiniApp(app, startApp ?? undefined)
}

/**
 * @param {string} tool
 * @param {Element} article
 */
function applyTool(tool, article) {
  const id = Number(article.getAttribute('data-message-id'))
  const message = currentChat()?.messages.find(({ message_id }) => message_id === id)
  if (!message) return
  for (const picked of document.querySelectorAll('.picked')) picked.classList.remove('picked')
  if (tool === 'copy') return void copyText(message.text ?? message.caption ?? '')
  setContext({ kind: tool === 'edit' ? 'edit' : 'reply', message })
}

/** @param {string} text */
async function copyText(text) {
  await navigator.clipboard.writeText(text)
  toast(word('copied'))
}

/** @param {string} lang */
function setPageLanguage(lang) {
  document.documentElement.lang = lang
  document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr'
  localStorage.setItem('lang', lang)
  void act('language', { languageCode: lang })
  rememberInAddress()
  renderAll()
}

function toggleTheme() {
  const root = document.documentElement
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = isDark ? 'light' : 'dark'
  localStorage.setItem('theme', root.dataset.theme)
  tellTheme()
}

async function start() {
  const languages = /** @type {HTMLSelectElement} */ ($('language'))
  languages.value = language()
  languages.addEventListener('change', () => setPageLanguage(languages.value))
  $('theme').addEventListener('click', toggleTheme)
  $('open-list').addEventListener('click', () => {
    document.body.dataset.view = 'list'
  })
  $('close-list').addEventListener('click', () => {
    document.body.dataset.view = 'chat'
  })
  $('scroll').addEventListener('click', onLogClick)
  conversation.startFollowing()
  $('jump').addEventListener('click', conversation.scrollToEnd)
  startComposer()
  startMiniApp()
  writeWords()
  await act('language', { languageCode: language() })
  await connect()
}

void start()
