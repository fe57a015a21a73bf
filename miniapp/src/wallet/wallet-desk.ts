import type { Nano } from '../../../protocol/src/money.ts'
import type { PayoutOrder, TopUpStep, WalletStory } from './wallet-story.ts'

export type TopUp =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly step: TopUpStep; readonly amount: Nano }
  /** `amount`: what was credited. */
  | { readonly state: 'credited'; readonly amount: Nano }
  | { readonly state: 'late'; readonly amount: Nano }
  | { readonly state: 'failed'; readonly reason: string; readonly amount: Nano }

/** A wallet that is being shown. `done`: `isNew` counts at once, another in 24 hours. */
export type Binding =
  | { readonly state: 'idle' | 'running' }
  | { readonly state: 'done'; readonly isNew: boolean }
  | { readonly state: 'failed'; readonly reason: string }

export type Order =
  | { readonly state: 'idle' | 'running' }
  | { readonly state: 'done'; readonly payoutId: string }
  | { readonly state: 'failed'; readonly reason: string }

export type DeskState = { readonly topUp: TopUp; readonly binding: Binding; readonly order: Order }

/** What is under way with the wallet. It goes on while its page is closed, and is there when it is opened again. */
export type WalletDesk = {
  readonly state: () => DeskState
  /** Calls back on each change; gives what ends that. */
  readonly subscribe: (onChange: () => void) => () => void
  readonly connect: () => Promise<void>
  readonly keepOld: () => Promise<void>
  readonly topUp: (amount: Nano) => Promise<void>
  readonly takeOut: (order: PayoutOrder) => Promise<void>
  /** Stops waiting for a wallet that does not answer. */
  readonly leave: () => void
  /** Puts away what has ended and was looked at. What runs stays, and so does a payout that was ordered: it goes on. */
  readonly clear: () => void
}

const IDLE = { state: 'idle' } as const

export function createWalletDesk(story: WalletStory): WalletDesk {
  let now: DeskState = { topUp: IDLE, binding: IDLE, order: IDLE }
  let waiting = new AbortController()
  const listeners = new Set<() => void>()
  const set = (change: Partial<DeskState>) => {
    now = { ...now, ...change }
    for (const listener of listeners) listener()
  }
  /** One talk with the wallet at a time: it has one window for all of them. */
  const isTalking = () => now.topUp.state === 'running' || now.binding.state === 'running'
  const begin = (): AbortSignal => {
    waiting = new AbortController()
    return waiting.signal
  }
  return {
    state: () => now,
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    connect: async () => {
      if (isTalking()) return
      set({ binding: { state: 'running' } })
      const ended = await story.connect(begin())
      set({
        binding: ended.ok ? { state: 'done', isNew: ended.isNew } : { state: 'failed', reason: ended.reason },
      })
    },
    keepOld: async () => {
      const kept = await story.keepOld()
      set({ binding: kept.ok ? IDLE : { state: 'failed', reason: kept.reason } })
    },
    topUp: async (amount) => {
      if (isTalking()) return
      set({ topUp: { state: 'running', step: 'sign', amount } })
      const ended = await story.topUp(amount, begin(), (step) =>
        set({ topUp: { state: 'running', step, amount } }),
      )
      if (!ended.ok) return set({ topUp: { state: 'failed', reason: ended.reason, amount } })
      set({
        topUp:
          ended.credited === 'late'
            ? { state: 'late', amount }
            : { state: 'credited', amount: ended.credited },
      })
    },
    takeOut: async (order) => {
      if (now.order.state === 'running') return
      set({ order: { state: 'running' } })
      const ended = await story.takeOut(order)
      set({
        order: ended.ok
          ? { state: 'done', payoutId: ended.payoutId }
          : { state: 'failed', reason: ended.reason },
      })
    },
    leave: () => waiting.abort(),
    clear: () =>
      set({
        topUp: now.topUp.state === 'running' ? now.topUp : IDLE,
        binding: now.binding.state === 'running' ? now.binding : IDLE,
        order: now.order.state === 'failed' ? IDLE : now.order,
      }),
  }
}
