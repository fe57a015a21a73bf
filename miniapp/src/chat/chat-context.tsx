import { createContext, use } from 'react'
import type { Session } from '../session/session.ts'
import type { UsedChoice } from './choice/use-choice.ts'
import type { ChatEngine, Chosen } from './engine/chat-engine.ts'

/** What opens over the page. */
export type OpenSheet =
  | { readonly sheet: 'choice' }
  | { readonly sheet: 'menu'; readonly conversation: string }
  | { readonly sheet: 'receipt'; readonly conversation: string; readonly position: number }

/** What every part of the chat needs. */
export type Chat = {
  readonly session: Session
  readonly engine: ChatEngine
  readonly choice: UsedChoice
  readonly openSheet: (sheet: OpenSheet) => void
}

export const ChatContext = createContext<Chat | undefined>(undefined)

/** The chat that a part of the page belongs to. Throws outside of one. */
export function useChat(): Chat {
  const chat = use(ChatContext)
  if (!chat) throw new Error('this belongs into a ChatContext')
  return chat
}

/** Who shall answer, with how much it can read; undefined where nobody can be asked. */
export function chosenOf({ picked, isSealed }: UsedChoice): Chosen | undefined {
  return picked && { choice: picked.choice, contextTokens: picked.served?.contextTokens ?? 0, isSealed }
}
