import type { Conversation, KeptTurn, Message } from '../conversation.ts'
import type { ChatStore } from './chat-store.ts'

/** Keeps conversations for as long as the page is open: where the device gives no storage, and in tests. */
export function createMemoryStore(): ChatStore {
  const conversations = new Map<string, Conversation>()
  const messages = new Map<string, readonly Message[]>()
  const turns = new Map<string, KeptTurn>()
  const drafts = new Map<string, string>()
  const messagesOf = (id: string) => messages.get(id) ?? []
  return {
    isLasting: false,
    readConversations: async () =>
      [...conversations.values()].toSorted((a, b) => b.updatedAtMs - a.updatedAtMs),
    readMessages: async (id) => messagesOf(id),
    readTurns: async () => [...turns.values()],
    readDrafts: async () => [...drafts].map(([conversation, text]) => ({ conversation, text })),
    write: async ({ conversation, dropFrom, put = [], turn, dropTurn, draft }) => {
      if (conversation) conversations.set(conversation.id, conversation)
      if (dropFrom) {
        const kept = messagesOf(dropFrom.conversation).filter(({ position }) => position < dropFrom.position)
        messages.set(dropFrom.conversation, kept)
      }
      for (const message of put) {
        const others = messagesOf(message.conversation).filter(
          ({ position }) => position !== message.position,
        )
        messages.set(
          message.conversation,
          [...others, message].toSorted((a, b) => a.position - b.position),
        )
      }
      if (dropTurn !== undefined) turns.delete(dropTurn)
      if (turn) turns.set(turn.conversation, turn)
      if (draft?.text === '') drafts.delete(draft.conversation)
      else if (draft) drafts.set(draft.conversation, draft.text)
    },
    remove: async (id) => {
      for (const kept of [conversations, messages, turns, drafts]) kept.delete(id)
    },
  }
}
