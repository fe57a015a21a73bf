import type { AnyReceipt, JobReason, RelayFrame } from '../../../protocol/src/answer.ts'
import type { JobOffer } from '../../../protocol/src/runner/down.ts'
import type { Finish, JobDelta, Usage } from '../../../protocol/src/runner/up.ts'
import type { Job } from '../jobs/chat-job.ts'
import type { JobState } from '../jobs/job.ts'
import type { OpenJobResult } from '../jobs/job-store.ts'
import type { Price } from '../pricing/price.ts'
import type { Quote } from '../pricing/quote.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'

/** Where an answer goes: a caller's stream. */
export type Sink = {
  readonly write: (frame: RelayFrame) => void
  readonly close: () => void
}

/** Which of a sealed request's candidates has it. */
export type SealedPlace = { readonly candidate: number; readonly key: SealedKey }

/** One runner's time with a job. */
export type Attempt = {
  readonly number: number
  /** Changes when the runner comes back on another socket. */
  linkId: string
  readonly runnerId: string
  readonly ledgerId: number
  readonly publicKey: string
  readonly manifestDigest: string
  readonly price: Price
  readonly offer: JobOffer
  /** Of a sealed job: its candidate's place in the header, and the key that the header names. */
  readonly sealed: SealedPlace | undefined
  /** Texts of the deltas, vectors, or chunks, in order: what the receipt's output hash covers. */
  readonly pieces: string[]
  nextSeq: number
  /** Tokens of this attempt that reached the reader, as counted here; bytes of a sealed one, where none can be counted. */
  deliveredTokens: number
  usage: Usage | undefined
  receipt: AnyReceipt | undefined
  faulty: boolean
}

/** How an answer ended. */
export type EndOfAnswer =
  | { readonly state: 'done' | 'stopped'; readonly finish: Finish }
  | { readonly state: 'failed'; readonly reason: JobReason; readonly param?: string }

/** A job while it is open, in the memory of the object that owns it. */
export type LiveJob = {
  readonly job: Job
  readonly quote: Quote
  /** The price pinned at the hold: no runner of this job costs more. */
  readonly pinned: Price
  readonly createdAtMs: number
  readonly sinks: Set<Sink>
  /** Every frame so far but the passing ones, for a reader that comes late or again. */
  readonly history: RelayFrame[]
  readonly attempts: Attempt[]
  /** One entry per choice, for the job's record. */
  readonly why: unknown[]
  /** Runners that failed this job. */
  readonly failedRunners: Set<string>
  /** Resolves with the hold. Nothing is delivered before. */
  opened: Promise<OpenJobResult>
  state: JobState
  /** The runner that has it now. */
  current: Attempt | undefined
  text: string
  tokens: number
  /** The model's ids of `text`; undefined as soon as one runner did not say them. */
  tokenIds: number[] | undefined
  vectors: string[]
  /** Ciphertext that went to the readers, in bytes. */
  relayedBytes: number
  /** A runner said that a sealed request names keys which it has no more. */
  hasOldKeys: boolean
  firstDeltaAtMs: number | undefined
  /** The caller is gone or pressed Stop: what comes now is not delivered and not charged. */
  stopping: boolean
  ending: EndOfAnswer | undefined
  timer: unknown
  /** Runs while nobody reads: at its end the job stops. */
  linger: unknown
  /** While deltas come: when the runner counts as hung. */
  quietUntilMs: number | undefined
  /** Called at the first sign of life: a delta, or the end. */
  onLife: () => void
}

export function createLiveJob(facts: Pick<LiveJob, 'job' | 'quote' | 'pinned' | 'createdAtMs'>): LiveJob {
  return {
    ...facts,
    sinks: new Set(),
    history: [],
    attempts: [],
    why: [],
    failedRunners: new Set(),
    opened: Promise.resolve({ ok: true }),
    state: 'queued',
    current: undefined,
    text: '',
    tokens: 0,
    tokenIds: [],
    vectors: [],
    relayedBytes: 0,
    hasOldKeys: false,
    firstDeltaAtMs: undefined,
    stopping: false,
    ending: undefined,
    timer: undefined,
    linger: undefined,
    quietUntilMs: undefined,
    onLife: () => undefined,
  }
}

/** Under which `Idempotency-Key` of which account a job came; undefined without one. */
export function keyOf({ caller, idempotency }: Job): string | undefined {
  return idempotency && `${caller.accountId}/${idempotency.keyHash}`
}

/** Shows a frame to every reader, and keeps it for those who come later unless it is a passing one. */
export function emit(live: LiveJob, frame: RelayFrame): void {
  if (frame.type !== 'queued' && frame.type !== 'pause') live.history.push(frame)
  for (const sink of live.sinks) sink.write(frame)
}

/** Takes the next delta of an attempt into what was delivered. */
export function applyDelta(live: LiveJob, attempt: Attempt, delta: JobDelta, nowMs: number): void {
  attempt.nextSeq += 1
  attempt.pieces.push(delta.text)
  if (live.stopping) return
  const tokens = Math.min(delta.tokens, tokensMax(delta))
  attempt.deliveredTokens += tokens
  live.text += delta.text
  live.tokens += tokens
  if (delta.tokenIds) live.tokenIds?.push(...delta.tokenIds)
  else live.tokenIds = undefined
  live.firstDeltaAtMs ??= nowMs
  emit(live, {
    type: 'delta',
    text: delta.text,
    ...(delta.reasoning === undefined ? {} : { reasoning: delta.reasoning }),
    ...(delta.toolCalls === undefined ? {} : { toolCalls: delta.toolCalls }),
  })
  live.onLife()
}

const encoder = new TextEncoder()

/** No byte-level tokenizer makes more tokens than bytes: a runner cannot be paid for more. */
function tokensMax({ text, reasoning = '', toolCalls }: JobDelta): number {
  return encoder.encode(text + reasoning + (toolCalls ? JSON.stringify(toolCalls) : '')).length
}
