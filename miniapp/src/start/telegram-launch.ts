export type TelegramLaunch = {
  /** The person's language as Telegram knows it, such as `ar` or `pt-br`. */
  readonly languageCode?: string
  /** Telegram's theme: names such as `bg_color` with colours such as `#17212b`. */
  readonly theme: Readonly<Record<string, string>>
}

const COLOR = /^#[0-9a-f]{6}$/i

/**
 * Reads what Telegram writes behind the `#` when it opens a Mini App
 * (https://core.telegram.org/bots/webapps). It is a wish about looks and is not checked: nothing here
 * says who the person is. What is missing or damaged is left out.
 */
export function readTelegramLaunch(hash: string): TelegramLaunch {
  const launch = new URLSearchParams(hash.replace(/^#/, ''))
  const user = readObject(new URLSearchParams(launch.get('tgWebAppData') ?? '').get('user'))
  const theme = readObject(launch.get('tgWebAppThemeParams'))
  const colors = Object.entries(theme).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && COLOR.test(entry[1]),
  )
  return {
    ...(typeof user.language_code === 'string' ? { languageCode: user.language_code } : {}),
    theme: Object.fromEntries(colors),
  }
}

const KEPT_AS = 'sharnaqa-init-data'

/**
 * What Telegram signed for this launch: `tgWebAppData`. Kept for as long as the tab lives, for the `#` is gone on the
 * next page. Undefined outside Telegram.
 */
export function readInitData(
  hash: string,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): string | undefined {
  const fresh = new URLSearchParams(hash.replace(/^#/, '')).get('tgWebAppData')
  try {
    if (fresh) storage.setItem(KEPT_AS, fresh)
    return fresh ?? storage.getItem(KEPT_AS) ?? undefined
  } catch {
    return fresh ?? undefined // a browser that keeps nothing
  }
}

/** What the link said by which the Mini App was opened (`?startapp=…`). */
export function readStartParam(initData: string | undefined): string | undefined {
  return new URLSearchParams(initData ?? '').get('start_param') ?? undefined
}

function readObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {} // a launch that cannot be read is a page opened outside Telegram
  }
}
