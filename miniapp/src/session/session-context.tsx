import { createContext, use } from 'react'
import type { Session } from './session.ts'

/** The person who opened the page; undefined outside Telegram, where nobody is known. */
export const SessionContext = createContext<Session | undefined>(undefined)

export function useSession(): Session | undefined {
  return use(SessionContext)
}
