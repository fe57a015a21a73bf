import type { Cell } from '@ton/core'
import { readCell, readTextComment, textCommentBody } from './text-comment.ts'

const PREFIX = 'sharnaqa payout '
const PAYOUT_ID = /^po_[0-9a-hjkmnp-tv-z]{26}$/

/** The body of a payout's message: its receiver reads where the coins come from, we read which payout it was. */
export function payoutBody(payoutId: string): Cell {
  return textCommentBody(`${PREFIX}${payoutId}`)
}

/** The payout that a message carries (its body as a base64 BOC), or undefined. */
export function readPayoutId(body: string): string | undefined {
  const cell = readCell(body)
  const text = cell && readTextComment(cell)
  if (!text?.startsWith(PREFIX)) return undefined
  const id = text.slice(PREFIX.length)
  return PAYOUT_ID.test(id) ? id : undefined
}
