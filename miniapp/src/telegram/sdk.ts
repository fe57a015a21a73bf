import {
  addToHomeScreen,
  backButton,
  closingBehavior,
  hapticFeedback,
  init,
  mainButton,
  miniApp,
  openLink,
  openQrScanner,
  openTelegramLink,
  popup,
  shareURL,
  swipeBehavior,
  targetOrigin,
  themeParams,
  viewport,
} from '@telegram-apps/sdk-react'
import { showTheme } from '../start/show-theme.ts'
import { browserOnly } from './browser-only.ts'
import { localParent } from './local-parent.ts'
import type { Haptic, MainButton, Question, TelegramClient } from './telegram.ts'

// The one file that knows the SDK. It is no longer developed: a successor takes its place here, and nowhere else.

/** Starts the SDK, tells Telegram that the page is ready, and keeps colours and insets as Telegram has them. Throws where it cannot. */
export function startSdk(): TelegramClient {
  const parent = localParent(location.hostname, document.referrer)
  if (parent !== undefined) targetOrigin.set(parent)
  init()
  if (themeParams.mountSync.isAvailable()) {
    themeParams.mountSync()
    themeParams.state.sub((colors) => showTheme(namesAsTelegram(colors)))
  }
  if (miniApp.mountSync.isAvailable()) miniApp.mountSync()
  miniApp.ready.ifAvailable()
  if (viewport.mount.isAvailable()) void viewport.mount().then(bindViewport, () => undefined)
  if (swipeBehavior.mount.isAvailable()) {
    swipeBehavior.mount()
    swipeBehavior.disableVertical.ifAvailable() // a swipe in a list must not close the app
  }
  if (closingBehavior.mount.isAvailable()) closingBehavior.mount()
  if (backButton.mount.isAvailable()) backButton.mount()
  if (mainButton.mount.isAvailable()) mainButton.mount()
  return {
    haptic,
    showBack,
    showMainButton,
    openLink: (url) => (openLink.isAvailable() ? openLink(url) : browserOnly.openLink(url)),
    openChat: (url) => (openTelegramLink.isAvailable() ? openTelegramLink(url) : browserOnly.openChat(url)),
    share: (url, text) => (shareURL.isAvailable() ? shareURL(url, text) : browserOnly.share(url, text)),
    confirm,
    confirmClosing: (isNeeded) => {
      if (isNeeded) closingBehavior.enableConfirmation.ifAvailable()
      else closingBehavior.disableConfirmation.ifAvailable()
    },
    scanQr: openQrScanner.isAvailable() ? scanQr : undefined,
    addToHomeScreen: addToHomeScreen.isAvailable() ? () => addToHomeScreen() : undefined,
  }
}

/** Safe areas become CSS variables (`--tg-viewport-safe-area-inset-top` and so on). */
function bindViewport(): void {
  viewport.expand.ifAvailable()
  viewport.bindCssVars.ifAvailable()
}

function haptic(kind: Haptic): void {
  if (kind === 'tap') hapticFeedback.impactOccurred.ifAvailable('light')
  else if (kind === 'select') hapticFeedback.selectionChanged.ifAvailable()
  else hapticFeedback.notificationOccurred.ifAvailable(kind)
}

function showBack(onPress: () => void): () => void {
  if (!backButton.show.isAvailable()) return () => undefined
  backButton.show()
  const off = backButton.onClick(onPress)
  return () => {
    off()
    backButton.hide.ifAvailable()
  }
}

function showMainButton({ text, isEnabled, isBusy, onPress }: MainButton): (() => void) | undefined {
  if (!mainButton.setParams.isAvailable()) return undefined
  mainButton.setParams({ text, isEnabled, isLoaderVisible: isBusy, isVisible: true })
  const off = mainButton.onClick(onPress)
  return () => {
    off()
    mainButton.setParams({ isVisible: false })
  }
}

/** A scanner that is open already, or that the client refuses, gives nothing. */
async function scanQr(hint: string): Promise<string | undefined> {
  try {
    return await openQrScanner({ text: hint.slice(0, SCANNER_MAX_CHARS) })
  } catch {
    return undefined
  }
}

const SCANNER_MAX_CHARS = 64

async function confirm(question: Question): Promise<boolean> {
  if (!popup.open.isAvailable()) return browserOnly.confirm(question)
  const { text, yes, no, isDestructive } = question
  const pressed = await popup.open({
    message: text.slice(0, POPUP_MAX_CHARS),
    buttons: [
      { id: 'yes', type: isDestructive ? 'destructive' : 'default', text: yes },
      { id: 'no', type: 'default', text: no },
    ],
  })
  return pressed === 'yes'
}

const POPUP_MAX_CHARS = 256

/** `bgColor` → `bg_color`: the SDK renames what Telegram calls otherwise. */
function namesAsTelegram(colors: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(colors).map(([name, color]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      String(color),
    ]),
  )
}
