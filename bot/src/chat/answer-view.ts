import { wordsFor } from '../words/words.ts'
import { stopKeyboard } from './buttons.ts'
import type { Chat } from './chat.ts'
import type { Turn } from './conversation-state.ts'
import { plain, type RichText } from './rich-text.ts'
import { edit, say, withoutMarkup } from './say.ts'
import { splitAnswer } from './split-answer.ts'
import type { CallFailure } from './telegram-gate.ts'

/** An answer while it grows. */
export type AnswerView = {
  /** Shows a text as soon as the pace allows, and of several the newest: only that one is made. */
  readonly show: (make: () => RichText) => void
  /** Stops showing. Resolves when no call is on its way any more. */
  readonly close: () => Promise<void>
}

type ViewEvents = {
  /** The message that is edited while the answer grows: the final text belongs into it. */
  readonly onMessage: (messageId: number) => void
  /** Nothing can be said here any more. */
  readonly onClosed: () => void
}

const PRIVATE_EVERY_MS = 1000
const GROUP_EVERY_MS = 3000 // 20 edits a minute
const DRAFT_REFRESH_MS = 20_000 // a draft lives about 30 s
const DRAFTS_OFF_MS = 60 * 60 * 1000
/** The first message of an edited answer. It says nothing of the answer: if it is lost, no text is there twice. */
const PLACEHOLDER = '…'

/**
 * Opens the view of an answer: a draft in private chats, else, and wherever drafts do not work, a message that is
 * edited. The first sign of life leaves at once.
 */
export function openAnswerView(
  chat: Chat,
  turn: Turn,
  messageId: number | undefined,
  events: ViewEvents,
): AnswerView {
  const { gate, clock, state, place } = chat
  let current: () => RichText = () => plain('')
  let shown: typeof current | undefined
  let shownAtMs = Number.NEGATIVE_INFINITY
  let isClosed = false
  let wake = new AbortController()
  let target: Target = firstTarget(chat, messageId)

  const nextMs = (): number => {
    if (target.kind === 'none' || target.kind === 'closed') return Number.POSITIVE_INFINITY
    const isNew = current !== shown
    if (!isNew && target.kind === 'edit') return Number.POSITIVE_INFINITY
    const kind = target.kind === 'draft' ? 'draft' : target.messageId ? 'edit' : 'send'
    const everyMs = !isNew ? DRAFT_REFRESH_MS : place.isGroup ? GROUP_EVERY_MS : PRIVATE_EVERY_MS
    return Math.max(gate.waitMs(kind), shownAtMs + everyMs - clock.nowMs())
  }
  const run = async (): Promise<void> => {
    while (!isClosed) {
      wake = new AbortController()
      const ms = nextMs()
      if (ms > 0) {
        await clock.sleep(Math.min(ms, DRAFT_REFRESH_MS), wake.signal)
        continue
      }
      const showing = current
      const result = await showOnce(chat, turn, target, showing())
      if (state.isBlocked() || result.target.kind === 'closed') return events.onClosed()
      if (result.target.kind === 'edit' && target !== result.target && result.target.messageId !== undefined)
        events.onMessage(result.target.messageId)
      target = result.target
      if (result.isShown) shown = showing
      if (result.isShown) shownAtMs = clock.nowMs()
    }
  }
  const running = run()
  return {
    show: (make) => {
      current = make
      wake.abort()
    },
    close: () => {
      isClosed = true
      wake.abort()
      return running
    },
  }
}

/** `none`: the first message was lost, so nothing can be shown until the answer is whole. `closed`: nor after that. */
type Target =
  | { readonly kind: 'draft' }
  | { readonly kind: 'edit'; readonly messageId: number | undefined }
  | { readonly kind: 'none' }
  | { readonly kind: 'closed' }

function firstTarget({ state, place, clock }: Chat, messageId: number | undefined): Target {
  const hasDrafts = !place.isGroup && clock.nowMs() >= state.draftsOffUntilMs()
  return messageId === undefined && hasDrafts ? { kind: 'draft' } : { kind: 'edit', messageId }
}

type Shown = { readonly target: Target; readonly isShown: boolean }

async function showOnce(chat: Chat, turn: Turn, target: Target, rich: RichText): Promise<Shown> {
  if (target.kind === 'none' || target.kind === 'closed') return { target, isShown: true }
  const visible = splitAnswer(rich).at(-1) ?? plain('')
  if (target.kind === 'draft') return showDraft(chat, turn, visible)
  if (target.messageId === undefined) return showPlaceholder(chat, turn, visible)
  const result = await edit(chat, target.messageId, visible.text ? visible : plain(PLACEHOLDER), {
    keyboard: stopKeyboard(wordsFor(turn.language), turn.seq),
    patience: 'once',
  })
  if (result.ok) return { target, isShown: true }
  if (result.reason === 'closed') return { target: { kind: 'closed' }, isShown: false }
  return { target: result.reason === 'gone' ? { kind: 'none' } : target, isShown: false }
}

async function showPlaceholder(chat: Chat, turn: Turn, visible: RichText): Promise<Shown> {
  const sent = await say(chat, plain(PLACEHOLDER), {
    keyboard: stopKeyboard(wordsFor(turn.language), turn.seq),
    patience: 'once',
    ...(turn.messageId === undefined ? {} : { replyTo: turn.messageId }),
  })
  if (sent.ok) {
    return { target: { kind: 'edit', messageId: sent.value.message_id }, isShown: visible.text === '' }
  }
  if (sent.reason === 'closed') return { target: { kind: 'closed' }, isShown: false }
  const comesLater = sent.reason === 'too-many' || sent.reason === 'server'
  return { target: comesLater ? { kind: 'edit', messageId: undefined } : { kind: 'none' }, isShown: false }
}

const WITHOUT_DRAFTS = new Set<CallFailure>(['closed', 'unknown-method', 'refused', 'markup', 'gone'])

async function showDraft(chat: Chat, turn: Turn, visible: RichText): Promise<Shown> {
  const { gate, api, place, state, clock } = chat
  const result = await withoutMarkup(visible, ({ text, entities }) =>
    gate.call(
      'draft',
      () =>
        api.raw.sendMessageDraft({
          chat_id: place.chatId,
          ...(place.threadId === undefined ? {} : { message_thread_id: place.threadId }),
          draft_id: turn.seq,
          text,
          entities: [...entities],
          can_stop: true,
          keep_on_stop: true,
        }),
      { patience: 'once' },
    ),
  )
  if (result.ok || !WITHOUT_DRAFTS.has(result.reason))
    return { target: { kind: 'draft' }, isShown: result.ok }
  if (result.reason === 'closed') return { target: { kind: 'closed' }, isShown: false }
  state.setDraftsOffUntilMs(clock.nowMs() + DRAFTS_OFF_MS)
  return { target: { kind: 'edit', messageId: undefined }, isShown: false }
}
