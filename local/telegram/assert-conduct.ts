import type { Message, Update } from 'grammy/types'
import type { Call, UpdateRecord } from './call-log.ts'
import type { Draft } from './draft-book.ts'
import { callsBot } from './people.ts'

/** What the judgement is made from; a TelegramHandle has all of it. */
export type ConductLog = {
  readonly bot: { readonly id: number; readonly username: string }
  readonly calls: readonly Call[]
  readonly updates: readonly UpdateRecord[]
  readonly drafts: () => readonly Draft[]
  /** What the bot was asked to say by others than people of the chat; each allows one message. */
  readonly announced?: readonly { readonly chatId: number; readonly threadId: number }[]
}

export type ViolationRule =
  | 'unanswered'
  | 'answered-twice'
  | 'draft-left-alive'
  | 'draft-after-stop'
  | 'callback-unanswered'
  | 'checkout-unanswered'
  | 'called-before-retry-after'
  | 'lost-send-repeated'
  | 'called-after-forbidden'
  | 'wrong-thread'
  | 'spoke-uncalled'
  | 'cut-symbol'

export type Violation = { readonly rule: ViolationRule; readonly chatId: number; readonly detail: string }

/** A send this long may be one part of a longer answer, so what follows it is not counted as another answer. */
const SPLIT_MIN = 2048 // UTF-16 units
const CLOCK_SLACK_MS = 25
const STOP_GRACE_MS = 1000 // a draft already on its way when Stop was pressed

/**
 * Judges what a bot did in a scenario that has come to rest: one answer per message, pace obeyed, nothing left open.
 *
 * Counts answers by chat and thread, so it needs no clock and no knowledge of the texts. A button press, an edit and a
 * Stop may each bring one more answer. Chats that refused the bot (403) are excused from answering.
 */
export function assertConduct(log: ConductLog): Violation[] {
  const heard = log.updates.filter(({ state }) => state === 'delivered')
  return [
    ...judgeAnswers(log, heard),
    ...judgeDrafts(log, heard),
    ...judgeCallbacks(log, heard),
    ...judgeCheckouts(log, heard),
    ...judgePace(log.calls),
    ...judgeLostSends(log.calls, heard),
    ...judgeForbidden(log.calls, heard),
    ...judgeSymbols(log.calls),
  ]
}

function judgeAnswers(log: ConductLog, heard: readonly UpdateRecord[]): Violation[] {
  const sends = log.calls.filter((call) => call.kind === 'message' && happened(call))
  const announced = (log.announced ?? []).map((place) => ({ ...place, kind: 'extra' as const }))
  const asked = [...heard.flatMap(({ update }) => placeOf(update, log.bot)), ...announced]
  const keys = new Set([...asked.map(keyOf), ...sends.map(sendKey)])
  return [...keys].flatMap((key): Violation[] => {
    const here = asked.filter((place) => keyOf(place) === key)
    const chatId = Number(key.split('/')[0])
    const answers = countAnswers(sends.filter((call) => sendKey(call) === key))
    const expected = here.filter(({ kind }) => kind === 'message').length
    const allowed = here.filter(({ kind }) => kind !== 'uncalled').length
    if (answers > 0 && allowed === 0) {
      const rule = here.length > 0 ? 'spoke-uncalled' : 'wrong-thread'
      return [{ rule, chatId, detail: `${answers} answers in ${key}, where nobody asked` }]
    }
    if (answers > allowed)
      return [{ rule: 'answered-twice', chatId, detail: `${answers} answers to ${allowed} in ${key}` }]
    if (answers < expected && !wasForbidden(log.calls, chatId)) {
      return [{ rule: 'unanswered', chatId, detail: `${answers} answers to ${expected} in ${key}` }]
    }
    return []
  })
}

type Asked = {
  readonly chatId: number
  readonly threadId: number
  readonly kind: 'message' | 'extra' | 'uncalled'
}

function placeOf(update: Update, bot: ConductLog['bot']): Asked[] {
  const {
    message,
    edited_message: edited,
    callback_query: query,
    stopped_message_generation: stopped,
  } = update
  if (message?.successful_payment ?? message?.refunded_payment)
    return message ? [asked(message, 'extra')] : []
  if (message)
    return isService(message) ? [] : [asked(message, isCalled(message, bot) ? 'message' : 'uncalled')]
  if (edited) return [asked(edited, isCalled(edited, bot) ? 'extra' : 'uncalled')]
  if (query?.message) return [asked(query.message as Message, 'extra')]
  return stopped ? [{ chatId: stopped.chat.id, threadId: stopped.message_thread_id ?? 0, kind: 'extra' }] : []
}

function asked(message: Message, kind: Asked['kind']): Asked {
  return { chatId: message.chat.id, threadId: message.message_thread_id ?? 0, kind }
}

function isCalled(message: Message, bot: ConductLog['bot']): boolean {
  return message.chat.type === 'private' || callsBot(bot, message)
}

function isService(message: Message): boolean {
  const said = [
    message.text,
    message.photo,
    message.voice,
    message.document,
    message.sticker,
    message.location,
  ]
  return said.every((part) => part === undefined)
}

function countAnswers(sends: readonly Call[]): number {
  return sends.filter((_call, index) => lengthOf(sends[index - 1]) < SPLIT_MIN).length
}

function lengthOf(call: Call | undefined): number {
  const result = call ? resultOf(call) : undefined
  return (result?.text ?? result?.caption ?? '').length
}

function judgeDrafts(log: ConductLog, heard: readonly UpdateRecord[]): Violation[] {
  const alive = log.drafts().map(
    ({ chatId, draftId }): Violation => ({
      rule: 'draft-left-alive',
      chatId,
      detail: `draft ${draftId} was never replaced by a message`,
    }),
  )
  const late = heard.flatMap(({ update, deliveredAtMs = 0 }) => {
    const stopped = update.stopped_message_generation
    if (!stopped) return []
    const again = log.calls.filter(
      (call) =>
        call.kind === 'draft' &&
        call.chatId === stopped.chat.id &&
        Number(call.params.draft_id) === stopped.draft_id &&
        call.atMs > deliveredAtMs + STOP_GRACE_MS,
    )
    const detail = `${again.length} drafts after Stop on draft ${stopped.draft_id}`
    return again.length > 0 ? [{ rule: 'draft-after-stop' as const, chatId: stopped.chat.id, detail }] : []
  })
  return [...alive, ...late]
}

function judgeCallbacks(log: ConductLog, heard: readonly UpdateRecord[]): Violation[] {
  const answered = new Set(
    log.calls
      .filter((call) => call.method.toLowerCase() === 'answercallbackquery' && happened(call))
      .map((call) => String(call.params.callback_query_id)),
  )
  return heard.flatMap(({ update: { callback_query: query } }) => {
    if (!query || answered.has(query.id)) return []
    const detail = `the press of "${query.data}" was never answered`
    return [{ rule: 'callback-unanswered' as const, chatId: query.message?.chat.id ?? query.from.id, detail }]
  })
}

/** Telegram waits ten seconds for the bot's word on a payment. */
function judgeCheckouts(log: ConductLog, heard: readonly UpdateRecord[]): Violation[] {
  const answered = new Set(
    log.calls
      .filter((call) => call.method.toLowerCase() === 'answerprecheckoutquery' && happened(call))
      .map((call) => String(call.params.pre_checkout_query_id)),
  )
  return heard.flatMap(({ update: { pre_checkout_query: query } }) => {
    if (!query || answered.has(query.id)) return []
    const detail = `the payment of ${query.total_amount} was never answered`
    return [{ rule: 'checkout-unanswered' as const, chatId: query.from.id, detail }]
  })
}

/** After a 429, no call of that kind in that chat before the wait is over. */
function judgePace(calls: readonly Call[]): Violation[] {
  return calls.flatMap((refused, index) => {
    const { outcome, chatId, kind } = refused
    if (outcome.type !== 'error' || outcome.retryAfterS === undefined || chatId === undefined) return []
    const heardAtMs = refused.endedAtMs ?? refused.atMs
    const untilMs = heardAtMs + outcome.retryAfterS * 1000 - CLOCK_SLACK_MS
    const early = calls
      .slice(index + 1)
      .find(
        (call) =>
          call.chatId === chatId && sameKind(call, refused) && call.atMs > heardAtMs && call.atMs < untilMs,
      )
    if (!early) return []
    const detail = `${early.method} (${kind}) came ${early.atMs - heardAtMs} ms after "retry after ${outcome.retryAfterS}"`
    return [{ rule: 'called-before-retry-after' as const, chatId, detail }]
  })
}

function sameKind(a: Call, b: Call): boolean {
  return a.kind === b.kind && (a.kind !== 'other' || a.method.toLowerCase() === b.method.toLowerCase())
}

/** A send whose answer was lost may have arrived: the same text must not follow before somebody writes again. */
function judgeLostSends(calls: readonly Call[], heard: readonly UpdateRecord[]): Violation[] {
  return calls.flatMap((lost, index) => {
    const { chatId, kind, outcome } = lost
    if (outcome.type !== 'lost' || kind !== 'message' || chatId === undefined) return []
    const nextMs = nextFromChat(heard, chatId, lost.atMs)
    const repeated = calls
      .slice(index + 1)
      .some(
        (call) =>
          call.kind === 'message' &&
          call.chatId === chatId &&
          call.atMs < nextMs &&
          textOf(call) === textOf(lost),
      )
    const detail = `"${textOf(lost).slice(0, 60)}" was sent again after its answer was lost`
    return repeated ? [{ rule: 'lost-send-repeated' as const, chatId, detail }] : []
  })
}

/** After a 403, silence in that chat until it speaks again. */
function judgeForbidden(calls: readonly Call[], heard: readonly UpdateRecord[]): Violation[] {
  const judged = new Set<number>()
  return calls.flatMap((refused, index) => {
    const { chatId, outcome } = refused
    if (outcome.type !== 'error' || outcome.code !== 403 || chatId === undefined || judged.has(chatId))
      return []
    const endMs = refused.endedAtMs ?? refused.atMs
    const nextMs = nextFromChat(heard, chatId, refused.atMs)
    const later = calls
      .slice(index + 1)
      .find((call) => call.chatId === chatId && call.atMs > endMs + CLOCK_SLACK_MS && call.atMs < nextMs)
    if (!later) return []
    judged.add(chatId)
    return [{ rule: 'called-after-forbidden' as const, chatId, detail: `${later.method} after a 403` }]
  })
}

/** No message begins or ends inside a symbol: a lone surrogate or a joiner at its edge shows a cut. */
function judgeSymbols(calls: readonly Call[]): Violation[] {
  return calls.flatMap((call) => {
    const text = resultOf(call)?.text
    if (!text || call.chatId === undefined) return []
    const cut = !text.isWellFormed() || text.startsWith('\u200D') || text.endsWith('\u200D')
    return cut ? [{ rule: 'cut-symbol' as const, chatId: call.chatId, detail: text.slice(-20) }] : []
  })
}

function happened(call: Call): boolean {
  return call.outcome.type === 'ok' || (call.outcome.type === 'lost' && call.outcome.result !== undefined)
}

function resultOf(call: Call): Message | undefined {
  if (call.kind !== 'message' && call.kind !== 'edit') return undefined
  const { outcome } = call
  return outcome.type === 'ok' || outcome.type === 'lost'
    ? (outcome.result as Message | undefined)
    : undefined
}

function wasForbidden(calls: readonly Call[], chatId: number): boolean {
  return calls.some(
    (call) => call.chatId === chatId && call.outcome.type === 'error' && call.outcome.code === 403,
  )
}

function nextFromChat(heard: readonly UpdateRecord[], chatId: number, afterMs: number): number {
  const times = heard
    .filter(({ update, atMs }) => atMs >= afterMs && chatOf(update) === chatId)
    .map(({ atMs }) => atMs)
  return Math.min(...times, Number.POSITIVE_INFINITY)
}

function chatOf(update: Update): number | undefined {
  const message = update.message ?? update.edited_message ?? update.callback_query?.message
  return message?.chat.id ?? update.stopped_message_generation?.chat.id
}

function keyOf({ chatId, threadId }: { chatId: number; threadId: number }): string {
  return `${chatId}/${threadId}`
}

function sendKey(call: Call): string {
  return keyOf({ chatId: call.chatId ?? 0, threadId: resultOf(call)?.message_thread_id ?? 0 })
}

function textOf(call: Call): string {
  return String(call.params.text ?? call.params.caption ?? '')
}
