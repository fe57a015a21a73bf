/** One job on this runner, from the offer to its end. */
export type JobPhase = 'offered' | 'running' | 'done' | 'failed' | 'cancelled'

export type JobEvent = 'begin' | 'end' | 'fail' | 'cancel'

export type JobRef = { readonly jobId: string; readonly attempt: number }

/** The phase that follows, or undefined where the event makes no sense (a job that ended stays as it is). */
export function nextPhase(phase: JobPhase, event: JobEvent): JobPhase | undefined {
  if (phase === 'done' || phase === 'failed' || phase === 'cancelled') return undefined
  switch (event) {
    case 'begin':
      return phase === 'offered' ? 'running' : undefined
    case 'end':
      return phase === 'running' ? 'done' : undefined
    case 'fail':
      return 'failed'
    case 'cancel':
      return 'cancelled'
    default:
      return event satisfies never
  }
}

/** What a table is asked when an offer comes in. */
export type Occupancy = {
  readonly slots: number
  readonly running: number
  readonly leaving: boolean
  /** This very attempt was offered before. */
  readonly known: boolean
}

/** Whether to take an offer. A repeated offer is neither taken nor refused: the job runs, or ran, once. */
export function admit({ slots, running, leaving, known }: Occupancy): 'take' | 'busy' | 'leaving' | 'known' {
  if (known) return 'known'
  if (leaving) return 'leaving'
  return running < slots ? 'take' : 'busy'
}

/** The name of one attempt at a job. */
export function refKey({ jobId, attempt }: JobRef): string {
  return `${jobId}/${attempt}`
}
