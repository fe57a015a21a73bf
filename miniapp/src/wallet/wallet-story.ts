import type { Reply } from '../session/session.ts'
import type { WalletFacts } from './money.ts'
import type { Wallet, WalletFailure } from './ton-connect.ts'
import type { Failed, WalletActions } from './wallet-actions.ts'
import type { WalletApi } from './wallet-api.ts'
import { watchDeposit } from './watch-deposit.ts'
import type { WalletWords } from './words/words.ts'

export type WalletStoryDeps = {
  readonly api: WalletApi
  readonly words: WalletWords
  readonly facts: () => WalletFacts | undefined
  /** Opens TON Connect, the first time somebody needs it. */
  readonly openWallet: (facts: WalletFacts) => Promise<Wallet>
  readonly refresh: () => Promise<void>
  readonly sleep: (ms: number) => Promise<void>
  readonly newKey: () => string
}

/** What happens when a person presses a button of the wallet page. */
export function createWalletActions(deps: WalletStoryDeps): WalletActions {
  const { api, words, refresh } = deps
  const walletFailed = (reason: WalletFailure): Failed => ({ ok: false, sentence: words[`fail-${reason}`] })
  const refused = (reply: Exclude<Reply<unknown>, { ok: true }>): Failed => ({
    ok: false,
    sentence: reply.sentence ?? words['fail-unreachable'],
  })
  const open = async () => {
    const facts = deps.facts()
    return facts && deps.openWallet(facts).catch(() => undefined) // its code could not be loaded
  }

  const connect: WalletActions['connect'] = async () => {
    const wallet = await open()
    if (!wallet) return { ok: false, sentence: words['fail-unreachable'] }
    const nonce = await api.askNonce()
    if (!nonce.ok) return refused(nonce)
    const shown = await wallet.connect(nonce.value)
    if (!shown.ok) return walletFailed(shown.reason)
    const bound = await api.bind(shown.proof)
    await refresh()
    return bound.ok ? { ok: true, isNew: bound.value?.next === undefined } : refused(bound)
  }
  return {
    connect,
    keepOld: async () => {
      await api.keepOld()
      await refresh()
    },
    topUp: async (amount, onSigned) => {
      const facts = deps.facts()
      const wallet = await open()
      if (!wallet || !facts?.deposit) return { ok: false, sentence: words['fail-unreachable'] }
      if (wallet.address() === undefined) {
        const connected = await connect()
        if (!connected.ok) return connected
      }
      const known = new Set(facts.movements.map(({ id }) => id))
      const { address, body } = facts.deposit
      const paid = await wallet.pay({ address, body, amountNano: String(amount) })
      if (!paid.ok) return walletFailed(paid.reason)
      onSigned()
      const credited = await watchDeposit({ readMovements: api.readMovements, sleep: deps.sleep }, known)
      await refresh()
      return { ok: true, credited }
    },
    takeOut: async (order) => {
      const ordered = await api.orderPayout(order, deps.newKey())
      await refresh()
      return ordered.ok ? { ok: true } : refused(ordered)
    },
  }
}
