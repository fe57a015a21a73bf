import {
  isWalletInfoCurrentlyInjected,
  THEME,
  TonConnect,
  TonConnectUI,
  UserRejectsError,
} from '@tonconnect/ui-react'
import type { Language } from '../start/page-settings.ts'

// The one file that speaks TON Connect. It is large, and loaded only when somebody touches a wallet.

/** What a wallet showed of itself, as `POST /api/wallet` takes it. */
export type WalletProof = {
  /** Raw address. */
  readonly address: string
  readonly network: string
  readonly stateInit: string
  readonly proof: {
    readonly timestamp: number
    readonly domain: { readonly lengthBytes: number; readonly value: string }
    readonly payload: string
    readonly signature: string
  }
}

export type WalletPayment = {
  readonly address: string
  /** Nano, as digits. */
  readonly amountNano: string
  /** The message's body, base64. */
  readonly body: string
}

/** `left`: the person stopped waiting for a wallet that did not answer. */
export type WalletFailure = 'rejected' | 'closed' | 'left' | 'wrong-network' | 'no-proof' | 'wallet-silent'
type Failed = { readonly ok: false; readonly reason: WalletFailure }

export type Wallet = {
  /** Raw address of the wallet that is connected in this browser. */
  readonly address: () => string | undefined
  /** Lets the person choose a wallet, and the wallet sign that it is theirs. `signal`: the person stops waiting. */
  readonly connect: (
    nonce: string,
    signal: AbortSignal,
  ) => Promise<{ readonly ok: true; readonly proof: WalletProof } | Failed>
  /**
   * Asks the wallet to pay. `ok`: it signed and sent, and `boc` is what it sent; only the chain says that it arrived. A
   * wallet that is left may still pay.
   */
  readonly pay: (
    payment: WalletPayment,
    signal: AbortSignal,
  ) => Promise<{ readonly ok: true; readonly boc: string } | Failed>
}

export type WalletOptions = {
  readonly network: string
  readonly language: Language
  readonly theme: 'light' | 'dark'
  /** A list of wallets other than TON's public one. */
  readonly walletsListSource?: string | undefined
  /** Where wallets inside Telegram lead back to: `https://t.me/<bot>?startapp=wallet`. */
  readonly returnUrl?: `https://${string}` | undefined
}

const PAY_WITHIN_S = 300
const ROOT_ID = 'ton-connect'

/** Opens TON Connect. A wallet that was connected before is there again when the promise resolves. */
export async function openWallet(options: WalletOptions): Promise<Wallet> {
  const { network, language, theme, walletsListSource, returnUrl } = options
  const connector = new TonConnect({
    manifestUrl: `${location.origin}/tonconnect-manifest.json`,
    ...(walletsListSource ? { walletsListSource } : {}),
    analytics: { mode: 'off' },
  })
  const ui = new TonConnectUI({
    connector,
    widgetRootId: makeRoot(),
    language: language === 'ru' ? 'ru' : 'en',
    uiPreferences: { theme: theme === 'dark' ? THEME.DARK : THEME.LIGHT, borderRadius: 'm' },
    actionsConfiguration: {
      modals: ['before'],
      notifications: [],
      ...(returnUrl ? { twaReturnUrl: returnUrl } : {}),
    },
    analytics: { mode: 'off' },
  })
  await ui.connectionRestored
  // A wallet that is in the page and the only one needs no choosing; inside Telegram the dialog would not even find it.
  const wallets = await connector.getWallets()
  const [only] = wallets
  const inPage = wallets.length === 1 && only && isWalletInfoCurrentlyInjected(only) ? only : undefined

  const begin = async (nonce: string, fail: (error: unknown) => void) => {
    if (ui.connected) await ui.disconnect()
    ui.setConnectRequestParameters({ state: 'ready', value: { tonProof: nonce } })
    if (inPage) connector.connect({ jsBridgeKey: inPage.jsBridgeKey }, { request: { tonProof: nonce } })
    else await ui.openModal().catch(fail)
  }
  return {
    address: () => (ui.account?.chain === network ? ui.account.address : undefined),
    connect: (nonce, signal) =>
      new Promise((resolve) => {
        const ends: (() => void)[] = []
        const end = (outcome: Awaited<ReturnType<Wallet['connect']>>) => {
          for (const one of ends.splice(0)) one()
          if (!outcome.ok) {
            ui.closeModal()
            if (ui.connected) void ui.disconnect().catch(() => undefined)
          }
          resolve(outcome)
        }
        const fail = (error: unknown) => end({ ok: false, reason: reasonOf(error) })
        const leave = () => end({ ok: false, reason: 'closed' })
        signal.addEventListener('abort', leave)
        ends.push(
          () => signal.removeEventListener('abort', leave),
          ui.onStatusChange((wallet) => {
            if (!wallet) return
            const { address, chain, walletStateInit: stateInit } = wallet.account
            const reply = wallet.connectItems?.tonProof
            if (chain !== network) return end({ ok: false, reason: 'wrong-network' })
            if (!reply || !('proof' in reply)) return end({ ok: false, reason: 'no-proof' })
            end({ ok: true, proof: { address, network: chain, stateInit, proof: reply.proof } })
          }, fail),
          ui.onModalStateChange(({ status, closeReason }) => {
            if (status === 'closed' && closeReason === 'action-cancelled')
              end({ ok: false, reason: 'closed' })
          }),
        )
        begin(nonce, fail).catch(fail)
      }),
    pay: async ({ address, amountNano, body }, signal) => {
      const transaction = {
        validUntil: Math.floor(Date.now() / 1000) + PAY_WITHIN_S,
        network,
        messages: [{ address, amount: amountNano, payload: body }],
      }
      try {
        const sending = inPage ? connector.sendTransaction(transaction) : ui.sendTransaction(transaction)
        const sent = await Promise.race([sending, whenLeft(signal)])
        return sent === 'left' ? { ok: false, reason: 'left' } : { ok: true, boc: sent.boc }
      } catch (error) {
        return { ok: false, reason: reasonOf(error) }
      }
    },
  }
}

/** TON Connect speaks English and Russian, from left to right, whatever the page around it does. */
function makeRoot(): string {
  const known = document.getElementById(ROOT_ID)
  if (known) return ROOT_ID
  const root = document.createElement('div')
  root.id = ROOT_ID
  root.dir = 'ltr'
  document.body.append(root)
  return ROOT_ID
}

function whenLeft(signal: AbortSignal): Promise<'left'> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('left'), { once: true }))
}

/** Wallets say no with the number 300 (https://github.com/ton-blockchain/ton-connect), and some in words alone. */
function reasonOf(error: unknown): WalletFailure {
  if (error instanceof UserRejectsError) return 'rejected'
  const text = error instanceof Error ? `${error.name} ${error.message}` : ''
  if (/reject|declin|cancel/i.test(text)) return 'rejected'
  return /wrong ?network|network.*(differ|mismatch)|chain/i.test(text) ? 'wrong-network' : 'wallet-silent'
}
