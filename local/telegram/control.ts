import { setTimeout as sleep } from 'node:timers/promises'
import type { Chat, Message, Update, User, UserFromGetMe } from 'grammy/types'
import type { Call, UpdateRecord } from './call-log.ts'
import type { Draft } from './draft-book.ts'
import type { Fault } from './faults.ts'
import * as people from './people.ts'
import { type MediaKind, sampleMedia } from './sample-media.ts'
import * as stars from './stars.ts'
import { chatById, type TelegramServer } from './telegram-server.ts'
import { type StarPayment, YOU_ID } from './telegram-state.ts'

/** A test's hands and eyes: what people do, what goes wrong, and what the bot did. */
export type TelegramControl = {
  readonly bot: UserFromGetMe
  /** Every call of the bot, oldest first. */
  readonly calls: readonly Call[]
  /** Every update and its deliveries, oldest first. */
  readonly updates: readonly UpdateRecord[]
  readonly messages: (chatId?: number) => readonly Message[]
  readonly drafts: (chatId?: number) => Draft[]
  /** Gives the update that reaches the bot, or nothing when the bot may not hear it. */
  readonly say: (options: people.Say | string) => Update | undefined
  readonly sendMedia: (
    kind: MediaKind,
    options?: {
      readonly chat?: number
      readonly from?: number
      readonly threadId?: number
      readonly caption?: string
    },
  ) => Update | undefined
  readonly editMessage: (options: {
    readonly chat?: number
    readonly messageId: number
    readonly text: string
  }) => Update | undefined
  readonly press: (message: Message, button: string, options?: { readonly from?: number }) => Update
  readonly pressData: (message: Message, data: string, options?: { readonly from?: number }) => Update
  /** Presses Pay under an invoice. */
  readonly pay: (message: Message, options?: { readonly from?: number }) => Update
  /** How many Stars a person has. */
  readonly stars: (personId?: number) => number
  readonly setStars: (stars: number, personId?: number) => void
  /** Payments in Stars, oldest first. */
  readonly starPayments: () => readonly StarPayment[]
  /** Telegram itself gives a payment back. */
  readonly refundByTelegram: (chargeId: string) => Update
  /** The bot's owner takes Stars out, so that they are not there for refunds. */
  readonly withdrawStars: (stars: number) => void
  /** Stops the draft given, or the newest live one. */
  readonly stop: (draft?: Draft) => Update
  readonly addGroup: (options?: people.NewGroup) => Chat.SupergroupChat
  readonly addTopic: (options: {
    readonly chat?: number
    readonly from?: number
    readonly name: string
  }) => number
  readonly addPerson: (options: {
    readonly id: number
    readonly firstName: string
    readonly languageCode?: string
  }) => User
  readonly setLanguage: (personId: number, languageCode: string) => void
  /** The person blocks the bot, or the group removes it: 403 from now on. */
  readonly block: (chatId?: number) => void
  readonly unblock: (chatId?: number) => void
  readonly addFault: (fault: Fault) => void
  readonly clearFaults: () => void
  readonly faults: () => readonly Fault[]
  /** Delivers the next updates twice each. */
  readonly duplicateUpdates: (times: number) => void
  readonly deliverAgain: (updateId: number) => void
  /** Waits until the condition gives something; throws with `what` after `timeoutMs`. */
  readonly waitFor: <T>(
    what: string,
    condition: () => T | undefined | false | null,
    timeoutMs?: number,
  ) => Promise<T>
}

const WAIT_TIMEOUT_MS = 10_000
const WAIT_STEP_MS = 10

export function controlOf(server: TelegramServer): TelegramControl {
  return {
    bot: server.bot,
    calls: server.calls,
    updates: server.queue.records,
    messages: (chatId = YOU_ID) => chatById(server, chatId).messages,
    drafts: (chatId) => server.drafts.all(chatId),
    say: (options) => people.say(server, typeof options === 'string' ? { text: options } : options),
    sendMedia: (kind, options = {}) =>
      people.send(server, options, sampleMedia(server, kind, options.caption)),
    editMessage: (options) => people.edit(server, options),
    press: (message, button, options = {}) =>
      people.press(server, { ...pressed(message), ...options, button }),
    pressData: (message, data, options = {}) =>
      people.pressData(server, { ...pressed(message), ...options, data }),
    pay: (message, options = {}) => stars.pay(server, { ...pressed(message), ...options }),
    stars: (personId = YOU_ID) => stars.starsOf(server, personId),
    setStars: (count, personId = YOU_ID) => stars.setStars(server, personId, count),
    starPayments: () => server.state.starPayments,
    refundByTelegram: (chargeId) => stars.refundByTelegram(server, chargeId),
    withdrawStars: (count) => {
      server.state.starsWithdrawn += count
      server.save()
    },
    stop: (draft) => {
      const found = draft ?? server.drafts.all().at(-1)
      if (!found) throw new Error('there is no live draft to stop')
      return people.stop(server, found)
    },
    addGroup: (options) => people.addGroup(server, options),
    addTopic: (options) => people.addTopic(server, options),
    addPerson: (options) => people.addPerson(server, options),
    setLanguage: (personId, languageCode) => people.setLanguage(server, personId, languageCode),
    block: (chatId = YOU_ID) => {
      people.setBotStatus(server, chatById(server, chatId), chatId > 0 ? 'blocked' : 'kicked')
    },
    unblock: (chatId = YOU_ID) => people.setBotStatus(server, chatById(server, chatId), 'member'),
    addFault: (fault) => server.faults.add(fault),
    clearFaults: () => server.faults.clear(),
    faults: () => server.faults.left,
    duplicateUpdates: (times) => server.queue.duplicateNext(times),
    deliverAgain: (updateId) => server.queue.deliverAgain(updateId),
    waitFor,
  }
}

function pressed(message: Message): { chat: number; messageId: number } {
  return { chat: message.chat.id, messageId: message.message_id }
}

async function waitFor<T>(
  what: string,
  condition: () => T | undefined | false | null,
  timeoutMs = WAIT_TIMEOUT_MS,
): Promise<T> {
  const endMs = Date.now() + timeoutMs
  for (;;) {
    const found = condition()
    if (found) return found
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await sleep(WAIT_STEP_MS)
  }
}
