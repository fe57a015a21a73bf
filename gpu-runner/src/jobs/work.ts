import type { JobUnsealable, UpFrame } from '../../../protocol/src/runner/up.ts'
import type { ChatEnd } from '../engine/engine.ts'

/** Puts a frame of an answer on the wire. It is kept for a lost link; `pieces` is what a receipt covers of it. */
export type Put = (make: (seq: number) => UpFrame, pieces: readonly string[]) => void

/** How a job's work ended. Unsealable: it could not be opened, and nothing was begun. */
export type WorkEnd =
  | ChatEnd
  | { readonly ok: false; readonly reason: 'unsealable'; readonly why: JobUnsealable['reason'] }

export type GoodEnd = Extract<ChatEnd, { ok: true }>

/** What a receipt says beside the job: what went out, and when. */
export type WorkFacts = {
  readonly pieces: readonly string[]
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** One job's work: open jobs and sealed ones differ in nothing else. */
export type Work = {
  readonly run: (signal: AbortSignal, put: Put) => Promise<WorkEnd>
  /** Makes the last frame, with its receipt. A throw is a broken engine. */
  readonly conclude: (end: GoodEnd, facts: WorkFacts, put: Put) => Promise<UpFrame>
}
