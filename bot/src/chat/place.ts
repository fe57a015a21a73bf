import type { Chat, Update } from 'grammy/types'
import { z } from 'zod'

/** Where a conversation happens: a chat, and its topic where it has topics. */
export const placeSchema = z.object({
  chatId: z.int(),
  /** Only of a topic; the reply threads of ordinary groups are none. */
  threadId: z.int().optional(),
  isGroup: z.boolean(),
})
export type Place = z.infer<typeof placeSchema>

/** What of an update is needed to find its conversation. */
export const updateSchema = z.looseObject({ update_id: z.int() })

/** Finds the conversation that an update belongs to; undefined for kinds that the bot does not handle. */
export function placeOf(update: Update): Place | undefined {
  const message = update.message ?? update.edited_message ?? update.callback_query?.message
  if (message) {
    const isTopic = 'is_topic_message' in message && message.is_topic_message === true
    const threadId = 'message_thread_id' in message ? message.message_thread_id : undefined
    return place(message.chat, message.chat.type === 'private' || isTopic ? threadId : undefined)
  }
  const stopped = update.stopped_message_generation
  if (stopped) return place(stopped.chat, stopped.message_thread_id)
  // A payment is asked about without a chat: its payer's private one keeps it.
  if (update.pre_checkout_query) return privatePlace(update.pre_checkout_query.from.id)
  return update.my_chat_member ? place(update.my_chat_member.chat, undefined) : undefined
}

/** The private chat of a person, outside of any topic. */
export function privatePlace(telegramId: number): Place {
  return { chatId: telegramId, isGroup: false }
}

/** Names a conversation: the same for everything that is said in one topic. */
export function conversationKey({ chatId, threadId }: Place): string {
  return `${chatId}/${threadId ?? 0}`
}

function place(chat: Chat, threadId: number | undefined): Place | undefined {
  if (chat.type === 'channel') return undefined
  return {
    chatId: chat.id,
    isGroup: chat.type !== 'private',
    ...(threadId === undefined ? {} : { threadId }),
  }
}
