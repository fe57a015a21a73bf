import type { AnswerJob, Ending } from '../conversation.ts'

/** What happens to an answer while it is asked for and read. */
export type TurnEvent =
  /** It is asked for, for the first time or again: whatever comes now comes from its beginning. */
  | { readonly type: 'asked' }
  | { readonly type: 'opened'; readonly jobId: string | undefined }
  /** A sealed answer goes on as another job. */
  | { readonly type: 'moved'; readonly jobId: string }
  | { readonly type: 'queued'; readonly place: number; readonly waitSeconds: number }
  /** The runner was lost; another goes on. */
  | { readonly type: 'paused' }
  | { readonly type: 'words'; readonly text: string; readonly reasoning: string }
  | { readonly type: 'finished'; readonly isCut: boolean }
  | { readonly type: 'used'; readonly used: AnswerJob }
  | { readonly type: 'failed'; readonly code: string; readonly detail?: NonNullable<Ending['detail']> }
  | { readonly type: 'done' }
  /** Nobody is there, or the stream ended before the answer did. */
  | { readonly type: 'broken' }
  /** The person pressed Stop. */
  | { readonly type: 'stop' }
  /** What the coordinator has on record of the job afterwards: `wasStopped` where nobody read it to its end. */
  | { readonly type: 'recorded'; readonly wasStopped: boolean; readonly job: AnswerJob }

export type TurnPhase =
  /** Asked; nothing came yet. */
  | 'asking'
  | 'queued'
  | 'writing'
  /** The runner was lost, another goes on. */
  | 'handing-over'
  /** Nobody is there; it is asked for again. */
  | 'out-of-reach'
  | 'ended'

export type TurnState = {
  readonly phase: TurnPhase
  /** How often it was asked for. */
  readonly readings: number
  readonly isStopping: boolean
  /** What was there before this reading: it stays in view until the reading has caught up. */
  readonly kept: Written
  /** What this reading brought. */
  readonly read: Written
  readonly isCut: boolean
  readonly queue: { readonly place: number; readonly waitSeconds: number } | undefined
  readonly job: AnswerJob
  /** The job to stop, where it is not the first one any more. */
  readonly movedTo: string | undefined
  /** Set when it has ended. */
  readonly ending: Ending | undefined
}

export type Written = { readonly text: string; readonly reasoning: string }

/** What was kept of a turn when the page was left. */
export type Kept = Written & { readonly job: AnswerJob }

const NOTHING: Written = { text: '', reasoning: '' }

/** Characters that an answer may have; what is longer is not one. */
export const ANSWER_CHARS_MAX = 400_000

/** A turn before it is asked, with what was kept of it. */
export function beginTurn(kept: Kept = { ...NOTHING, job: {} }): TurnState {
  return {
    phase: 'asking',
    readings: 0,
    isStopping: false,
    kept: { text: kept.text, reasoning: kept.reasoning },
    read: NOTHING,
    isCut: false,
    queue: undefined,
    job: kept.job,
    movedTo: undefined,
    ending: undefined,
  }
}

/** What there is to read: never less than what was there already. */
export function writtenOf({ kept, read }: TurnState): Written {
  return {
    text: read.text.length >= kept.text.length ? read.text : kept.text,
    reasoning: read.reasoning.length >= kept.reasoning.length ? read.reasoning : kept.reasoning,
  }
}

/** Moves a turn. After its end only the coordinator's record changes anything. */
export function nextTurn(state: TurnState, event: TurnEvent): TurnState {
  if (state.phase === 'ended' && event.type !== 'recorded') return state
  switch (event.type) {
    case 'asked':
      return {
        ...state,
        phase: 'asking',
        readings: state.readings + 1,
        kept: writtenOf(state),
        read: NOTHING,
        isCut: false,
        queue: undefined,
        movedTo: undefined,
      }
    case 'moved':
      return { ...state, movedTo: event.jobId }
    case 'opened':
      return event.jobId === undefined ? state : { ...state, job: { ...state.job, id: event.jobId } }
    case 'queued':
      return { ...state, phase: 'queued', queue: { place: event.place, waitSeconds: event.waitSeconds } }
    case 'paused':
      return { ...state, phase: 'handing-over' }
    case 'words':
      return addWords(state, event)
    case 'finished':
      return { ...state, isCut: event.isCut }
    case 'used':
      return { ...state, job: { ...state.job, ...event.used } }
    case 'failed':
      return endTurn(state, {
        how: state.isStopping ? 'stopped' : 'failed',
        trouble: event.code,
        ...(event.detail ? { detail: event.detail } : {}),
      })
    case 'done':
      return endDone(state)
    case 'broken':
      return state.isStopping ? endTurn(state, { how: 'stopped' }) : { ...state, phase: 'out-of-reach' }
    case 'stop':
      return state.phase === 'out-of-reach'
        ? endTurn({ ...state, isStopping: true }, { how: 'stopped' })
        : { ...state, isStopping: true }
    case 'recorded':
      return addRecord(state, event)
    default:
      return event satisfies never
  }
}

function addWords(state: TurnState, { text, reasoning }: Written): TurnState {
  const read = { text: state.read.text + text, reasoning: state.read.reasoning + reasoning }
  const next: TurnState = { ...state, phase: 'writing', queue: undefined, read }
  const isTooLong = read.text.length + read.reasoning.length > ANSWER_CHARS_MAX
  return isTooLong ? endTurn(next, { how: 'cut' }) : next
}

/** The coordinator's word is the last: what it sent is the answer, also where more was kept. */
function endDone(state: TurnState): TurnState {
  if (state.isStopping) return endTurn(state, { how: 'stopped' })
  const said = state.read.text === '' ? state : { ...state, kept: NOTHING }
  const isEmpty = writtenOf(said).text.trim() === ''
  return endTurn(said, {
    how: state.isCut ? 'cut' : 'done',
    ...(isEmpty ? { trouble: 'empty-answer' } : {}),
  })
}

/** An answer that was stopped because nobody read it has not come to its own end. */
function addRecord(
  state: TurnState,
  { job, wasStopped }: Extract<TurnEvent, { type: 'recorded' }>,
): TurnState {
  const isCut = state.ending?.how === 'done' && wasStopped
  const ending = isCut && state.ending ? { ...state.ending, how: 'cut' as const } : state.ending
  return { ...state, ending, job: { ...state.job, ...job } }
}

function endTurn(state: TurnState, ending: Ending): TurnState {
  return { ...state, phase: 'ended', queue: undefined, ending }
}
