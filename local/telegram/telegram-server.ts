import type { Message, User, UserFromGetMe } from 'grammy/types'
import { badRequest, forbidden } from './bot-api-error.ts'
import type { Call } from './call-log.ts'
import type { Draft, DraftBook } from './draft-book.ts'
import type { FaultPlan } from './faults.ts'
import { type Params, textParam } from './params.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Checkout } from './stars.ts'
import type { ChatRecord, TelegramState } from './telegram-state.ts'
import type { UpdateQueue } from './update-queue.ts'

/** What the chat page hears as it happens. */
export type ServerEvent =
  | { readonly type: 'message' | 'edited'; readonly chatId: number; readonly message: Message }
  | { readonly type: 'deleted'; readonly chatId: number; readonly messageId: number }
  | { readonly type: 'draft' | 'draft-gone'; readonly chatId: number; readonly draft: Draft }
  | {
      readonly type: 'action'
      readonly chatId: number
      readonly threadId: number | undefined
      readonly action: string
    }
  | {
      readonly type: 'callback-answer'
      readonly personId: number
      readonly text: string
      readonly isAlert: boolean
      readonly url: string
    }
  | {
      /** Paying did not work: the bot said no, or nothing, or there are not enough Stars. */
      readonly type: 'checkout-failed'
      readonly personId: number
      readonly messageId: number
      readonly error: string
    }
  | { readonly type: 'profile' }
  | { readonly type: 'chats' }

export type CallbackRecord = { readonly personId: number; readonly atMs: number; answered: boolean }

export type StoredFile = {
  readonly path: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mimeType: string
}

/** The parts every method works with. */
export type TelegramServer = {
  readonly token: string
  readonly bot: UserFromGetMe
  readonly state: TelegramState
  readonly queue: UpdateQueue
  readonly limits: RateLimits
  readonly faults: FaultPlan
  readonly drafts: DraftBook
  readonly calls: Call[]
  readonly callbacks: Map<string, CallbackRecord>
  readonly callbackLifeMs: number
  readonly checkouts: Map<string, Checkout>
  readonly checkoutLifeMs: number
  readonly files: Map<string, StoredFile>
  readonly nowMs: () => number
  readonly save: () => void
  readonly emit: (event: ServerEvent) => void
  readonly listen: (listener: (event: ServerEvent) => void) => () => void
}

type MessageParts = Omit<Partial<Message>, 'message_id' | 'chat' | 'date' | 'from'>

export function chatById(server: TelegramServer, chatId: number): ChatRecord {
  const record = server.state.chats.find(({ chat }) => chat.id === chatId)
  if (!record) throw new Error(`there is no chat ${chatId}`)
  return record
}

export function personById(server: TelegramServer, personId: number): User {
  const person = server.state.people.find(({ id }) => id === personId)
  if (!person) throw new Error(`there is no person ${personId}`)
  return person
}

/** Finds the chat a call is about, or refuses with Telegram's words. */
export function requireChat(server: TelegramServer, params: Params, access: 'read' | 'write'): ChatRecord {
  const text = textParam(params, 'chat_id')
  if (!text) throw badRequest('chat_id is empty')
  const id = Number.parseInt(text, 10)
  const record = server.state.chats.find(({ chat }) => chat.id === id)
  if (!record) throw badRequest('chat not found')
  const { botStatus } = record
  if (botStatus === 'new') {
    throw access === 'write'
      ? forbidden("bot can't initiate conversation with a user")
      : badRequest('chat not found')
  }
  if (botStatus === 'kicked') throw forbidden('bot was kicked from the supergroup chat')
  if (botStatus === 'left') throw forbidden('bot is not a member of the supergroup chat')
  if (botStatus === 'blocked' && access === 'write') throw forbidden('bot was blocked by the user')
  return record
}

export function findMessage(record: ChatRecord, messageId: number): Message | undefined {
  return record.messages.find(({ message_id }) => message_id === messageId)
}

/** Stores a message, tells the page, and gives it back as the Bot API shows it. */
export function storeMessage(
  server: TelegramServer,
  record: ChatRecord,
  from: User,
  parts: MessageParts,
): Message {
  const message: Message = {
    message_id: nextMessageId(server, record),
    from: publicUser(from),
    chat: record.chat,
    date: Math.floor(server.nowMs() / 1000),
    ...parts,
  }
  record.messages.push(message)
  server.save()
  server.emit({ type: 'message', chatId: record.chat.id, message })
  return message
}

/** The reply's target as it hangs under a message: without its own target. */
export function asReplyTarget(message: Message): NonNullable<Message['reply_to_message']> {
  const { reply_to_message: _dropped, ...rest } = message
  return rest as NonNullable<Message['reply_to_message']>
}

/** A bot as other people see it, without what only getMe tells. */
export function publicUser(user: User): User {
  const { id, is_bot, first_name, last_name, username, language_code } = user
  return {
    id,
    is_bot,
    first_name,
    ...(last_name ? { last_name } : {}),
    ...(username ? { username } : {}),
    ...(language_code && !is_bot ? { language_code } : {}),
  }
}

/** Private chats share one counter, each group has its own, as in Telegram. */
function nextMessageId(server: TelegramServer, record: ChatRecord): number {
  if (record.chat.type === 'private') return server.state.nextMessageId++
  return record.messages.reduce((highest, { message_id }) => Math.max(highest, message_id), 0) + 1
}
