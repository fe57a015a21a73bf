import type { InlineKeyboardButton } from 'grammy/types'
import type { Nano } from '../../../protocol/src/money.ts'
import type { Chat } from '../chat/chat.ts'
import type { Words } from '../words/words.ts'

/** The Mini App's page for deposits, withdrawals and the wallet. */
const WALLET_PAGE = '/wallet'

/** Writes an amount in TON to the last nano: for what is signed, sent or ordered. */
export function exactTon(amount: Nano): string {
  const digits = amount.toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return `${digits.slice(0, -9)}${fraction ? `.${fraction}` : ''} TON`
}

export function starsText(words: Words, stars: number): string {
  return words('stars-count', { stars })
}

/** Where Telegram cannot open the Mini App, its address. */
export function walletLine({ deps: { publicUrl } }: Chat): string[] {
  return publicUrl && !publicUrl.startsWith('https://') ? [`${publicUrl}${WALLET_PAGE}`] : []
}

/** The button that opens the Mini App at the wallet, where Telegram can open it. */
export function walletButton({ deps, place }: Chat, words: Words): InlineKeyboardButton[][] {
  if (place.isGroup || !deps.publicUrl.startsWith('https://')) return []
  return [[{ text: words('button-wallet'), web_app: { url: `${deps.publicUrl}${WALLET_PAGE}` } }]]
}
