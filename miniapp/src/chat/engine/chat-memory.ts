import type { Conversation, Message } from '../conversation.ts'
import type { LiveTurn } from './live-turns.ts'

/** All conversations, as the list shows them. */
export type Library = {
  readonly isLoaded: boolean
  /** False: nothing is kept when the page is closed. */
  readonly isLasting: boolean
  /** False: the device did not take the last change, for want of room. */
  readonly isKept: boolean
  /** The newest first. */
  readonly conversations: readonly Conversation[]
}

/** One conversation. */
export type ConversationView = {
  readonly isLoaded: boolean
  readonly messages: readonly Message[]
  /** The answer that is being written. */
  readonly live: LiveTurn | undefined
}

const LOADING: ConversationView = { isLoaded: false, messages: [], live: undefined }

export type ChatMemory = ReturnType<typeof createChatMemory>

/** What the page shows of all conversations. Each change makes new objects of what changed, and tells who listens. */
export function createChatMemory(isLasting: boolean) {
  let library: Library = { isLoaded: false, isLasting, isKept: true, conversations: [] }
  const views = new Map<string, ConversationView>()
  const listeners = new Set<() => void>()
  const setLibrary = (change: Partial<Library>) => {
    library = { ...library, ...change }
    for (const listener of listeners) listener()
  }
  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    library: (): Library => library,
    view: (id: string): ConversationView => views.get(id) ?? LOADING,
    find: (id: string): Conversation | undefined => library.conversations.find((one) => one.id === id),
    setLibrary,
    setView: (id: string, change: Partial<ConversationView>): void => {
      views.set(id, { ...(views.get(id) ?? LOADING), ...change })
      for (const listener of listeners) listener()
    },
    put: (conversation: Conversation): void => {
      const others = library.conversations.filter(({ id }) => id !== conversation.id)
      const conversations = [conversation, ...others].toSorted((a, b) => b.updatedAtMs - a.updatedAtMs)
      setLibrary({ conversations })
    },
    drop: (id: string): void => {
      views.delete(id)
      setLibrary({ conversations: library.conversations.filter((one) => one.id !== id) })
    },
  }
}
