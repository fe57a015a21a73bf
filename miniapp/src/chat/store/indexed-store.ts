import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Conversation, KeptTurn, Message } from '../conversation.ts'
import type { ChatStore, Draft } from './chat-store.ts'

const VERSION = 1

/** The schema is described in chat-store.ts. Another one needs another version, and a step in `upgrade`. */
type Schema = DBSchema & {
  conversations: { key: string; value: Conversation }
  messages: { key: [string, number]; value: Message }
  turns: { key: string; value: KeptTurn }
  drafts: { key: string; value: Draft }
}

const STORES = ['conversations', 'messages', 'turns', 'drafts'] as const

/** Opens what is kept on this device for a person. Rejects where the device keeps nothing: private windows, old clients. */
export async function openIndexedStore(person: string): Promise<ChatStore> {
  const database = await openDB<Schema>(`sharnaqa-chat-${person}`, VERSION, {
    upgrade: (db) => {
      db.createObjectStore('conversations', { keyPath: 'id' })
      db.createObjectStore('messages', { keyPath: ['conversation', 'position'] })
      db.createObjectStore('turns', { keyPath: 'conversation' })
      db.createObjectStore('drafts', { keyPath: 'conversation' })
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(), // another window deletes or renews it
  })
  return {
    isLasting: true,
    readConversations: async () =>
      (await database.getAll('conversations')).toSorted((a, b) => b.updatedAtMs - a.updatedAtMs),
    readMessages: (id) => database.getAll('messages', from(id, 0)),
    readTurns: () => database.getAll('turns'),
    readDrafts: () => database.getAll('drafts'),
    write: (change) => writeChange(database, change),
    remove: async (id) => {
      const transaction = database.transaction(STORES, 'readwrite')
      const [conversations, messages, turns, drafts] = STORES.map((name) => transaction.objectStore(name))
      await Promise.all([
        conversations?.delete(id),
        messages?.delete(from(id, 0)),
        turns?.delete(id),
        drafts?.delete(id),
        transaction.done,
      ])
    },
  }
}

type Write = Parameters<ChatStore['write']>[0]

/** One transaction, so that a reload in the middle finds the state before or behind it. */
async function writeChange(database: IDBPDatabase<Schema>, change: Write): Promise<void> {
  const { conversation, dropFrom, put = [], turn, dropTurn, draft } = change
  const transaction = database.transaction(STORES, 'readwrite')
  const messages = transaction.objectStore('messages')
  const turns = transaction.objectStore('turns')
  const drafts = transaction.objectStore('drafts')
  const steps: Promise<unknown>[] = []
  if (conversation) steps.push(transaction.objectStore('conversations').put(conversation))
  if (dropFrom) steps.push(messages.delete(from(dropFrom.conversation, dropFrom.position)))
  for (const message of put) steps.push(messages.put(message))
  if (dropTurn !== undefined) steps.push(turns.delete(dropTurn))
  if (turn) steps.push(turns.put(turn))
  if (draft) steps.push(draft.text === '' ? drafts.delete(draft.conversation) : drafts.put(draft))
  await Promise.all([...steps, transaction.done])
}

/** The messages of a conversation from a position on. */
function from(conversation: string, position: number): IDBKeyRange {
  return IDBKeyRange.bound([conversation, position], [conversation, Number.POSITIVE_INFINITY])
}
