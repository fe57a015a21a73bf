import type { InlineKeyboardMarkup } from 'grammy/types'
import { button, keyboard } from '../chat/buttons.ts'
import type { Report } from '../chat/errand.ts'
import { plain, withCode } from '../chat/rich-text.ts'
import { formatTime, type Language, type Words, wordsFor } from '../words/words.ts'
import { exactTon, starsText } from './money-words.ts'
import type { Notice } from './notice.ts'

/** Says a notice, with the button that belongs to it. */
export function noticeReport(language: Language, notice: Notice): Report {
  const words = wordsFor(language)
  switch (notice.kind) {
    case 'deposit-credited':
      return withAmount(words('notice-deposit-credited', { amount: exactTon(notice.amount) }), notice.amount)
    case 'payout-sent': {
      const text = words('notice-payout-sent', { amount: exactTon(notice.amount) })
      return { ...withAmount(text, notice.amount), ...linkKeyboard(words, notice.url) }
    }
    case 'payout-failed':
      return withAmount(words('notice-payout-failed', { amount: exactTon(notice.amount) }), notice.amount)
    case 'wallet-changes': {
      const { address, fromMs } = notice
      const text = words('notice-wallet-changes', { address, from: formatTime(language, fromMs) })
      const keep = button(words('button-keep-wallet'), { action: 'wallet', answer: 'keep' })
      return { rich: withCode(text, [address]), keyboard: keyboard([[keep]]) }
    }
    case 'wallet-changed':
      return {
        rich: withCode(words('notice-wallet-changed', { address: notice.address }), [notice.address]),
      }
    case 'stars-refunded':
      return { rich: plain(words('notice-stars-refunded', { stars: starsText(words, notice.stars) })) }
    case 'treasury-halted':
      return {
        rich: withCode(words('notice-treasury-halted', { reason: notice.reason }), [notice.reason]),
      }
    default:
      return notice satisfies never
  }
}

function withAmount(text: string, amount: Parameters<typeof exactTon>[0]): Report {
  return { rich: withCode(text, [exactTon(amount)], 'bold') }
}

/** Telegram opens only what the whole world can reach. */
function linkKeyboard(words: Words, url: string | undefined): { keyboard?: InlineKeyboardMarkup } {
  if (!url?.startsWith('https://')) return {}
  return { keyboard: keyboard([[{ text: words('button-transaction'), url }]]) }
}
