import { browserOnly } from './browser-only.ts'

/** What the page can ask of the app around it. Nothing here throws, and nothing is needed: old clients lack most of it. */
export type TelegramClient = {
  /** A tap that the hand feels. */
  readonly haptic: (kind: Haptic) => void
  /** Shows the client's own way back; gives what hides it. */
  readonly showBack: (onPress: () => void) => () => void
  /** Shows the client's own large button; gives what hides it, or undefined where there is none. */
  readonly showMainButton: (button: MainButton) => (() => void) | undefined
  readonly openLink: (url: string) => void
  /** Opens a `https://t.me/…` address inside Telegram. */
  readonly openChat: (url: string) => void
  /** Lets the person send an address to somebody. */
  readonly share: (url: string, text: string) => void
  /** Asks before something that cannot be taken back. */
  readonly confirm: (question: Question) => Promise<boolean>
  /** While true, closing the Mini App asks first. */
  readonly confirmClosing: (isNeeded: boolean) => void
  /**
   * Opens the client's camera and gives the first QR code that it reads; undefined where the person closed it. Undefined
   * where the client has none.
   */
  readonly scanQr: ((hint: string) => Promise<string | undefined>) | undefined
  /** Undefined where the client cannot put the app among the phone's others. */
  readonly addToHomeScreen: (() => void) | undefined
}

export type Haptic = 'tap' | 'select' | 'success' | 'warning' | 'error'

export type MainButton = {
  readonly text: string
  readonly isEnabled: boolean
  readonly isBusy: boolean
  readonly onPress: () => void
}

export type Question = {
  readonly text: string
  readonly yes: string
  readonly no: string
  /** True: what is asked for destroys something. */
  readonly isDestructive: boolean
}

/** A client that is there at once and does what it can as soon as the real one has loaded. */
export type Telegram = Omit<TelegramClient, 'addToHomeScreen' | 'scanQr' | 'showMainButton'> & {
  /** Whether Telegram opened this page. It says nothing of who the person is: the coordinator checks that. */
  readonly isInside: boolean
  /** The client, when it is known. */
  readonly ready: Promise<TelegramClient>
}

/**
 * Reaches Telegram where the page was opened there. The SDK is loaded behind the first paint; until then, and where it
 * does not start (clients without theme params, clients of 2021), everything falls back on the browser.
 */
export function createTelegram(isInside: boolean): Telegram {
  const ready = isInside ? loadClient() : Promise.resolve(browserOnly)
  return {
    isInside,
    ready,
    haptic: (kind) => void ready.then(({ haptic }) => haptic(kind)),
    showBack: (onPress) => {
      const shown = ready.then(({ showBack }) => showBack(onPress))
      return () => void shown.then((hide) => hide())
    },
    openLink: (url) => void ready.then(({ openLink }) => openLink(url)),
    openChat: (url) => void ready.then(({ openChat }) => openChat(url)),
    share: (url, text) => void ready.then(({ share }) => share(url, text)),
    confirm: async (question) => (await ready).confirm(question),
    confirmClosing: (isNeeded) => void ready.then(({ confirmClosing }) => confirmClosing(isNeeded)),
  }
}

/** How long the SDK waits at most for the page to have painted, ms. */
const PAINT_WAIT_MS = 1000

async function loadClient(): Promise<TelegramClient> {
  try {
    await idle()
    return (await import('./sdk.ts')).startSdk()
  } catch {
    return browserOnly // the client said too little for the SDK, or the chunk did not arrive
  }
}

/** Resolves when the browser has nothing more urgent to do: a slow phone paints the page first. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: PAINT_WAIT_MS })
    else setTimeout(resolve) // Safari
  })
}
