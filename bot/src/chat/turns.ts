import type { WordId } from '../words/en.ts'
import { wordsFor } from '../words/words.ts'
import type { Chat } from './chat.ts'
import type { Turn } from './conversation-state.ts'
import { plain } from './rich-text.ts'
import { recoverTurn, runTurn, type StopReason } from './run-turn.ts'
import { say } from './say.ts'

/** Who asked, and what is to be answered. */
export type NewTurn = Pick<Turn, 'userId' | 'language'> &
  Partial<Pick<Turn, 'messageId'>> &
  (
    | { readonly kind: 'ask' | 'edit'; readonly text: string }
    | { readonly kind: 'retry' | 'continue'; readonly target: number }
    | { readonly kind: 'notice'; readonly word: WordId }
  )

/** The answers of a conversation: in the order in which they were asked for, one at a time. */
export type Turns = {
  readonly add: (turn: NewTurn) => void
  /** The turn that is being answered now. */
  readonly current: () => Turn | undefined
  readonly isIdle: () => boolean
  /** Ends the running answer with what is there; false when none runs. */
  readonly stop: (reason: StopReason) => boolean
  /** Replaces the text of a question that still waits; false when it does not wait. */
  readonly changeWaiting: (messageId: number, text: string) => boolean
  /** Goes on with what an earlier process left. */
  readonly start: () => void
  /** Resolves when nothing waits and nothing runs. */
  readonly settled: () => Promise<void>
}

export function createTurns(chat: Chat): Turns {
  const { state, deps } = chat
  let live: { readonly turn: Turn; readonly stop: AbortController } | undefined
  let running: Promise<void> | undefined

  const step = async (): Promise<boolean> => {
    const left = state.running()
    if (left) {
      await recoverTurn(chat, left)
      return true
    }
    const turn = state.turns()[0]
    if (!turn) return false
    const stop = new AbortController()
    live = { turn, stop }
    await runTurn(chat, turn, stop)
    return true
  }
  const run = async (): Promise<void> => {
    for (;;) {
      try {
        if (!(await step())) return
      } catch (error) {
        // A turn that throws would come again for ever: it is given up, the next one may do better.
        deps.log('turn-gave-up', {
          turn: live?.turn.seq,
          error: error instanceof Error ? error.name : String(error),
        })
        const left = state.running()
        state.clearRunning()
        if (live) state.removeTurn(live.turn.seq)
        if (live && !left?.ending) {
          await say(chat, plain(wordsFor(live.turn.language)('reason-coordinator-restarted')))
        }
      } finally {
        live = undefined
      }
    }
  }
  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined
      if (state.turns().length > 0) start()
    })
  }
  return {
    add: (turn) => {
      state.addTurn(toTurn(turn, state.nextSeq()))
      start()
    },
    current: () => live?.turn,
    isIdle: () => !live && !state.running() && state.turns().length === 0,
    stop: (reason) => {
      live?.stop.abort(reason)
      return live !== undefined
    },
    changeWaiting: (messageId, text) => {
      const waiting = state.turns().find((turn) => turn.messageId === messageId)
      if (!waiting || waiting.seq === live?.turn.seq || !(waiting.kind === 'ask' || waiting.kind === 'edit'))
        return false
      state.addTurn({ ...waiting, text })
      return true
    },
    start,
    settled: async () => {
      while (running) await running
    },
  }
}

function toTurn(turn: NewTurn, seq: number): Turn {
  const { userId, language, kind, messageId } = turn
  return {
    seq,
    kind,
    userId,
    language,
    deaths: 0,
    text: turn.kind === 'notice' ? turn.word : 'text' in turn ? turn.text : '',
    ...(messageId === undefined ? {} : { messageId }),
    ...('target' in turn ? { target: turn.target } : {}),
  }
}
