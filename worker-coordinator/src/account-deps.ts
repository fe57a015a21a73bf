import { conversationKey, privatePlace } from '../../bot/src/chat/place.ts'
import { readAccountData } from './accounts/account-data-store.ts'
import type { KeptConversation } from './accounts/account-export.ts'
import { createRateLimit } from './accounts/rate-limit.ts'
import type { Deps } from './deps.ts'
import { connectDb } from './ledger/ledger-store.ts'

/** How often one account may have its copy made: it reads a lot. */
const EXPORTS_PER_MINUTE = 3

/** The functions of a person's own copy, and of leaving: what is kept in tables and in conversations. */
export function createAccountDeps(env: Cloudflare.Env, deps: Deps) {
  const db = connectDb(env.DB)
  const conversationOf = (telegramId: number, threadId?: number) =>
    env.CONVERSATION.getByName(
      conversationKey({ ...privatePlace(telegramId), ...(threadId === undefined ? {} : { threadId }) }),
    )
  return {
    takeExport: createRateLimit({ perMinute: EXPORTS_PER_MINUTE, nowMs: deps.nowMs }),
    readAccountData: (accountId: number) => readAccountData(db, accountId),
    readConversations: async (telegramId: number): Promise<readonly KeptConversation[]> => {
      const chat = await conversationOf(telegramId).said()
      const inTopics = chat.topics.map(async (topic) => {
        const { messages } = await conversationOf(telegramId, topic).said()
        return { topic, messages }
      })
      return [{ topic: undefined, messages: chat.messages }, ...(await Promise.all(inTopics))].filter(
        ({ messages }) => messages.length > 0,
      )
    },
    forgetConversations: async (telegramId: number): Promise<void> => {
      const chat = conversationOf(telegramId)
      const { topics } = await chat.said()
      await Promise.all([chat.forget(), ...topics.map((topic) => conversationOf(telegramId, topic).forget())])
    },
  }
}
