import type { ApiKeyJson } from '../../../../protocol/src/miniapp/keys.ts'
import { NANO_MAX, type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'
import { readTonAmount, writeTonAmount } from '../../ui/ton-amount.ts'

/** Characters that a key's name may have. */
export const NAME_CHARS_MAX = 64

/** What a person typed for a key. An empty limit is none. */
export type KeyDraft = { readonly name: string; readonly limitDay: string; readonly limitMonth: string }
export type KeyFault = 'name-empty' | 'name-long' | 'limit-wrong' | 'limit-zero' | 'limit-above-month'

/** What goes to the coordinator. */
export type KeyFields = {
  readonly name: string
  readonly limit_day_nano: string | null
  readonly limit_month_nano: string | null
}

export type ReadKeyDraft =
  | { readonly ok: true; readonly fields: KeyFields }
  | { readonly ok: false; readonly field: keyof KeyDraft; readonly reason: KeyFault }

export const EMPTY_DRAFT: KeyDraft = { name: '', limitDay: '', limitMonth: '' }

/** Reads what was typed, or says what is wrong with it and where. */
export function readKeyDraft({ name, limitDay, limitMonth }: KeyDraft): ReadKeyDraft {
  const trimmed = name.trim()
  if (trimmed === '') return { ok: false, field: 'name', reason: 'name-empty' }
  if (trimmed.length > NAME_CHARS_MAX) return { ok: false, field: 'name', reason: 'name-long' }
  const day = readLimit(limitDay)
  if (!day.ok) return { ok: false, field: 'limitDay', reason: day.reason }
  const month = readLimit(limitMonth)
  if (!month.ok) return { ok: false, field: 'limitMonth', reason: month.reason }
  if (day.limit !== undefined && month.limit !== undefined && day.limit > month.limit) {
    return { ok: false, field: 'limitDay', reason: 'limit-above-month' }
  }
  const write = (limit: Nano | undefined) => (limit === undefined ? null : String(limit))
  const fields = { name: trimmed, limit_day_nano: write(day.limit), limit_month_nano: write(month.limit) }
  return { ok: true, fields }
}

function readLimit(
  typed: string,
): { ok: true; limit: Nano | undefined } | { ok: false; reason: 'limit-wrong' | 'limit-zero' } {
  const read = readTonAmount(typed)
  if (read.ok) return { ok: true, limit: read.amount }
  if (read.reason === 'empty') return { ok: true, limit: undefined }
  return { ok: false, reason: read.reason === 'zero' ? 'limit-zero' : 'limit-wrong' }
}

/** What stands in the form of a key that is there. */
export function draftOf(key: ApiKeyJson): KeyDraft {
  const write = (limit: string | null) => {
    const amount = parseNano(limit)
    return amount === undefined ? '' : writeTonAmount(amount)
  }
  return { name: key.name, limitDay: write(key.limit_day_nano), limitMonth: write(key.limit_month_nano) }
}

/** What a key spent of a limit. What is set aside for running jobs counts, as it does for the coordinator. */
export type Spent = {
  readonly spent: Nano
  readonly limit: Nano
  /** 0 to 100. */
  readonly percent: number
}

/** How much of its limits a key has used; undefined for one that it does not have. */
export function spentOf(key: ApiKeyJson, per: 'day' | 'month'): Spent | undefined {
  const limit = parseNano(per === 'day' ? key.limit_day_nano : key.limit_month_nano)
  if (limit === undefined) return undefined
  const moved = BigInt(per === 'day' ? key.spent_day_nano : key.spent_month_nano) + BigInt(key.held_nano)
  const spent = nano(moved > NANO_MAX ? NANO_MAX : moved)
  const percent = spent >= limit ? 100 : Number((spent * 100n) / limit)
  return { spent, limit, percent }
}
