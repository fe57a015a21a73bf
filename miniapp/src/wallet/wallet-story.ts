import type { Nano } from '../../../protocol/src/money.ts'
import type { Reply } from '../session/session.ts'
import type { Source, WalletFacts } from './money.ts'
import type { Wallet } from './ton-connect.ts'
import type { WalletApi } from './wallet-api.ts'
import { watchDeposit } from './watch-deposit.ts'

/** How far a top-up is: a wallet is being connected, it is asked to pay, it has sent, the chain has taken it in. */
export type TopUpStep = 'connect' | 'sign' | 'sent' | 'seen'
/** `reason`: a word of the wallet's or the coordinator's; the page has sentences for them. */
export type Failed = { readonly ok: false; readonly reason: string }
/** `isNew`: it counts from now on. Otherwise it replaces another one in 24 hours. */
export type ConnectOutcome = { readonly ok: true; readonly isNew: boolean } | Failed
/** `late`: sent, and not credited within the time that a person watches. */
export type TopUpOutcome = { readonly ok: true; readonly credited: Nano | 'late' } | Failed
export type OrderOutcome = { readonly ok: true; readonly payoutId: string } | Failed
export type PayoutOrder = { readonly source: Source; readonly amount: Nano }

/** What can be done on the wallet page. `signal`: the person stops waiting for the wallet. Nothing throws. */
export type WalletStory = {
  /** Lets the person choose a wallet and show that it is theirs. */
  readonly connect: (signal: AbortSignal) => Promise<ConnectOutcome>
  /** Takes back a change of the wallet that does not count yet. */
  readonly keepOld: () => Promise<{ readonly ok: true } | Failed>
  /** Has the person's wallet send coins here, and waits until they are credited. */
  readonly topUp: (
    amount: Nano,
    signal: AbortSignal,
    report: (step: TopUpStep) => void,
  ) => Promise<TopUpOutcome>
  readonly takeOut: (order: PayoutOrder) => Promise<OrderOutcome>
}

export type WalletStoryDeps = {
  readonly api: WalletApi
  readonly facts: () => WalletFacts | undefined
  /** Opens TON Connect, the first time somebody needs it. */
  readonly openWallet: (facts: WalletFacts) => Promise<Wallet>
  readonly refresh: () => Promise<void>
  readonly sleep: (ms: number) => Promise<void>
  readonly newKey: () => string
}

const UNREACHABLE: Failed = { ok: false, reason: 'unreachable' }

/** What happens when a person presses a button of the wallet page. */
export function createWalletStory(deps: WalletStoryDeps): WalletStory {
  const { api, refresh } = deps
  const open = async () => {
    const facts = deps.facts()
    return facts && deps.openWallet(facts).catch(() => undefined) // its code could not be loaded
  }
  const connect: WalletStory['connect'] = async (signal) => {
    const wallet = await open()
    if (!wallet) return UNREACHABLE
    const nonce = await api.askNonce()
    if (!nonce.ok) return refused(nonce)
    if (signal.aborted) return { ok: false, reason: 'closed' }
    const shown = await wallet.connect(nonce.value, signal)
    if (!shown.ok) return shown
    const bound = await api.bind(shown.proof)
    await refresh()
    return bound.ok ? { ok: true, isNew: bound.value?.next === undefined } : refused(bound)
  }
  return {
    connect,
    keepOld: async () => {
      const kept = await api.keepOld()
      await refresh()
      return kept.ok ? { ok: true } : refused(kept)
    },
    topUp: async (amount, signal, report) => {
      const facts = deps.facts()
      const wallet = await open()
      if (!wallet || !facts?.deposit) return UNREACHABLE
      if (wallet.address() === undefined) {
        report('connect')
        const connected = await connect(signal)
        if (!connected.ok) return connected
      }
      report('sign')
      const known = new Set(facts.movements.map(({ id }) => id))
      const { address, body } = facts.deposit
      const paid = await wallet.pay({ address, body, amountNano: String(amount) }, signal)
      if (!paid.ok) return paid
      report('sent')
      await api.hurry()
      const isSeen = () => api.isSeen(paid.boc)
      const watching = { readDeposits: api.readDeposits, isSeen, sleep: deps.sleep }
      const credited = await watchDeposit(watching, known, () => report('seen'))
      await refresh()
      return { ok: true, credited }
    },
    takeOut: createOrders(deps),
  }
}

/** Orders each under a key of its own; one whose answer was lost is repeated under the same, so that it is paid once. */
function createOrders({ api, refresh, newKey }: WalletStoryDeps): WalletStory['takeOut'] {
  let lost: { readonly name: string; readonly key: string } | undefined
  return async (order) => {
    const name = `${order.source}/${order.amount}`
    const key = lost?.name === name ? lost.key : newKey()
    const ordered = await api.orderPayout(order, key)
    lost = !ordered.ok && ordered.reason === 'unreachable' ? { name, key } : undefined
    await refresh()
    return ordered.ok ? { ok: true, payoutId: ordered.value } : refused(ordered)
  }
}

function refused({ reason }: Exclude<Reply<unknown>, { ok: true }>): Failed {
  return { ok: false, reason }
}
