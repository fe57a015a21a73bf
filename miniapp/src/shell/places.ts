import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/** The pages of the app. The first five are in the bar; settings are behind the header's button, seals behind what they seal. */
export const PLACES = ['chat', 'earn', 'wallet', 'build', 'network', 'settings', 'seal'] as const
export type Place = (typeof PLACES)[number]

/** Each page comes when it is opened. */
export const PAGES: Readonly<Record<Place, LazyExoticComponent<ComponentType>>> = {
  chat: lazy(async () => ({ default: (await import('../chat/chat-page.tsx')).ChatPage })),
  earn: lazy(async () => ({ default: (await import('../earn/earn-page.tsx')).EarnPage })),
  wallet: lazy(async () => ({ default: (await import('../wallet/wallet-page.tsx')).WalletPage })),
  build: lazy(async () => ({ default: (await import('../build/build-page.tsx')).BuildPage })),
  network: lazy(async () => ({ default: (await import('../network/network-page.tsx')).NetworkPage })),
  seal: lazy(async () => ({ default: (await import('../sealed/page/seal-page.tsx')).SealPage })),
  settings: lazy(async () => ({ default: (await import('../settings/settings-page.tsx')).SettingsPage })),
}

/** The page that an address names; undefined for the landing page and for addresses that nothing lives at. */
export function placeOf(pathname: string): Place | undefined {
  const first = pathname.split('/')[1]
  return PLACES.find((place) => place === first)
}

/** The address of a page. What Telegram wrote behind the `#` stays, and with it person, language and theme on a reload. */
export function addressOf(
  path: `/${Place}` | `/${Place}/${string}`,
  { search, hash }: Pick<Location, 'search' | 'hash'>,
): string {
  return `${path}${search}${hash}`
}

/**
 * Where a person is taken who opens the app: `?startapp=earn` names a page, `?startapp=join_<code>` an invitation to a
 * group's runners; everybody else comes to chat.
 */
export function startPath(startParam: string | undefined): `/${Place}` | `/${Place}/${string}` {
  const invitation = /^join_([\w-]{1,64})$/.exec(startParam ?? '')?.[1]
  if (invitation) return `/earn/join/${invitation}`
  const place = PLACES.find((one) => one === startParam)
  return `/${place ?? 'chat'}`
}
