import type { Conversation, KeptTurn, Message } from '../conversation.ts'

// What is kept on the device, and nowhere else. With IndexedDB: a database `sharnaqa-chat-<Telegram user id>`, version 1,
// so that people who share a device do not read each other. Its object stores, with plain objects of `conversation.ts`:
//
//   conversations  key `id`                        Conversation: {id, title, isNamed, createdAtMs, updatedAtMs}
//   messages       key [`conversation`, `position`]  Message: a Question {conversation, position, from: 'person', text, atMs},
//                                                  or an Answer {conversation, position, from: 'model', text, atMs, model,
//                                                  tier, ending: {how: 'done'}, jobs: []}. Positions count from 0.
//   turns          key `conversation`              KeptTurn: the answer of a conversation that is not over yet
//   drafts         key `conversation`              Draft: {conversation, text}; '' is the question that begins a new one
//
// A conversation that another program puts there (a row in `conversations`, its rows in `messages`) is shown the next time
// the page is loaded.

/** What a person has written and not sent. */
export type Draft = { readonly conversation: string; readonly text: string }

/** What changes together: all of it is kept, or nothing. */
export type Change = {
  readonly conversation?: Conversation
  readonly put?: readonly Message[]
  /** Removes the messages of a conversation from a position on. Comes before `put`. */
  readonly dropFrom?: { readonly conversation: string; readonly position: number }
  readonly turn?: KeptTurn
  /** Ends the turn of this conversation. */
  readonly dropTurn?: string
  readonly draft?: Draft
}

/** Keeps conversations. Readers and writers reject where the device does not let them. */
export type ChatStore = {
  /** False: nothing is kept when the page is closed. */
  readonly isLasting: boolean
  /** The newest first. */
  readonly readConversations: () => Promise<readonly Conversation[]>
  /** In order. */
  readonly readMessages: (conversation: string) => Promise<readonly Message[]>
  readonly readTurns: () => Promise<readonly KeptTurn[]>
  readonly readDrafts: () => Promise<readonly Draft[]>
  readonly write: (change: Change) => Promise<void>
  /** Removes a conversation with all that belongs to it. */
  readonly remove: (conversation: string) => Promise<void>
}

/** The key of a draft that begins a conversation. */
export const NEW_DRAFT = ''
