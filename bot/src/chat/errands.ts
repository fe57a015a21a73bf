import type { Chat } from './chat.ts'
import type { Errand, KeptErrand, Report } from './errand.ts'
import { say } from './say.ts'

/** Does what an errand asks for, as often as it is called with the same effect, and gives what to say. Throws to be called again. */
export type PerformErrand = (chat: Chat, errand: Errand) => Promise<Report | undefined>

/** What a conversation has to do besides answering: one after another, each until it is done. */
export type Errands = {
  /** Keeps an errand for good and begins with it. One whose id was seen before changes nothing. */
  readonly add: (id: string, errand: Errand) => void
  /** Goes on with those that are due. */
  readonly start: () => void
  /** Resolves when none that is due is left. */
  readonly settled: () => Promise<void>
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 600_000
/** A wait of at most this is sat out; for a longer one the alarm comes. */
const SHORT_WAIT_MS = 4000
/** A notice that could not be told for so long is of no more use; money is never given up. */
const NOTICE_TRIES_MAX = 24

export function createErrands(chat: Chat, perform: PerformErrand): Errands {
  const { state, clock, deps } = chat
  let running: Promise<void> | undefined

  const isSoon = ({ notBeforeMs }: KeptErrand) => notBeforeMs - clock.nowMs() <= SHORT_WAIT_MS
  const step = async (id: string, kept: KeptErrand): Promise<void> => {
    try {
      await carryOut(chat, perform, id, kept)
    } catch (error) {
      const tries = kept.tries + 1
      const { kind } = kept.errand
      deps.log('errand-failed', { kind, tries, error: error instanceof Error ? error.name : String(error) })
      if (kind === 'notice' && tries >= NOTICE_TRIES_MAX) return state.endErrand(id)
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 20), LONGEST_WAIT_MS)
      const now = state.errand(id) ?? kept
      state.keepErrand(id, { ...now, tries, notBeforeMs: clock.nowMs() + waitMs })
    }
  }
  const run = async (): Promise<void> => {
    for (;;) {
      const [next] = state.errands().toSorted((a, b) => a.kept.notBeforeMs - b.kept.notBeforeMs)
      if (!next) return
      if (!isSoon(next.kept)) return
      const waitMs = next.kept.notBeforeMs - clock.nowMs()
      if (waitMs > 0) await clock.sleep(waitMs)
      await step(next.id, next.kept)
    }
  }
  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined
      // One may have come while the last was ending.
      if (state.errands().some(({ kept }) => isSoon(kept))) start()
    })
  }
  return {
    add: (id, errand) => {
      if (!state.addErrand(id, errand)) return
      start()
    },
    start,
    settled: async () => {
      while (running) await running
    },
  }
}

async function carryOut(chat: Chat, perform: PerformErrand, id: string, kept: KeptErrand): Promise<void> {
  const { state } = chat
  // A report that was on its way may have arrived: it is not sent twice.
  if (kept.inFlight) return state.endErrand(id)
  let now = kept
  const keep = (change: Partial<KeptErrand>) => {
    now = { ...now, ...change }
    state.keepErrand(id, now)
  }
  if (now.report === undefined) keep({ report: (await perform(chat, now.errand)) ?? null })
  if (now.report) {
    const { rich, keyboard } = now.report
    const onFlight = (inFlight: boolean) => keep({ inFlight })
    const said = await say(chat, rich, { onFlight, ...(keyboard ? { keyboard } : {}) })
    if (!said.ok && (said.reason === 'too-many' || said.reason === 'server')) throw new Unsaid()
  }
  state.endErrand(id)
}

/** The report could not be sent. Action: it is sent later. */
class Unsaid extends Error {
  override readonly name = 'Unsaid'
}
