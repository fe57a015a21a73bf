import { GrammyError } from 'grammy'
import type { Chat } from '../chat/chat.ts'
import type { Errand, Report } from '../chat/errand.ts'
import { plain, withCode } from '../chat/rich-text.ts'
import { type Words, wordsFor } from '../words/words.ts'
import { exactTon, starsText } from './money-words.ts'
import { noticeReport } from './notice-report.ts'
import { REFUND_REFUSAL_WORDS } from './refusal-words.ts'

/**
 * Does an errand; each may be done again without doing it twice. Throws when somebody did not answer: it comes again.
 */
export async function performErrand(chat: Chat, errand: Errand): Promise<Report | undefined> {
  const { stars } = chat.deps
  const language = chat.state.language()
  const words = wordsFor(language)
  switch (errand.kind) {
    case 'star-payment': {
      const { credit, available, isRefunded } = await stars.takePayment(errand)
      if (isRefunded) return undefined
      return amountReport(
        words('stars-paid', {
          stars: starsText(words, errand.stars),
          credit: exactTon(credit),
          available: exactTon(available),
        }),
        exactTon(credit),
      )
    }
    case 'stars-returned': {
      const back = await stars.takeBack(errand)
      if (!back) return undefined
      return { rich: plain(returnedText(words, back.stars, back.taken && exactTon(back.taken))) }
    }
    case 'star-refund':
      return refundStars(chat, words, errand)
    case 'notice':
      return noticeReport(language, errand.notice)
    default:
      return errand satisfies never
  }
}

/**
 * First the ledger, so that nobody spends the credit meanwhile; then Telegram, which refuses a second refund of the same
 * charge by itself. When it refuses for good, the credit comes back.
 */
async function refundStars(
  { deps, api }: Chat,
  words: Words,
  refund: Errand & { readonly kind: 'star-refund' },
): Promise<Report> {
  const { accountId, paymentId, payerId } = refund
  const taken = await deps.stars.takeForRefund({ accountId, paymentId })
  if (!taken.ok) return { rich: plain(words(REFUND_REFUSAL_WORDS[taken.reason])) }
  try {
    await api.refundStarPayment(payerId, taken.chargeId)
  } catch (error) {
    if (isRefusal(error)) {
      deps.log('stars-refund-refused', { reason: error.description.slice(0, 80) })
      await deps.stars.undoRefund(paymentId)
      return { rich: plain(words('refund-refused')) }
    }
    if (!isRefundedAlready(error)) throw error
  }
  const credit = exactTon(taken.credit)
  return { rich: plain(words('refund-done', { stars: starsText(words, taken.stars), credit })) }
}

function isRefundedAlready(error: unknown): boolean {
  return error instanceof GrammyError && error.description.includes('CHARGE_ALREADY_REFUNDED')
}

/** Telegram said no, and would say it again. A wrong token (401) says nothing about the refund. */
function isRefusal(error: unknown): error is GrammyError {
  if (!(error instanceof GrammyError) || isRefundedAlready(error)) return false
  return error.error_code >= 400 && error.error_code < 500 && ![401, 429].includes(error.error_code)
}

function returnedText(words: Words, count: number, credit: string | undefined): string {
  const stars = starsText(words, count)
  return credit === undefined
    ? words('stars-returned-spent', { stars })
    : words('stars-returned', { stars, credit })
}

function amountReport(text: string, amount: string): Report {
  return { rich: withCode(text, [amount], 'bold') }
}
