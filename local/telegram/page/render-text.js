// @ts-check
import { h } from './dom.js'
import { word } from './words.js'

/**
 * @typedef {{type: string, offset: number, length: number, url?: string, language?: string, user?: {first_name: string}}} Entity
 */

const INLINE = /** @type {Record<string, string>} */ ({
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
})
const BLOCKS = ['pre', 'blockquote', 'expandable_blockquote']

/**
 * Renders a text with its entities. Offsets count UTF-16 units, as in the Bot API and in JavaScript.
 * @param {string} text
 * @param {readonly Entity[]} [entities]
 */
export function renderText(text, entities = []) {
  const element = h('div', { class: 'text', dir: 'auto' })
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length)
  renderRange(element, text, sorted, 0, text.length)
  return element
}

/**
 * @param {HTMLElement} parent
 * @param {string} text
 * @param {readonly Entity[]} entities
 * @param {number} start
 * @param {number} end
 */
function renderRange(parent, text, entities, start, end) {
  let at = start
  for (const entity of entities) {
    if (entity.offset < at || entity.offset >= end) continue
    const last = Math.min(entity.offset + entity.length, end)
    appendText(parent, text.slice(at, entity.offset))
    const inside = entities.filter(
      (other) => other !== entity && entities.indexOf(other) > entities.indexOf(entity),
    )
    appendEntity(parent, entity, text.slice(entity.offset, last), (target) =>
      renderRange(target, text, inside, entity.offset, last),
    )
    at = last
  }
  appendText(parent, text.slice(at, end))
}

/**
 * A block stands on its own line already, so the newline after it is not shown a second time.
 * @param {HTMLElement} parent
 * @param {string} text
 */
function appendText(parent, text) {
  const before = parent.lastChild
  const afterBlock = before instanceof HTMLElement && before.classList.contains('block')
  parent.append(afterBlock && text.startsWith('\n') ? text.slice(1) : text)
}

/**
 * @param {HTMLElement} parent
 * @param {Entity} entity
 * @param {string} text
 * @param {(target: HTMLElement) => void} fill
 */
function appendEntity(parent, entity, text, fill) {
  const before = parent.lastChild
  if (BLOCKS.includes(entity.type) && before instanceof Text && before.data.endsWith('\n')) {
    before.data = before.data.slice(0, -1)
  }
  if (entity.type === 'pre') return parent.append(codeBlock(text, entity.language))
  const element = elementOf(entity, text)
  fill(element)
  parent.append(element)
  if (entity.type === 'expandable_blockquote') parent.append(expander(element))
}

/**
 * @param {Entity} entity
 * @param {string} text
 */
function elementOf(entity, text) {
  const tag = INLINE[entity.type]
  if (tag) return h(tag, tag === 'code' ? { dir: 'ltr' } : {})
  switch (entity.type) {
    case 'spoiler':
      return spoiler()
    case 'blockquote':
      return h('blockquote', { class: 'block', dir: 'auto' })
    case 'expandable_blockquote':
      return h('blockquote', { class: 'block folded', dir: 'auto' })
    case 'text_link':
    case 'url': {
      const target = entity.url ?? (/^https?:/i.test(text) ? text : `https://${text}`)
      return h('a', { href: safeHref(target), target: '_blank', rel: 'noopener noreferrer' })
    }
    case 'email':
      return h('a', { href: `mailto:${text}` })
    case 'bot_command':
      return h('button', { type: 'button', class: 'link', 'data-command': text })
    case 'mention':
    case 'text_mention':
    case 'hashtag':
      return h('span', { class: 'link' })
    default:
      return h('span')
  }
}

/** @param {string} target */
export function safeHref(target) {
  return /^(?:https?|tg|ton|mailto):/i.test(target) ? target : undefined
}

function spoiler() {
  const element = h('span', {
    class: 'spoiler',
    role: 'button',
    tabindex: '0',
    'aria-label': word('spoiler'),
  })
  const show = () => {
    element.classList.add('shown')
    for (const name of ['role', 'tabindex', 'aria-label']) element.removeAttribute(name)
  }
  element.addEventListener('click', show)
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') show()
  })
  return element
}

/**
 * @param {string} text
 * @param {string | undefined} language
 */
function codeBlock(text, language) {
  return h(
    'figure',
    { class: 'code block', dir: 'ltr' },
    h(
      'figcaption',
      {},
      h('span', {}, language ?? ''),
      h(
        'button',
        { type: 'button', class: 'link', 'data-copy': text, 'data-testid': 'copy-code' },
        word('copy'),
      ),
    ),
    h('pre', { tabindex: '0' }, h('code', {}, text.replace(/\n$/, ''))),
  )
}

/** @param {HTMLElement} quote */
function expander(quote) {
  const button = h('button', { type: 'button', class: 'link expander block' }, word('showMore'))
  button.addEventListener('click', () => {
    quote.classList.remove('folded')
    button.remove()
  })
  return button
}
