// @ts-check
import { h, icon } from './dom.js'
import { renderText, safeHref } from './render-text.js'
import { personName, store } from './store.js'
import { language, word } from './words.js'

/**
 * @typedef {import('./store.js').Message} Message
 * @typedef {import('./store.js').Button} Button
 * @typedef {import('./store.js').Draft} Draft
 */

/** @param {Message} message */
export function renderMessage(message) {
  if (message.forum_topic_created) return service(message, message.forum_topic_created.name)
  if (message.web_app_data) return service(message, message.web_app_data.data)
  if (message.successful_payment) {
    return service(message, word('paid', { n: String(message.successful_payment.total_amount) }))
  }
  if (message.refunded_payment) {
    return service(message, word('refunded', { n: String(message.refunded_payment.total_amount) }))
  }
  const from = whoSent(message)
  const bubble = h(
    'div',
    { class: 'bubble' },
    from === 'other' ? h('div', { class: 'sender' }, h('bdi', {}, personName(message.from))) : undefined,
    message.reply_to_message ? replyQuote(message.reply_to_message) : undefined,
    ...contentOf(message),
    meta(message),
  )
  return h(
    'article',
    {
      class: `message ${from}`,
      'data-testid': 'message',
      'data-message-id': message.message_id,
      'data-from': from,
    },
    h('div', { class: 'body' }, bubble, tools(message, from)),
    keyboard(message),
  )
}

/** @param {Message} message */
function whoSent(message) {
  if (message.from?.is_bot) return 'bot'
  return message.from?.id === store.personId ? 'me' : 'other'
}

/**
 * @param {Message} message
 * @param {string} text
 */
function service(message, text) {
  return h('p', { class: 'service', dir: 'auto', 'data-message-id': message.message_id }, text)
}

/** @param {Message} message */
function contentOf(message) {
  const text = message.text ?? message.caption
  const entities = message.entities ?? message.caption_entities
  const written = text ? [renderText(text, entities)] : []
  const media = mediaOf(message)
  return media ? [media, ...written] : written
}

/** @param {Message} message */
function mediaOf(message) {
  if (message.photo) return media('photo', word('photo'))
  if (message.voice) return media('voice', word('voice'))
  if (message.document) return media('document', message.document.file_name ?? word('document'))
  if (message.invoice) {
    const { title, description } = message.invoice
    return h(
      'div',
      { class: 'invoice', 'data-testid': 'invoice' },
      h('b', { dir: 'auto' }, title),
      h('p', { dir: 'auto' }, description),
    )
  }
  if (message.location) {
    const { latitude, longitude } = message.location
    return media('location', `${latitude}, ${longitude}`)
  }
  if (message.sticker) {
    return h('div', { class: 'big', role: 'img', 'aria-label': word('sticker') }, message.sticker.emoji ?? '')
  }
  return undefined
}

/**
 * @param {string} name
 * @param {string} text
 */
function media(name, text) {
  return h('div', { class: 'media' }, icon(name), h('bdi', {}, text))
}

/** @param {Message} target */
function replyQuote(target) {
  const name = target.from?.is_bot ? store.state.bot.first_name : personName(target.from)
  return h(
    'span',
    { class: 'quote' },
    h('b', { dir: 'auto' }, name),
    h('span', { dir: 'auto' }, target.text ?? target.caption ?? '…'),
  )
}

/** @param {Message} message */
function meta(message) {
  const format = new Intl.DateTimeFormat(language(), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    numberingSystem: 'latn',
  })
  const date = new Date(message.date * 1000)
  return h(
    'div',
    { class: 'meta' },
    message.edit_date ? h('span', { 'data-testid': 'edited' }, word('edited')) : undefined,
    h('time', { datetime: date.toISOString(), dir: 'auto' }, format.format(date)),
  )
}

/**
 * @param {Message} message
 * @param {string} from
 */
function tools(message, from) {
  const text = message.text ?? message.caption
  return h(
    'div',
    { class: 'tools' },
    tool('reply', word('reply')),
    text ? tool('copy', word('copy')) : undefined,
    text && from === 'me' ? tool('edit', word('edit')) : undefined,
  )
}

/**
 * @param {string} name
 * @param {string} label
 */
function tool(name, label) {
  const properties = {
    type: 'button',
    'data-tool': name,
    'data-testid': `tool-${name}`,
    'aria-label': label,
    title: label,
  }
  return h('button', properties, icon(name))
}

/** @param {Message} message */
function keyboard(message) {
  const rows = message.reply_markup?.inline_keyboard
  if (!rows) return undefined
  return h(
    'div',
    { class: 'keyboard' },
    ...rows.map((row) => h('div', { class: 'keyboard-row' }, ...row.map(keyboardButton))),
  )
}

/** @param {Button} button */
function keyboardButton(button) {
  const label = h('bdi', {}, button.text)
  const common = { class: `key ${button.style ?? ''}`.trim(), 'data-testid': 'button' }
  if (button.url) {
    const link = { ...common, href: safeHref(button.url), target: '_blank', rel: 'noopener noreferrer' }
    return h('a', { ...link, 'data-url': button.url, title: word('opensLink') }, label, icon('open'))
  }
  const kind = button.pay
    ? { 'data-pay': 'true' }
    : button.web_app
      ? { 'data-web-app': button.web_app.url }
      : button.copy_text
        ? { 'data-copy': button.copy_text.text }
        : button.switch_inline_query_current_chat !== undefined
          ? { 'data-insert': button.switch_inline_query_current_chat }
          : { 'data-callback': button.callback_data }
  return h('button', { type: 'button', ...common, ...kind }, label)
}

/**
 * Renders the answer being written: its text so far and the thread under its last line.
 * @param {Draft} draft
 */
export function renderDraft(draft) {
  const text = draft.text
    ? renderText(draft.text, draft.entities)
    : h('div', { class: 'text thinking' }, word('thinking'))
  const isRtl = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(draft.text)
  return h(
    'article',
    {
      class: 'message bot',
      'data-testid': 'draft',
      'data-draft-id': draft.draftId,
      'aria-busy': 'true',
    },
    h('div', { class: 'bubble' }, text, h('div', { class: isRtl ? 'thread rtl' : 'thread' })),
  )
}
