// @ts-check
import { ask } from './dialog.js'
import { $, h } from './dom.js'
import { act, store } from './store.js'
import { word } from './words.js'

/**
 * The Mini App's panel: a frame beside the chat, and the part of Telegram that the app in it talks to.
 * Events are those of the Mini Apps platform ("web_app_*" from the app, answered by name).
 * @typedef {Record<string, any>} Data
 */

/** @type {HTMLIFrameElement | undefined} */
let frame
/** @type {Element | null} */
let opener = null
/** @type {Record<string, Data>} */
let bottomButtons = {}
let launchedUrl = ''

/**
 * @param {string} url
 * @param {string} [startParam]
 */
export async function openMiniApp(url, startParam) {
  const body = { url, theme: themeParams(), ...(startParam ? { startParam } : {}) }
  const answer = await act('web-app', body)
  if (!answer.ok) return
  opener = document.activeElement
  launchedUrl = url
  bottomButtons = {}
  renderBottomButtons()
  $('miniapp-back').hidden = true
  $('miniapp-title').textContent = store.state.bot.first_name
  frame = document.createElement('iframe')
  frame.src = String(answer.result)
  frame.title = word('miniApp')
  frame.allow = 'clipboard-write; fullscreen'
  frame.setAttribute('data-testid', 'miniapp-frame')
  $('miniapp-frame').replaceChildren(frame)
  $('miniapp').hidden = false
  $('miniapp-close').focus()
}

export function closeMiniApp() {
  frame = undefined
  $('miniapp-frame').replaceChildren()
  $('miniapp').hidden = true
  if (opener instanceof HTMLElement) opener.focus()
}

/** Telegram's theme params, read from what the page shows now. */
function themeParams() {
  const style = getComputedStyle(document.documentElement)
  /** @param {string} name */
  const color = (name) => style.getPropertyValue(`--${name}`).trim()
  return longColors({
    bg_color: color('bg'),
    secondary_bg_color: color('bg2'),
    section_bg_color: color('bg'),
    header_bg_color: color('bg'),
    bottom_bar_bg_color: color('bg'),
    text_color: color('text'),
    hint_color: color('hint'),
    subtitle_text_color: color('hint'),
    section_header_text_color: color('hint'),
    link_color: color('link'),
    accent_text_color: color('link'),
    button_color: color('button'),
    button_text_color: color('button-text'),
    destructive_text_color: color('bad'),
  })
}

/**
 * @param {string} eventType
 * @param {Data} [eventData]
 */
function tell(eventType, eventData = {}) {
  if (!frame?.contentWindow) return
  frame.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), new URL(frame.src).origin)
}

export function tellTheme() {
  tell('theme_changed', { theme_params: themeParams() })
}

/**
 * Mini Apps expect six digits.
 * @param {Record<string, string>} colors
 */
function longColors(colors) {
  return Object.fromEntries(
    Object.entries(colors).map(([name, value]) => [name, value.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3')]),
  )
}

const NO_INSETS = { top: 0, right: 0, bottom: 0, left: 0 }

/** @type {Record<string, (data: Data) => void>} */
const LISTENERS = {
  web_app_close: closeMiniApp,
  web_app_request_theme: tellTheme,
  web_app_request_viewport: () => {
    const { width, height } = $('miniapp-frame').getBoundingClientRect()
    tell('viewport_changed', { width, height, is_expanded: true, is_state_stable: true })
  },
  web_app_request_safe_area: () => tell('safe_area_changed', NO_INSETS),
  web_app_request_content_safe_area: () => tell('content_safe_area_changed', NO_INSETS),
  web_app_setup_main_button: (data) => setupButton('main', data),
  web_app_setup_secondary_button: (data) => setupButton('secondary', data),
  web_app_setup_back_button: (data) => {
    $('miniapp-back').hidden = !data.is_visible
  },
  web_app_open_link: (data) => void window.open(String(data.url), '_blank', 'noopener'),
  web_app_open_tg_link: (data) => void window.open(`https://t.me${data.path_full}`, '_blank', 'noopener'),
  web_app_open_popup: async (data) => {
    const buttons = data.buttons.map((/** @type {Data} */ button) => ({
      id: button.id ?? '',
      text: button.text ?? (button.type === 'cancel' ? word('cancel') : word('ok')),
    }))
    const text = [data.title, data.message].filter(Boolean).join('\n')
    const { id } = await ask({ text, buttons })
    tell('popup_closed', id ? { button_id: id } : {})
  },
  web_app_data_send: (data) => {
    void act('web-app-data', { text: String(data.data) })
    closeMiniApp()
  },
  web_app_read_text_from_clipboard: (data) =>
    tell('clipboard_text_received', { req_id: data.req_id, data: null }),
  web_app_invoke_custom_method: (data) =>
    tell('custom_method_invoked', { req_id: data.req_id, error: 'UNSUPPORTED' }),
}

/**
 * @param {string} name
 * @param {Data} data
 */
function setupButton(name, data) {
  bottomButtons[name] = { ...bottomButtons[name], ...data }
  renderBottomButtons()
}

function renderBottomButtons() {
  const shown = ['main', 'secondary'].filter((name) => bottomButtons[name]?.is_visible)
  $('miniapp-buttons').replaceChildren(
    ...shown.map((name) => {
      const { text, is_active, is_progress_visible } = bottomButtons[name] ?? {}
      const properties = {
        type: 'button',
        class: name === 'main' ? undefined : 'second',
        'data-testid': `miniapp-${name}`,
        disabled: is_active === false || is_progress_visible === true,
        onclick: () => tell(`${name}_button_pressed`),
      }
      return h('button', properties, String(text ?? word('ok')))
    }),
  )
}

export function startMiniApp() {
  window.addEventListener('message', (event) => {
    if (!frame || event.source !== frame.contentWindow || typeof event.data !== 'string') return
    /** @type {{eventType?: string, eventData?: Data}} */
    let message
    try {
      message = JSON.parse(event.data)
    } catch {
      return // not a message of the Mini Apps platform
    }
    const name = message.eventType ?? ''
    if (Object.hasOwn(LISTENERS, name)) LISTENERS[name]?.(message.eventData ?? {})
  })
  $('miniapp-close').addEventListener('click', closeMiniApp)
  $('miniapp-back').addEventListener('click', () => tell('back_button_pressed'))
  $('miniapp-reload').addEventListener('click', () => void openMiniApp(launchedUrl))
  $('miniapp').addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMiniApp()
  })
}
