import type { Update } from 'grammy/types'
import type { Params } from './params.ts'

/** What limits a call: each kind has its own pace in each chat. */
export type CallKind = 'message' | 'edit' | 'draft' | 'action' | 'other'

/** `lost`: the effect happened and the connection was reset before the caller heard of it. */
export type CallOutcome =
  | { readonly type: 'running' }
  | { readonly type: 'ok'; readonly result: unknown }
  | {
      readonly type: 'error'
      readonly code: number
      readonly description: string
      readonly retryAfterS?: number
    }
  | { readonly type: 'lost'; readonly result: unknown }

export type Call = {
  readonly id: number
  readonly atMs: number
  readonly method: string
  readonly kind: CallKind
  readonly chatId: number | undefined
  readonly params: Params
  endedAtMs: number | undefined
  outcome: CallOutcome
}

/** One update and what became of it. `filtered`: the bot did not ask for its kind. */
export type UpdateRecord = {
  readonly update: Update
  readonly atMs: number
  state: 'pending' | 'delivered' | 'dropped' | 'filtered'
  deliveredAtMs: number | undefined
  readonly attempts: { readonly atMs: number; readonly status: number | 'poll' | 'no-answer' }[]
}

const KINDS: Record<string, CallKind> = {
  sendmessage: 'message',
  sendphoto: 'message',
  senddocument: 'message',
  sendvoice: 'message',
  sendsticker: 'message',
  sendlocation: 'message',
  sendinvoice: 'message',
  editmessagetext: 'edit',
  editmessagereplymarkup: 'edit',
  sendmessagedraft: 'draft',
  sendchataction: 'action',
}

export function kindOf(method: string): CallKind {
  return KINDS[method.toLowerCase()] ?? 'other'
}
