import {
  isWalletInfoCurrentlyInjected,
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

export type WalletFailure = 'rejected' | 'closed' | 'wrong-network' | 'no-proof' | 'failed'
export type Wallet = {
  /** Raw address of the wallet that is connected in this browser. */
  readonly address: () => string | undefined
  /** Lets the person choose a wallet, and the wallet sign that it is theirs. */
  readonly connect: (
    nonce: string,
  ) => Promise<
    | { readonly ok: true; readonly proof: WalletProof }
    | { readonly ok: false; readonly reason: WalletFailure }
  >
  /** Asks the wallet to pay. `ok`: it signed and sent; only the chain says that it arrived. */
  readonly pay: (
    payment: WalletPayment,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: WalletFailure }>
}

export type WalletOptions = {
  readonly network: string
  readonly language: Language
  /** A list of wallets other than TON's public one. */
  readonly walletsListSource?: string | undefined
}

const PAY_WITHIN_S = 300

/** Opens TON Connect. A wallet that was connected before is there again when the promise resolves. */
export async function openWallet({ network, language, walletsListSource }: WalletOptions): Promise<Wallet> {
  const connector = new TonConnect({
    manifestUrl: `${location.origin}/tonconnect-manifest.json`,
    ...(walletsListSource ? { walletsListSource } : {}),
    analytics: { mode: 'off' },
  })
  const ui = new TonConnectUI({
    connector,
    language: language === 'ru' ? 'ru' : 'en',
    actionsConfiguration: { modals: ['before'], notifications: [] },
    analytics: { mode: 'off' },
  })
  await ui.connectionRestored
  // A wallet that is in the page and the only one needs no choosing; inside Telegram the dialog would not even find it.
  const wallets = await connector.getWallets()
  const [only] = wallets
  const inPage = wallets.length === 1 && only && isWalletInfoCurrentlyInjected(only) ? only : undefined
  return {
    address: () => (ui.account?.chain === network ? ui.account.address : undefined),
    connect: async (nonce) => {
      if (ui.connected) await ui.disconnect()
      ui.setConnectRequestParameters({ state: 'ready', value: { tonProof: nonce } })
      return new Promise((resolve) => {
        const ends: (() => void)[] = []
        const end = (outcome: Awaited<ReturnType<Wallet['connect']>>) => {
          for (const one of ends.splice(0)) one()
          if (!outcome.ok && ui.connected) void ui.disconnect()
          resolve(outcome)
        }
        ends.push(
          ui.onStatusChange(
            (wallet) => {
              if (!wallet) return
              const { address, chain, walletStateInit: stateInit } = wallet.account
              const reply = wallet.connectItems?.tonProof
              if (chain !== network) return end({ ok: false, reason: 'wrong-network' })
              if (!reply || !('proof' in reply)) return end({ ok: false, reason: 'no-proof' })
              end({ ok: true, proof: { address, network: chain, stateInit, proof: reply.proof } })
            },
            (error) => end({ ok: false, reason: reasonOf(error) }),
          ),
          ui.onModalStateChange(({ status, closeReason }) => {
            if (status === 'closed' && closeReason === 'action-cancelled')
              end({ ok: false, reason: 'closed' })
          }),
        )
        if (inPage) {
          connector.connect({ jsBridgeKey: inPage.jsBridgeKey }, { request: { tonProof: nonce } })
        } else {
          ui.openModal().catch((error: unknown) => end({ ok: false, reason: reasonOf(error) }))
        }
      })
    },
    pay: async ({ address, amountNano, body }) => {
      try {
        await (inPage ? connector : ui).sendTransaction({
          validUntil: Math.floor(Date.now() / 1000) + PAY_WITHIN_S,
          network,
          messages: [{ address, amount: amountNano, payload: body }],
        })
        return { ok: true }
      } catch (error) {
        return { ok: false, reason: reasonOf(error) }
      }
    },
  }
}

function reasonOf(error: unknown): WalletFailure {
  if (error instanceof UserRejectsError) return 'rejected'
  const text = error instanceof Error ? `${error.name} ${error.message}` : ''
  if (/reject|declin|cancel/i.test(text)) return 'rejected'
  return /wrong ?network|network.*(differ|mismatch)|chain/i.test(text) ? 'wrong-network' : 'failed'
}
