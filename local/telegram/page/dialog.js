// @ts-check
import { $, h } from './dom.js'

const TOAST_MS = 4000
let toastTimer = 0

/** @param {string} text */
export function toast(text) {
  const element = $('toast')
  element.textContent = text
  element.hidden = false
  clearTimeout(toastTimer)
  toastTimer = window.setTimeout(() => {
    element.hidden = true
  }, TOAST_MS)
}

/**
 * Asks with buttons, and with a text field when `input` names one. Gives the button pressed and the text.
 * @param {{text: string, input?: boolean, buttons: {id: string, text: string}[]}} question
 * @returns {Promise<{id: string, input: string}>} an empty id when it was dismissed
 */
export function ask({ text, input = false, buttons }) {
  const dialog = $('dialog')
  const field = /** @type {HTMLInputElement} */ ($('dialog-input'))
  $('dialog-text').textContent = text
  field.hidden = !input
  field.value = ''
  field.setAttribute('aria-label', text)
  // The last button is what Enter does: it is first in the document and last in sight.
  $('dialog-buttons').replaceChildren(
    ...buttons.map((button) =>
      h('button', { value: button.id, type: 'submit', 'data-testid': `dialog-${button.id}` }, button.text),
    ),
  )
  const box = /** @type {HTMLDialogElement} */ (dialog)
  box.returnValue = ''
  box.showModal()
  if (input) field.focus()
  return new Promise((resolve) => {
    box.addEventListener('close', () => resolve({ id: box.returnValue, input: field.value.trim() }), {
      once: true,
    })
  })
}
