import type { TelegramClient } from './telegram.ts'

/** What a browser can do of it by itself. */
export const browserOnly: TelegramClient = {
  haptic: () => undefined,
  showBack: () => () => undefined,
  showMainButton: () => undefined,
  openLink: (url) => void window.open(url, '_blank', 'noopener'),
  openChat: (url) => void window.open(url, '_blank', 'noopener'),
  share: (url, text) =>
    void window.open(
      `https://t.me/share/url?${new URLSearchParams({ url, text })}`.replaceAll('+', '%20'),
      '_blank',
      'noopener',
    ),
  confirm: ({ text }) => Promise.resolve(window.confirm(text)),
  confirmClosing: () => undefined,
  scanQr: undefined,
  addToHomeScreen: undefined,
}
