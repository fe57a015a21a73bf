import type { JobReason } from '../../../protocol/src/answer.ts'

/** A job's states. `done`: answered. `stopped`: the caller ended it. `failed`: no runner could finish. */
export type JobState = 'queued' | 'running' | 'done' | 'stopped' | 'failed'
export type EndedState = Exclude<JobState, 'queued' | 'running'>

export type JobEvent =
  | { readonly type: 'leased' }
  | { readonly type: 'finished' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: JobReason }

/** The only legal moves. The database refuses the others, too. An ended job never moves again. */
export function nextState(state: JobState, event: JobEvent): JobState | undefined {
  if (state !== 'queued' && state !== 'running') return undefined
  switch (event.type) {
    case 'leased':
      return 'running'
    case 'finished':
      return state === 'running' ? 'done' : undefined
    case 'stopped':
      return 'stopped'
    case 'failed':
      return 'failed'
    default:
      return event satisfies never
  }
}
