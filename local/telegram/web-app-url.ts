import { randomBytes } from 'node:crypto'
import { sign } from '@telegram-apps/init-data-node'
import { personById, type TelegramServer } from './telegram-server.ts'

export type WebAppLaunch = {
  readonly personId: number
  readonly url: string
  readonly startParam?: string
  readonly theme: Readonly<Record<string, string>> // Telegram's theme params: bg_color and so on
}

export const WEB_APP_VERSION = '9.6'

/**
 * Makes the address a Mini App is opened at: its own, with really signed initData in the fragment. A fragment that it
 * has (a page inside the app) stays in front: `#/wallet?tgWebAppData=…`.
 */
export function webAppUrl(server: TelegramServer, launch: WebAppLaunch): string {
  const { id, first_name, language_code } = personById(server, launch.personId)
  const initData = sign(
    {
      user: { id, first_name, language_code: language_code ?? 'en', allows_write_to_pm: true },
      query_id: randomBytes(12).toString('base64url'),
      ...(launch.startParam ? { start_param: launch.startParam } : {}),
    },
    server.token,
    new Date(server.nowMs()),
  )
  const fragment = new URLSearchParams({
    tgWebAppData: initData,
    tgWebAppVersion: WEB_APP_VERSION,
    tgWebAppPlatform: 'web',
    tgWebAppThemeParams: JSON.stringify(launch.theme),
  })
  const url = new URL(launch.url)
  if (launch.startParam) url.searchParams.set('tgWebAppStartParam', launch.startParam)
  const page = url.hash.slice(1)
  url.hash = ''
  // A space as "+" is read back as a plus by decodeURIComponent, so it travels as %20.
  const front = page ? `${page}${page.includes('?') ? '&' : '?'}` : ''
  return `${url.href}#${front}${fragment.toString().replaceAll('+', '%20')}`
}
