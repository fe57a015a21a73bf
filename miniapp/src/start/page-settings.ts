import { readableColors } from './readable-colors.ts'
import { readTelegramLaunch } from './telegram-launch.ts'

export const LANGUAGES = ['en', 'ar', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

export type PageSettings = {
  readonly language: Language
  readonly direction: 'ltr' | 'rtl'
  /** `auto` follows the system. */
  readonly theme: 'light' | 'dark' | 'auto'
  /** CSS variables that Telegram's theme sets over ours. */
  readonly colors: Readonly<Record<string, string>>
}

/** Which of our variables each of Telegram's colours sets. Later lines win. */
const TELEGRAM_COLORS = [
  ['bg_color', '--surface'],
  ['section_bg_color', '--surface'],
  ['secondary_bg_color', '--ground'],
  ['text_color', '--text'],
  ['hint_color', '--hint'],
  ['subtitle_text_color', '--hint'],
  ['link_color', '--link'],
  ['button_color', '--button'],
  ['button_text_color', '--button-text'],
  ['destructive_text_color', '--bad'],
] as const

/** Where the language is kept that a person chose in the settings. */
export const LANGUAGE_KEPT_AS = 'sharnaqa-language'

/**
 * Decides language and theme: `?lang=` and `?theme=` first, then what the person chose before, then Telegram, then the
 * browser.
 */
export function readPageSettings(
  { search, hash }: Pick<Location, 'search' | 'hash'>,
  browserLanguages: readonly string[],
  chosenLanguage?: string | null,
): PageSettings {
  const query = new URLSearchParams(search)
  const launch = readTelegramLaunch(hash)
  const wishes = [query.get('lang'), chosenLanguage, launch.languageCode, ...browserLanguages]
  const language = wishes.map(knownLanguage).find((one) => one !== undefined) ?? 'en'
  const direction = language === 'ar' ? 'rtl' : 'ltr'
  const asked = query.get('theme')
  if (asked === 'light' || asked === 'dark') return { language, direction, theme: asked, colors: {} }
  return { language, direction, theme: themeOf(launch.theme.bg_color), colors: colorsOf(launch.theme) }
}

function knownLanguage(tag: string | null | undefined): Language | undefined {
  const base = tag?.toLowerCase().split(/[-_]/)[0]
  return LANGUAGES.find((one) => one === base)
}

/** Light or dark, by the background; `auto` without one. */
export function themeOf(background: string | undefined): PageSettings['theme'] {
  if (!background) return 'auto'
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(background.slice(at, at + 2), 16),
  )
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128 ? 'dark' : 'light'
}

/** Our variables with Telegram's colours. */
export function colorsOf(theme: Readonly<Record<string, string>>): Record<string, string> {
  const colors: Record<string, string> = {}
  for (const [telegram, ours] of TELEGRAM_COLORS) {
    const color = theme[telegram]
    if (color) colors[ours] = color.toLowerCase()
  }
  return readableColors(colors)
}
