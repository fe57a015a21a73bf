import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types'
import { type Nano, parseNano } from '../../../protocol/src/money.ts'
import type { BotTier } from '../bot-deps.ts'
import type { PayoutSource } from '../money/money.ts'
import type { Words } from '../words/words.ts'
import type { Ending } from './conversation-state.ts'

/** What a button of ours does when it is pressed. */
export type Press =
  | { readonly action: 'stop' | 'retry' | 'continue' | 'model' | 'receipt'; readonly seq: number }
  | { readonly action: 'use'; readonly model: string; readonly tier: BotTier }
  | { readonly action: 'ask'; readonly question: 1 | 2 | 3 }
  | { readonly action: 'delete'; readonly answer: 'yes' | 'no' }
  | { readonly action: 'money'; readonly page: 'deposit' | 'stars' | 'withdraw' }
  | { readonly action: 'stars'; readonly stars: number }
  | { readonly action: 'refund'; readonly payment: string }
  | { readonly action: 'payout'; readonly source: PayoutSource; readonly amount: Nano }
  | { readonly action: 'wallet'; readonly answer: 'keep' }

/** Writes a button's data: always far below Telegram's 64 bytes. A model or a payment is named by a hash of its id. */
export function pressData(press: Press): string {
  switch (press.action) {
    case 'use':
      return `${press.tier === 'open' ? 'use' : 'seal'}:${shortHash(press.model)}`
    case 'ask':
      return `ask:${press.question}`
    case 'delete':
      return `delete:${press.answer}`
    case 'money':
      return `money:${press.page}`
    case 'stars':
      return `stars:${press.stars}`
    case 'refund':
      return `refund:${shortHash(press.payment)}`
    case 'payout':
      return `payout:${press.source}-${press.amount}`
    case 'wallet':
      return `wallet:${press.answer}`
    default:
      return `${press.action}:${press.seq}`
  }
}

/** Reads a button's data; undefined for what no button of today says. `model` and `payment` are hashes. */
export function parsePress(data: string): Press | undefined {
  const [action, value = ''] = data.split(':')
  const isSeq = /^[0-9]{1,12}$/.test(value)
  switch (action) {
    case 'stop':
    case 'retry':
    case 'continue':
    case 'model':
    case 'receipt':
      return isSeq ? { action, seq: Number(value) } : undefined
    case 'use':
    case 'seal':
      return HASH.test(value)
        ? { action: 'use', model: value, tier: action === 'use' ? 'open' : 'confidential' }
        : undefined
    case 'refund':
      return HASH.test(value) ? { action, payment: value } : undefined
    case 'money':
      return value === 'deposit' || value === 'stars' || value === 'withdraw'
        ? { action, page: value }
        : undefined
    case 'stars':
      return /^[1-9][0-9]{0,4}$/.test(value) ? { action, stars: Number(value) } : undefined
    case 'payout':
      return parsePayout(value)
    case 'wallet':
      return value === 'keep' ? { action, answer: value } : undefined
    case 'ask':
      return value === '1' || value === '2' || value === '3'
        ? { action, question: Number(value) as 1 | 2 | 3 }
        : undefined
    case 'delete':
      return value === 'yes' || value === 'no' ? { action, answer: value } : undefined
    default:
      return undefined
  }
}

function parsePayout(value: string): Press | undefined {
  const [source, digits] = value.split('-')
  const amount = parseNano(digits)
  if (amount === undefined || (source !== 'balance' && source !== 'earnings')) return undefined
  return { action: 'payout', source, amount }
}

const HASH = /^[0-9a-z]{1,16}$/

/** A short name for an id that is too long for a button: two FNV-1a hashes of 32 bits. Only told apart, never trusted. */
export function shortHash(id: string): string {
  return fnv1a(id, 0x811c9dc5).toString(36) + fnv1a(id, 0x9e3779b9).toString(36)
}

export function stopKeyboard(words: Words, seq: number): InlineKeyboardMarkup {
  return keyboard([[button(words('button-stop'), { action: 'stop', seq })]])
}

/** The buttons under the last answer. Continue only where there is something to continue. */
export function answerKeyboard(
  words: Words,
  answer: { readonly seq: number; readonly canContinue: boolean; readonly ending: Ending },
): InlineKeyboardMarkup {
  const { seq, canContinue, ending } = answer
  return keyboard([
    [
      button(words('button-retry'), { action: 'retry', seq }),
      ...(canContinue ? [button(words('button-continue'), { action: 'continue', seq })] : []),
      button(words('button-model'), { action: 'model', seq }),
      ...(ending.usage && ending.finish !== 'refused'
        ? [button(words('button-receipt'), { action: 'receipt', seq })]
        : []),
    ],
  ])
}

export function button(text: string, press: Press): InlineKeyboardButton {
  return { text, callback_data: pressData(press) }
}

export function keyboard(rows: InlineKeyboardButton[][]): InlineKeyboardMarkup {
  return { inline_keyboard: rows }
}

function fnv1a(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
