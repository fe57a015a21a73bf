import type { BotCommand, Chat, MenuButton, Message, User } from 'grammy/types'
import type { Draft } from './draft-book.ts'
import { commandsFor, menuButtonOf, profileText } from './methods/profile-methods.ts'
import { starsOf } from './stars.ts'
import { personById, publicUser, type ServerEvent, type TelegramServer } from './telegram-server.ts'
import type { BotStatus, ChatRecord, Topic } from './telegram-state.ts'

export type PageChat = {
  readonly chat: Chat
  readonly botStatus: BotStatus
  readonly topics: readonly Topic[]
  readonly messages: readonly Message[]
  readonly drafts: readonly Draft[]
  readonly commands: readonly BotCommand[]
  readonly menuButton: MenuButton | undefined
  readonly members: readonly User[]
}

/** All a person sees when the page opens; later changes come as events. */
export type PageState = {
  readonly bot: User & { readonly description: string }
  readonly me: User
  /** What the person can pay with. */
  readonly stars: number
  readonly people: readonly User[]
  readonly chats: readonly PageChat[]
}

const MESSAGES_SHOWN_MAX = 500

export function pageState(
  server: TelegramServer,
  personId: number,
  miniappUrl: string | undefined,
): PageState {
  const me = personById(server, personId)
  const language = me.language_code ?? 'en'
  const { names, descriptions } = server.state
  return {
    bot: {
      ...publicUser(server.bot),
      first_name: profileText(names, language) || server.bot.first_name,
      description: profileText(descriptions, language),
    },
    me,
    stars: starsOf(server, personId),
    people: server.state.people,
    chats: chatsOf(server, personId).map((record) => pageChat(server, record, language, miniappUrl)),
  }
}

function pageChat(
  server: TelegramServer,
  record: ChatRecord,
  language: string,
  miniappUrl: string | undefined,
): PageChat {
  const { chat, botStatus, topics, messages, memberIds } = record
  return {
    chat,
    botStatus,
    topics,
    messages: messages.slice(-MESSAGES_SHOWN_MAX),
    drafts: server.drafts.all(chat.id),
    commands: commandsFor(server, chat, language),
    menuButton: chat.type === 'private' ? menuButton(server, chat.id, miniappUrl, language) : undefined,
    members: memberIds.map((id) => personById(server, id)),
  }
}

const OPEN: Readonly<Record<string, string>> = { ar: 'افتح', ru: 'Открыть' }

function menuButton(
  server: TelegramServer,
  chatId: number,
  miniappUrl: string | undefined,
  language: string,
): MenuButton {
  const set = menuButtonOf(server, chatId)
  if (set.type === 'web_app' || !miniappUrl) return set
  return { type: 'web_app', text: OPEN[language] ?? 'Open', web_app: { url: miniappUrl } }
}

/** A person's chats: their own with the bot, and the groups they are in. */
export function chatsOf(server: TelegramServer, personId: number): ChatRecord[] {
  return server.state.chats.filter(
    ({ chat, memberIds }) => chat.id === personId || (chat.id < 0 && memberIds.includes(personId)),
  )
}

/** Says whether a person's page may hear an event. */
export function isFor(server: TelegramServer, personId: number, event: ServerEvent): boolean {
  if (event.type === 'callback-answer' || event.type === 'checkout-failed') {
    return event.personId === personId
  }
  if (event.type === 'profile' || event.type === 'chats') return true
  return chatsOf(server, personId).some(({ chat }) => chat.id === event.chatId)
}
