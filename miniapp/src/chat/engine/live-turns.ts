import type { KeptTurn } from '../conversation.ts'
import type { ChatStore } from '../store/chat-store.ts'
import { beginTurn, nextTurn, type TurnState, writtenOf } from '../turn/next-turn.ts'
import { type RunTurnDeps, runTurn, type SealedParts } from '../turn/run-turn.ts'

/** An answer that is being written. */
export type LiveTurn = { readonly turn: KeptTurn; readonly state: TurnState }

export type LiveTurnsDeps = RunTurnDeps & {
  readonly store: Pick<ChatStore, 'write'>
  readonly nowMs: () => number
  readonly onShow: (live: LiveTurn) => void
  readonly onEnd: (live: LiveTurn) => void
}

/** What came is kept at most so often. */
export const KEEP_EVERY_MS = 400

type Running = {
  turn: KeptTurn
  readonly stop: AbortController
  /** Ends a wait for the network. */
  wake: AbortController
  keptAtMs: number
}

/** The answers that are being written: one for each conversation, whatever page is open. */
export function createLiveTurns(deps: LiveTurnsDeps) {
  const running = new Map<string, Running>()
  /** Stopped before they were sent. */
  const early = new Set<string>()
  const keep = (one: Running): Promise<void> => {
    one.keptAtMs = deps.nowMs()
    return deps.store.write({ turn: one.turn }).catch(() => undefined) // what came is still in the page
  }
  const show = (one: Running, state: TurnState) => {
    const { text, reasoning } = writtenOf(state)
    one.turn = { ...one.turn, text, reasoning, job: state.job }
    if (deps.nowMs() - one.keptAtMs >= KEEP_EVERY_MS) void keep(one)
    deps.onShow({ turn: one.turn, state })
  }
  return {
    /** Asks, or asks again after a reload; gives up a turn that was stopped before. The turn has to be kept already. */
    run: async (turn: KeptTurn): Promise<void> => {
      const { conversation, key, body } = turn
      const isEarly = early.delete(conversation)
      if (turn.isStopped || isEarly) return deps.onEnd({ turn, state: stoppedTurn(turn) })
      const one: Running = { turn, stop: new AbortController(), wake: new AbortController(), keptAtMs: 0 }
      one.keptAtMs = deps.nowMs()
      running.set(conversation, one)
      const untilReachable: RunTurnDeps['untilReachable'] = (tries, signal) => {
        one.wake = new AbortController()
        void keep(one)
        return deps.untilReachable(tries, AbortSignal.any([signal, one.wake.signal]))
      }
      const seal: SealedParts = {
        tickets: () => one.turn.tickets ?? [],
        keep: (ticket) => {
          one.turn = { ...one.turn, tickets: [...(one.turn.tickets ?? []), ticket] }
          return keep(one)
        },
      }
      const order = { key, body, kept: turn, stop: one.stop.signal, ...(turn.tickets ? { seal } : {}) }
      const state = await runTurn({ ...deps, untilReachable }, order, (next) => {
        if (running.get(conversation) === one && next.phase !== 'ended') show(one, next)
      })
      if (running.get(conversation) !== one) return // the conversation was deleted meanwhile
      running.delete(conversation)
      deps.onEnd({ turn: one.turn, state })
    },
    /** The person pressed Stop while an answer is awaited or written. */
    stop: (conversation: string): void => {
      const one = running.get(conversation)
      if (!one) return void early.add(conversation)
      one.turn = { ...one.turn, isStopped: true }
      void keep(one)
      one.stop.abort()
    },
    /** Tries at once where a turn waits for the network. */
    wake: (conversation: string): void => running.get(conversation)?.wake.abort(),
    /** Stops a turn whose conversation is deleted: nobody wants its end. */
    drop: (conversation: string): void => {
      const one = running.get(conversation)
      running.delete(conversation)
      one?.stop.abort()
    },
    hasAny: (): boolean => running.size > 0,
    has: (conversation: string): boolean => running.has(conversation),
  }
}

function stoppedTurn(turn: KeptTurn): TurnState {
  return nextTurn(nextTurn(beginTurn(turn), { type: 'stop' }), { type: 'broken' })
}
