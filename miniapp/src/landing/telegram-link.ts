import type { Place } from '../shell/places.ts'

/** Where Telegram opens the app, at one of its pages. */
export function telegramLink(bot: string, place: Place): string {
  return `https://t.me/${bot}?startapp=${place}`
}
