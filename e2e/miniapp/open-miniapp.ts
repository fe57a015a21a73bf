import { mkdir } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { YOU_ID } from '../../local/telegram/telegram-state.ts'
import type { TestNetwork } from '../setup-network.ts'

export const SCREENSHOTS = 'e2e/screenshots/miniapp'

/** Telegram's own colours of day and night, as its clients send them. */
const THEMES = {
  light: {
    bg_color: '#ffffff',
    secondary_bg_color: '#f0f0f0',
    section_bg_color: '#ffffff',
    header_bg_color: '#ffffff',
    bottom_bar_bg_color: '#ffffff',
    text_color: '#000000',
    hint_color: '#999999',
    subtitle_text_color: '#6d6d72',
    section_header_text_color: '#6d6d72',
    link_color: '#2481cc',
    accent_text_color: '#2481cc',
    button_color: '#2481cc',
    button_text_color: '#ffffff',
    destructive_text_color: '#ff3b30',
  },
  dark: {
    bg_color: '#17212b',
    secondary_bg_color: '#0e1621',
    section_bg_color: '#17212b',
    header_bg_color: '#17212b',
    bottom_bar_bg_color: '#17212b',
    text_color: '#f5f5f5',
    hint_color: '#708499',
    subtitle_text_color: '#8fa0b2',
    section_header_text_color: '#6ab3f3',
    link_color: '#6ab3f3',
    accent_text_color: '#6ab2f2',
    button_color: '#5288c1',
    button_text_color: '#ffffff',
    destructive_text_color: '#ec3942',
  },
} as const

export type Look = {
  readonly language: 'en' | 'ar' | 'ru'
  readonly theme: keyof typeof THEMES
  readonly width: number
}

export const PHONE_LIGHT: Look = { language: 'en', theme: 'light', width: 360 }

/** Each language and theme, on a small phone and on a desktop. */
export const LOOKS: readonly Look[] = (['en', 'ar'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) => [360, 1280].map((width) => ({ language, theme, width }))),
)

export const nameOf = ({ language, theme, width }: Look) => `${language}-${theme}-${width}`

type Opening = {
  readonly path: string
  readonly look?: Look
  /** Who opens it, by Telegram's number; the local Telegram's own person otherwise. */
  readonly personId?: number
  readonly startParam?: string
  /** A context that is there already: the same device. */
  readonly context?: BrowserContext
}

/** The address of a page of the Mini App, as Telegram opens it: with initData that is really signed. */
export async function signedUrl(
  { started }: Pick<TestNetwork, 'started'>,
  { path, look = PHONE_LIGHT, personId = YOU_ID, startParam }: Opening,
): Promise<string> {
  const telegram = started.telegram ?? ''
  const url = new URL(path, started.miniapp)
  url.searchParams.set('lang', look.language)
  const reply = await fetch(`${telegram}/page/web-app`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: personId, url: url.href, theme: THEMES[look.theme], startParam }),
  })
  const { ok, result } = (await reply.json()) as { ok: boolean; result: string }
  if (!ok) throw new Error('the local Telegram did not open the Mini App')
  return result
}

/** Opens a page of the Mini App as a person in Telegram does, on a device of its own. */
export async function openMiniapp(
  browser: Browser,
  network: Pick<TestNetwork, 'started'>,
  opening: Opening,
): Promise<Page> {
  const { width } = opening.look ?? PHONE_LIGHT
  const context =
    opening.context ??
    (await browser.newContext({
      viewport: { width, height: width < 900 ? 740 : 800 },
      hasTouch: width < 900,
      deviceScaleFactor: width < 900 ? 2 : 1,
    }))
  const page = await context.newPage()
  await page.goto(await signedUrl(network, opening))
  return page
}

/** Keeps a picture for whoever looks at the run. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` })
}
