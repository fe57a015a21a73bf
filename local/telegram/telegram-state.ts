import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { BotCommand, Chat, MenuButton, Message, Update, User } from 'grammy/types'

/** `new`: the person has not written yet, so the bot may not write first. */
export type BotStatus = 'new' | 'member' | 'administrator' | 'blocked' | 'kicked' | 'left'

export type Topic = { readonly id: number; name: string }

export type ChatRecord = {
  readonly chat: Chat.PrivateChat | Chat.SupergroupChat
  readonly memberIds: number[]
  botStatus: BotStatus
  readonly topics: Topic[]
  messages: Message[]
}

export type Webhook = {
  url: string // empty: not set
  secretToken: string
  lastErrorDate?: number
  lastErrorMessage?: string
}

/** An invoice under a message. Telegram shows its payload to nobody but the bot. */
export type Invoice = {
  readonly chatId: number
  readonly messageId: number
  readonly payload: string
  readonly stars: number
  paid: boolean
}

export type StarPayment = {
  readonly chargeId: string
  readonly providerChargeId: string
  readonly personId: number
  readonly chatId: number
  readonly stars: number
  readonly payload: string
  readonly dateS: number
  refundedAtS?: number
}

/** All that outlives a restart. */
export type TelegramState = {
  readonly version: 1
  nextUpdateId: number
  nextMessageId: number
  nextCallbackId: number
  readonly people: User[]
  readonly chats: ChatRecord[]
  pending: Update[]
  webhook: Webhook
  allowedUpdates: string[] // empty: Telegram's default set
  readonly commands: Record<string, BotCommand[]> // by scope and language
  readonly names: Record<string, string> // by language
  readonly descriptions: Record<string, string>
  readonly shortDescriptions: Record<string, string>
  readonly menuButtons: Record<string, MenuButton> // by chat, '' for all
  readonly stars: Record<string, number> // by person; missing: as at the start
  readonly invoices: Invoice[]
  readonly starPayments: StarPayment[]
  starsWithdrawn: number // that the bot's owner took out
}

export const YOU_ID = 1001
export const FRIEND_ID = 1002
export const GROUP_ID = -1_001_000_000_001

/** Two people on this machine and the chats each of them opens first. */
export function emptyState(): TelegramState {
  const you: User = { id: YOU_ID, is_bot: false, first_name: 'You', language_code: 'en' }
  const friend: User = { id: FRIEND_ID, is_bot: false, first_name: 'Friend', language_code: 'en' }
  return {
    version: 1,
    nextUpdateId: 100_001,
    nextMessageId: 1,
    nextCallbackId: 1,
    people: [you, friend],
    chats: [privateChat(you), privateChat(friend), firstGroup()],
    pending: [],
    webhook: { url: '', secretToken: '' },
    allowedUpdates: [],
    commands: {},
    names: {},
    descriptions: {},
    shortDescriptions: {},
    menuButtons: {},
    stars: {},
    invoices: [],
    starPayments: [],
    starsWithdrawn: 0,
  }
}

/** The bot is an administrator there and hears everything, so that its silence is its own doing. */
function firstGroup(): ChatRecord {
  return {
    chat: { id: GROUP_ID, type: 'supergroup', title: 'Our group' },
    memberIds: [YOU_ID, FRIEND_ID],
    botStatus: 'administrator',
    topics: [],
    messages: [],
  }
}

export function privateChat(person: User): ChatRecord {
  const { id, first_name } = person
  return {
    chat: { id, type: 'private', first_name },
    memberIds: [id],
    botStatus: 'new',
    topics: [],
    messages: [],
  }
}

/** Reads the state of the last run; starts anew when there is no file. Throws when the file is not ours. */
export function loadState(file: string | undefined): TelegramState {
  if (!file) return emptyState()
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return emptyState() // the first run: there is nothing to read yet
  }
  // What an older run did not know yet begins empty.
  const state = { ...emptyState(), ...(JSON.parse(text) as TelegramState) }
  if (state.version !== 1) throw new Error(`${file} was written by another version; delete it to start anew`)
  return state
}

/** Writes the state in one step, so that a kill leaves either the old or the new file, never half of one. */
export function saveState(file: string, state: TelegramState): void {
  const temporary = `${file}.new`
  writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 })
  renameSync(temporary, file)
}
