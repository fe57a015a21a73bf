import type { Bot } from 'grammy'
import { Api } from 'grammy'
import type { Update } from 'grammy/types'
import type { BotContext, Talk } from '../bot-context.ts'
import type { BotDeps } from '../bot-deps.ts'
import { createBot } from '../create-bot.ts'
import { performErrand } from '../money/perform-errand.ts'
import { clientOptions, type TelegramAccess } from '../telegram-access.ts'
import { languageOf, wordsFor } from '../words/words.ts'
import type { Clock } from './clock.ts'
import { type ConversationStorage, createConversationState } from './conversation-state.ts'
import type { Errand } from './errand.ts'
import { createErrands } from './errands.ts'
import { endTalk, forgetTalk } from './forget-talk.ts'
import type { Memory } from './memory.ts'
import { type Place, placeOf } from './place.ts'
import { plain } from './rich-text.ts'
import { say } from './say.ts'
import { createTelegramGate } from './telegram-gate.ts'
import { createTurns } from './turns.ts'

export type ConversationParts = {
  readonly deps: BotDeps
  readonly storage: ConversationStorage
  readonly access: TelegramAccess
  readonly clock: Clock
}

/** One chat or topic: takes its updates, answers them, and goes on after a death where it was. */
export type Conversation = {
  /** Notes the update for good and begins with it. One that came before changes nothing. Never waits, never throws. */
  readonly receive: (update: Update) => void
  /**
   * Notes something to be done and told in a place, for good, and begins with it. An id that came before changes
   * nothing. Never waits, never throws.
   */
  readonly runErrand: (place: Place, id: string, errand: Errand) => void
  /** What was said here, the oldest first. */
  readonly memory: () => Memory
  /** Ends what is being answered and forgets all that was said and chosen. Repeatable. */
  readonly forget: () => Promise<void>
  /** Goes on with what an earlier process left, and asks to be woken again while anything is left. */
  readonly wake: () => void
  /** Resolves when everything that was received has been dealt with. */
  readonly settled: () => Promise<void>
}

/** How long a dead process lies before its alarm brings the conversation back. */
const ALARM_AFTER_MS = 10_000
const HANDLE_TRIES_MAX = 5
const GET_ME_TRIES_MAX = 10
const GET_ME_WAIT_MAX_MS = 10_000

/** Opens a conversation on what is kept of it. */
export function createConversation(parts: ConversationParts): Conversation {
  const { deps, clock } = parts
  const state = createConversationState(parts.storage)
  const busy = new Set<Promise<void>>()
  let opened: { readonly talk: Talk; bot?: Promise<Bot<BotContext>> } | undefined
  let messages = Promise.resolve()
  let isAwake = false
  let alarmAtMs = 0

  const open = (place: Place) => {
    if (opened) return opened
    const gate = createTelegramGate({ clock, state, isGroup: place.isGroup })
    const api = new Api(parts.access.token, clientOptions(parts.access))
    const chat = { deps, clock, state, gate, api, place }
    opened = { talk: { chat, turns: createTurns(chat), errands: createErrands(chat, performErrand) } }
    return opened
  }
  /** Sets the alarm; one that only errands need comes when the first of them is due. */
  const arm = (): void => {
    const now = clock.nowMs()
    const dueMs = isAnswered() ? Math.min(...state.errands().map(({ kept }) => kept.notBeforeMs)) : 0
    const atMs = Math.max(now + ALARM_AFTER_MS, Number.isFinite(dueMs) ? dueMs : 0)
    if (alarmAtMs > now && alarmAtMs <= atMs) return
    alarmAtMs = atMs
    parts.storage.setAlarm(alarmAtMs)
  }
  const track = (work: Promise<void>): void => {
    busy.add(work)
    work.finally(() => busy.delete(work))
  }
  /** Messages and edits one after another, so that their order is kept; commands and buttons at once. */
  const handle = (key: string, update: Update): void => {
    const place = state.place()
    // An update that killed its process every time is given up.
    if (!place || state.noteTry(key) > HANDLE_TRIES_MAX) return state.removeFromInbox(key)
    const session = open(place)
    const work = () =>
      handleUpdate(parts, state, session, key, update).catch((error) => {
        deps.log('update-lost', { updateId: update.update_id, error: nameOf(error) })
      })
    const isMessage = (update.message ?? update.edited_message) !== undefined && !isCommand(update)
    if (isMessage) messages = messages.then(work)
    track(isMessage ? messages : work())
  }
  const wakeUp = (): void => {
    if (isAwake) return
    isAwake = true
    const place = state.place()
    if (!place) return
    for (const { key, update } of state.inbox()) handle(key, update)
    open(place).talk.turns.start()
    open(place).talk.errands.start()
  }
  const isAnswered = () => state.inbox().length === 0 && state.turns().length === 0 && !state.running()
  const isDone = () => isAnswered() && state.errands().length === 0
  return {
    receive: (update) => {
      wakeUp()
      const place = placeOf(update)
      if (!place || !state.noteUpdate(update.update_id)) return
      state.setPlace(place)
      const key = state.addToInbox(update)
      arm()
      handle(key, update)
    },
    runErrand: (place, id, errand) => {
      wakeUp()
      if (!state.place()) state.setPlace(place)
      open(place).talk.errands.add(id, errand)
      if (!isDone()) arm()
    },
    memory: state.memory,
    forget: async () => {
      const place = state.place()
      if (!place) return state.forgetAll()
      const { talk } = open(place)
      await endTalk(talk)
      await forgetTalk(talk)
    },
    wake: () => {
      if (isDone()) return
      alarmAtMs = 0
      arm()
      if (busy.size === 0) isAwake = false
      wakeUp()
    },
    settled: async () => {
      for (;;) {
        await Promise.all(busy)
        await opened?.talk.turns.settled()
        await opened?.talk.errands.settled()
        if (busy.size === 0 && (!opened || state.turns().length === 0)) return
      }
    },
  }
}

type Session = { readonly talk: Talk; bot?: Promise<Bot<BotContext>> }

/** Lets the bot's features have an update, and takes it from the inbox when it is dealt with. */
async function handleUpdate(
  parts: ConversationParts,
  state: Talk['chat']['state'],
  session: Session,
  key: string,
  update: Update,
): Promise<void> {
  const bot = await openBot(parts, state, session)
  if (!bot) return // Telegram cannot be reached: the update stays, the alarm comes back to it
  try {
    await bot.handleUpdate(update)
  } catch (error) {
    parts.deps.log('update-failed', { updateId: update.update_id, error: nameOf(error) })
    await apologize(session.talk, update)
  }
  state.removeFromInbox(key)
}

/** Says that something did not work: as a message, or where a button was pressed. */
async function apologize({ chat }: Talk, { message, callback_query: press }: Update): Promise<void> {
  const words = wordsFor(languageOf((message ?? press)?.from?.language_code))
  if (message) await say(chat, plain(words('command-failed')))
  if (press) {
    const text = words('command-failed')
    await chat.api.answerCallbackQuery(press.id, { text }).catch(() => undefined) // it was worth a try
  }
}

/** Makes the bot when it is first needed. Who it is, is asked once and kept. */
async function openBot(
  parts: ConversationParts,
  state: Talk['chat']['state'],
  session: Session,
): Promise<Bot<BotContext> | undefined> {
  const { clock, access, deps } = parts
  const { talk } = session
  const make = async (): Promise<Bot<BotContext>> => {
    const known = state.botInfo(clock.nowMs())
    const info = known ?? (await talk.chat.api.getMe())
    if (!known) state.setBotInfo(info, clock.nowMs())
    return createBot(access, info, talk)
  }
  for (let tries = 1; tries <= GET_ME_TRIES_MAX; tries += 1) {
    session.bot ??= make()
    try {
      return await session.bot
    } catch (error) {
      delete session.bot
      deps.log('bot-unknown', { tries, error: nameOf(error) })
      if (tries < GET_ME_TRIES_MAX) await clock.sleep(Math.min(500 * 2 ** (tries - 1), GET_ME_WAIT_MAX_MS))
    }
  }
  return undefined
}

function isCommand(update: Update): boolean {
  const first = update.message?.entities?.[0]
  return first?.type === 'bot_command' && first.offset === 0
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error)
}
