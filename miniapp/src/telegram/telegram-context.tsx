import { createContext, use } from 'react'
import { createTelegram, type Telegram } from './telegram.ts'

/** The app around the page. */
export const TelegramContext = createContext<Telegram>(createTelegram(false))

export function useTelegram(): Telegram {
  return use(TelegramContext)
}
