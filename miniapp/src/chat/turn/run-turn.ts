import { readStream } from '../../data/read-stream.ts'
import type { Reply } from '../../session/session.ts'
import type { ChatBody, KeptTurn } from '../conversation.ts'
import { beginTurn, type Kept, nextTurn, type TurnEvent, type TurnState } from './next-turn.ts'
import { toTurnEvents } from './to-turn-event.ts'

type Recorded = Extract<TurnEvent, { type: 'recorded' }>

export type RunTurnDeps = {
  /** Asks, or reads on: the same key and body get the same answer, from its beginning. */
  readonly open: (body: ChatBody, key: string, signal: AbortSignal) => Promise<Reply<Response>>
  /** The same under a seal: what happens to the answer, until it has ended or its stream breaks. Never throws. */
  readonly openSealed: (order: SealedReading, signal: AbortSignal) => AsyncIterable<TurnEvent>
  /** Tells the coordinator that the person pressed Stop; false when it did not hear it. */
  readonly stopJob: (jobId: string) => Promise<boolean>
  /** What the coordinator has on record of a job that is over; undefined when it does not say. */
  readonly readRecord: (jobId: string) => Promise<Omit<Recorded, 'type'> | undefined>
  /** Waits before the next try: until the network is back or the person wants it, or a while. */
  readonly untilReachable: (tries: number, signal: AbortSignal) => Promise<void>
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export type TurnOrder = {
  readonly body: ChatBody
  readonly key: string
  readonly kept: Kept
  /** How it is sealed; absent: it is not. */
  readonly seal?: SealedParts
  /** The person pressed Stop. */
  readonly stop: AbortSignal
}

type Tickets = NonNullable<KeptTurn['tickets']>

/** The requests of a sealed answer, as they are kept on this device. */
export type SealedParts = {
  readonly tickets: () => Tickets
  /** Keeps one before it is sent: it alone opens the answer. */
  readonly keep: (ticket: Tickets[number]) => Promise<void>
}

export type SealedReading = SealedParts & { readonly body: ChatBody; readonly key: string }

/** Nothing at all for so long while an answer is read: the connection is taken for dead, and it is read again. */
export const SILENCE_MS = 40_000
/** How long a stopped job may take to hand over what it delivered last, and what that cost. */
export const STOP_GRACE_MS = 3000
/** The record of a job is waited for so long; without it the answer stands as it is. */
const RECORD_WAIT_MS = 3000

/**
 * Asks for an answer and reads it to its end, through tunnels and restarts: whenever the stream breaks, the same question
 * is asked again under the same key, which goes on reading and is charged once. `show` gets every state; the last one has
 * ended. Never throws.
 */
export async function runTurn(
  deps: RunTurnDeps,
  order: TurnOrder,
  show: (state: TurnState) => void,
): Promise<TurnState> {
  let state = beginTurn(order.kept)
  const apply = (event: TurnEvent) => {
    const next = nextTurn(state, event)
    if (next === state) return
    state = next
    show(state)
  }
  const over = new AbortController()
  const reading = new AbortController()
  let told: string | undefined
  const tellStop = () => {
    const job = state.movedTo ?? state.job.id
    if (!order.stop.aborted || job === undefined || job === told) return
    told = job
    void deps.stopJob(job).then((isHeard) => {
      if (!isHeard) reading.abort() // it ends when nobody reads it
    })
  }
  const onStop = () => {
    apply({ type: 'stop' })
    tellStop()
    void deps.sleep(STOP_GRACE_MS, over.signal).then(() => reading.abort())
  }
  if (order.stop.aborted) onStop()
  else order.stop.addEventListener('abort', onStop, { once: true })

  for (let tries = 1; state.phase !== 'ended'; tries++) {
    apply({ type: 'asked' })
    await readOnce(deps, order, { apply, tellStop, signal: reading.signal })
    if (state.phase === 'out-of-reach') {
      await deps.untilReachable(tries, AbortSignal.any([order.stop, over.signal]))
    }
  }
  over.abort()
  order.stop.removeEventListener('abort', onStop)
  const job = state.movedTo ?? state.job.id
  // Nobody reads an altered answer any further: it must not cost more than it did.
  if (state.ending?.trouble === 'seal_broken' && job !== undefined) await deps.stopJob(job)
  await askRecord(deps, state, apply)
  return state
}

type Reading = {
  readonly apply: (event: TurnEvent) => void
  readonly tellStop: () => void
  readonly signal: AbortSignal
}

/** Reads the answer's stream once, to its end or until it breaks. */
async function readOnce(
  deps: RunTurnDeps,
  { body, key, seal }: TurnOrder,
  { apply, tellStop, signal }: Reading,
): Promise<void> {
  const silence = watchSilence(deps)
  if (seal) {
    for await (const event of deps.openSealed(
      { body, key, ...seal },
      AbortSignal.any([signal, silence.signal]),
    )) {
      silence.heard()
      apply(event)
      tellStop()
    }
    return silence.end()
  }
  const opened = await deps.open(body, key, AbortSignal.any([signal, silence.signal]))
  silence.heard()
  if (!opened.ok) {
    silence.end()
    return apply(opened.reason === 'unreachable' ? BROKEN : { type: 'failed', code: opened.reason })
  }
  apply({ type: 'opened', jobId: opened.value.headers.get('x-sharnaqa-job') ?? undefined })
  tellStop()
  for await (const event of readStream(opened.value.body ?? new ReadableStream())) {
    silence.heard()
    for (const one of toTurnEvents(event)) apply(one)
  }
  silence.end()
}

const BROKEN = { type: 'broken' } as const

/** A signal that aborts after SILENCE_MS without `heard`. */
function watchSilence({ sleep }: Pick<RunTurnDeps, 'sleep'>) {
  const silent = new AbortController()
  let wait = new AbortController()
  const begin = () => {
    const { signal } = wait
    void sleep(SILENCE_MS, signal).then(() => {
      if (!signal.aborted) silent.abort()
    })
  }
  begin()
  return {
    signal: silent.signal,
    heard: () => {
      wait.abort()
      wait = new AbortController()
      begin()
    },
    end: () => wait.abort(),
  }
}

/**
 * Asks what the stream did not say: what a broken answer cost, and whether one that was read again had been stopped
 * meanwhile because nobody read it: then it is not whole.
 */
async function askRecord(
  { readRecord, sleep }: RunTurnDeps,
  { ending, readings, job }: TurnState,
  apply: (event: TurnEvent) => void,
): Promise<void> {
  const isDoubtful = job.costNano === undefined || (ending?.how === 'done' && readings > 1)
  if (job.id === undefined || !isDoubtful) return
  const over = new AbortController()
  const late = sleep(RECORD_WAIT_MS, over.signal).then(() => undefined)
  const record = await Promise.race([readRecord(job.id), late])
  over.abort()
  if (record) apply({ type: 'recorded', ...record })
}
