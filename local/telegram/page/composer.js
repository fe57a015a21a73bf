// @ts-check
import { liveDraft, threadOfWriting } from './conversation.js'
import { $, h, icon } from './dom.js'
import { openMiniApp } from './mini-app.js'
import { act, currentChat, isHere, personName, store } from './store.js'
import { word } from './words.js'

/** @typedef {import('./store.js').Message} Message */

const field = /** @type {HTMLTextAreaElement} */ ($('composer'))
const MEDIA = /** @type {const} */ (['photo', 'voice', 'document', 'sticker', 'location'])

/** @type {{kind: 'reply' | 'edit', message: Message} | undefined} what the text written now is about */
let context
let chosen = 0

/** Fits the composer to the chat that is open. */
export function renderComposer() {
  const chat = currentChat()
  const isNew = chat?.botStatus === 'new' && chat.messages.filter(isHere).length === 0
  $('form').hidden = isNew
  $('start').hidden = !isNew
  field.placeholder = word('message')
  field.setAttribute('aria-label', word('message'))
  renderMenuButton()
  refresh()
}

function renderMenuButton() {
  const button = $('menu-button')
  const menu = currentChat()?.menuButton
  const isApp = menu?.type === 'web_app'
  button.classList.toggle('plain', !isApp)
  button.replaceChildren(isApp ? (menu.text ?? '') : icon('commands'))
  button.setAttribute('aria-label', isApp ? (menu.text ?? word('miniApp')) : word('commands'))
  button.hidden = !isApp && (currentChat()?.commands.length ?? 0) === 0
}

/** Grows the field, chooses between Send and Stop, and filters the commands. */
export function refresh() {
  field.style.blockSize = 'auto'
  field.style.blockSize = `${field.scrollHeight}px`
  const empty = field.value.trim() === ''
  const canStop = liveDraft()?.canStop ?? false
  $('stop').hidden = !canStop
  const send = /** @type {HTMLButtonElement} */ ($('send'))
  send.hidden = canStop && empty
  send.disabled = empty
  $('attach').hidden = !empty || context?.kind === 'edit'
  renderCommands(commandsTyped())
}

function commandsTyped() {
  const typed = /^\/(\w*)$/.exec(field.value)
  if (!typed) return []
  const commands = currentChat()?.commands ?? []
  return commands.filter(({ command }) => command.startsWith((typed[1] ?? '').toLowerCase()))
}

/** @param {{command: string, description: string}[]} commands */
function renderCommands(commands) {
  chosen = Math.min(chosen, Math.max(commands.length - 1, 0))
  const list = $('commands')
  list.hidden = commands.length === 0
  field.setAttribute('aria-expanded', String(commands.length > 0))
  list.replaceChildren(
    ...commands.map(({ command, description }, index) =>
      h(
        'div',
        {
          role: 'option',
          id: `command-${index}`,
          'aria-selected': String(index === chosen),
          'data-testid': 'command-item',
          onclick: () => sendCommand(command),
        },
        h('b', { dir: 'ltr' }, `/${command}`),
        h('span', { dir: 'auto' }, description),
      ),
    ),
  )
  if (commands.length > 0) field.setAttribute('aria-activedescendant', `command-${chosen}`)
  else field.removeAttribute('aria-activedescendant')
}

/** @param {string} command */
async function sendCommand(command) {
  const inGroup = currentChat()?.chat.type !== 'private'
  const text = inGroup ? `/${command}@${store.state.bot.username}` : `/${command}`
  setText('')
  await sendText(text)
  field.focus()
}

/** @param {string} text */
export async function sendText(text) {
  return act('say', { text, ...threadOfWriting() })
}

async function submit() {
  const text = field.value.trim()
  if (!text) return
  const about = context
  const kept = field.value
  setText('')
  setContext(undefined)
  const answer =
    about?.kind === 'edit'
      ? await act('edit', { messageId: about.message.message_id, text })
      : await act('say', {
          text,
          ...threadOfWriting(),
          ...(about ? { replyTo: about.message.message_id } : {}),
        })
  if (answer.ok || field.value) return
  setText(kept) // nothing typed is ever lost
  setContext(about)
}

/** @param {string} text */
export function setText(text) {
  field.value = text
  chosen = 0
  refresh()
}

/** @param {{kind: 'reply' | 'edit', message: Message} | undefined} next */
export function setContext(next) {
  context = next
  $('context').hidden = !next
  if (!next) return refresh()
  const { kind, message } = next
  const name = message.from?.is_bot ? store.state.bot.first_name : personName(message.from)
  $('context-title').textContent = kind === 'edit' ? word('editing') : name
  $('context-body').textContent = message.text ?? message.caption ?? ''
  if (kind === 'edit') setText(message.text ?? '')
  field.focus()
}

function closeMenus() {
  $('attachments').hidden = true
  $('attach').setAttribute('aria-expanded', 'false')
}

function openAttachments() {
  const list = $('attachments')
  list.hidden = !list.hidden
  $('attach').setAttribute('aria-expanded', String(!list.hidden))
  list.replaceChildren(
    ...MEDIA.map((kind) =>
      h(
        'div',
        { role: 'menuitem', tabindex: '-1', 'data-testid': `attach-${kind}`, 'data-kind': kind },
        icon(kind),
        h('span', {}, word(kind)),
      ),
    ),
  )
  const first = list.firstElementChild
  if (!list.hidden && first instanceof HTMLElement) first.focus()
}

/** @param {Element | null} item */
async function chooseAttachment(item) {
  const kind = item?.getAttribute('data-kind')
  closeMenus()
  if (kind) await act('media', { kind, ...threadOfWriting() })
  field.focus()
}

/** @param {KeyboardEvent} event */
function onAttachmentKey(event) {
  const item = /** @type {Element} */ (event.target)
  const next = event.key === 'ArrowDown' ? item.nextElementSibling : item.previousElementSibling
  if (event.key === 'Enter' || event.key === ' ') void chooseAttachment(item)
  else if (event.key === 'Escape' || event.key === 'Tab') {
    closeMenus()
    field.focus()
  } else if (event.key.startsWith('Arrow') && next instanceof HTMLElement) next.focus()
  else return
  event.preventDefault()
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const commands = commandsTyped()
  if (event.isComposing) return
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault()
    const command = commands[chosen]
    if (command) void sendCommand(command.command)
    else void submit()
  } else if (commands.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault()
    chosen = (chosen + (event.key === 'ArrowDown' ? 1 : commands.length - 1)) % commands.length
    renderCommands(commands)
  } else if (event.key === 'ArrowUp' && field.value === '') {
    const mine = currentChat()?.messages.findLast(
      (message) => isHere(message) && message.from?.id === store.personId && message.text !== undefined,
    )
    if (!mine) return
    event.preventDefault()
    setContext({ kind: 'edit', message: mine })
  } else if (event.key === 'Escape') {
    if (context?.kind === 'edit' || commands.length > 0) setText('')
    setContext(undefined)
  }
}

export function startComposer() {
  field.addEventListener('input', refresh)
  field.addEventListener('keydown', onKey)
  $('form').addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
    field.focus()
  })
  $('start').addEventListener('click', async () => {
    await sendText('/start')
    field.focus()
  })
  $('stop').addEventListener('click', () => {
    const draft = liveDraft()
    if (draft) void act('stop', { draftId: draft.draftId })
    field.focus()
  })
  $('context-close').addEventListener('click', () => {
    if (context?.kind === 'edit') setText('')
    setContext(undefined)
  })
  $('attach').addEventListener('click', openAttachments)
  $('attachments').addEventListener('click', (event) => {
    void chooseAttachment(/** @type {Element} */ (event.target).closest('[data-kind]'))
  })
  $('attachments').addEventListener('keydown', onAttachmentKey)
  $('menu-button').addEventListener('click', () => {
    const menu = currentChat()?.menuButton
    if (menu?.type === 'web_app') return void openMiniApp(menu.web_app?.url ?? '')
    setText(field.value === '/' ? '' : '/')
    field.focus()
  })
  document.addEventListener('draft-shown', refresh)
}
