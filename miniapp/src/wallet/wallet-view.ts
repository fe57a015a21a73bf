import type { WalletFacts } from './money.ts'

/** What the page knows: nothing yet, the wallet, that it is outside Telegram, or that it cannot be asked. */
export type WalletView =
  | { readonly state: 'outside' | 'loading' }
  | { readonly state: 'ready'; readonly facts: WalletFacts; readonly isStale: boolean }
  | { readonly state: 'failed'; readonly sentence: string | undefined }

export type WalletEvent =
  | { readonly type: 'read'; readonly facts: WalletFacts }
  | { readonly type: 'not-read'; readonly sentence: string | undefined }
  | { readonly type: 'asked-again' }

export function nextWalletView(view: WalletView, event: WalletEvent): WalletView {
  switch (event.type) {
    case 'read':
      return { state: 'ready', facts: event.facts, isStale: false }
    case 'not-read':
      return view.state === 'ready'
        ? { ...view, isStale: true }
        : { state: 'failed', sentence: event.sentence }
    case 'asked-again':
      return view.state === 'failed' ? { state: 'loading' } : view
    default:
      return event satisfies never
  }
}
