import type { AnswerFrame, AnswerUsage, JobReason } from '../answer.ts'
import { DEFAULT_MAX_TOKENS, estimateTokens } from '../chat-tokens.ts'
import type { WantedParams } from '../openai/to-chat-params.ts'
import type { ChatMessage } from '../runner/chat-params.ts'
import { OUT_BUCKETS } from '../sealed/header.ts'
import type { SealedReceipt } from '../sealed/sealed-receipt.ts'
import type { Candidate, ChooseRunners, RunnerWish } from './choose-runners.ts'
import { readTicket, SealedStreamBroken } from './follow-ticket.ts'
import type { TicketEnd, TicketEvent } from './read-ticket.ts'
import type { SealTrust } from './seal-trust.ts'
import type { SealedNetwork } from './sealed-network.ts'
import { makeTicket, type SealedTicket } from './sealed-ticket.ts'

/** One chat to be asked under a seal. */
export type SealedAsk = Omit<RunnerWish, 'exclude'> & {
  readonly messages: readonly ChatMessage[]
  readonly params: WantedParams
  /** Names this question; each part of its answer gets a key of its own from it. */
  readonly key: string
  readonly lingerSeconds: number
}

export type AskSealedDeps = {
  readonly network: SealedNetwork
  readonly trust: SealTrust
  readonly chooseRunners: ChooseRunners
  readonly nowMs: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** How often a stream that broke off is opened again before it counts as broken. */
  readonly reopens: number
}

export type AskSealedOrder = {
  readonly ask: SealedAsk
  /** Of an answer that was asked for before: it is read again, from its beginning. */
  readonly tickets: readonly SealedTicket[]
  /** A request was sealed: keep it before it is sent. */
  readonly onTicket: (ticket: SealedTicket, candidates: readonly Candidate[]) => Promise<void> | void
  /** Each part of an answer is a job of its own; the frames name the first alone. */
  readonly onJob?: (jobId: string) => void
  /** A runner proved that it opened the request. */
  readonly onRunner?: (candidate: SealedTicket['candidates'][number]) => void
  /** What went wrong inside `evidence-refused` and `seal-broken`, for the person who wants to know. */
  readonly onFault?: (fault: string) => void
  /**
   * Whether the person stopped the answer by another way than `signal`. Where it says no, an answer that somebody else
   * stopped is `seal-broken` and not a short answer; absent: nobody can tell.
   */
  readonly isStopped?: () => boolean
  readonly signal: AbortSignal
}

export { SealedStreamBroken } from './follow-ticket.ts'

/** Runners that one answer is sealed to, one group after the other. */
const PARTS_MAX = 4
const ANSWER_TOKENS_MIN = 16

/** After these another runner goes on from what was delivered. */
const GOES_ON: ReadonlySet<string> = new Set([
  'runner-lost',
  'engine-failed',
  'timed-out',
  'coordinator-restarted',
])

/** What an answer has so far. `tokenIds` are gone once a runner did not say them. */
type Said = { text: string; tokens: number; tokenIds: number[] | undefined; hasToolCalls: boolean }

/**
 * Asks under a seal and gives the answer as any other is given. It chooses runners, seals, reads and checks; when a runner
 * is lost in the middle it seals the question again, with what was delivered, to others. Only what came out of a seal is
 * ever given as text.
 */
export async function* askSealed(
  deps: AskSealedDeps,
  order: AskSealedOrder,
): AsyncGenerator<AnswerFrame, void, void> {
  const { ask, signal } = order
  const said: Said = { text: '', tokens: 0, tokenIds: [], hasToolCalls: false }
  const failed = new Set<string>()
  const sum = createSum()
  let hasJob = false
  let isResealed = false
  let end: TicketEnd | undefined
  for (let part = 0; ; part++) {
    const made = order.tickets[part] ?? (await sealPart(deps, order, part, said, failed))
    // Nobody else can go on: then the answer ends as its last runner left it.
    if (!('version' in made)) return yield end ? lastFrame(end, sum, hasJob) : made
    const tokensBefore = said.tokens
    end = undefined
    for await (const event of readTicket(deps, made, ask.lingerSeconds, signal)) {
      if (event.type === 'end') end = withStop(event, order)
      else if (event.type === 'begun') {
        failed.add(event.candidate.runnerId)
        order.onRunner?.(event.candidate)
      } else if (event.type === 'text') yield take(said, event.piece)
      else if (event.type === 'job') {
        order.onJob?.(event.jobId)
        if (!hasJob) yield { type: 'job', jobId: event.jobId, model: ask.model, holdNano: event.holdNano }
        hasJob = true
      } else yield event
    }
    if (!end) throw new SealedStreamBroken()
    sum.add(end)
    if (end.fault) order.onFault?.(end.fault)
    if (said.tokens > tokensBefore && end.reason === 'idempotency-ended')
      end = { ...end, reason: 'coordinator-restarted' }
    const isKeyChange: boolean = !isResealed && isStale(end, deps.network, hasJob)
    // Half a tool call cannot be gone on with: the next runner would call it again.
    const goesOn = isKeyChange || (GOES_ON.has(end.reason ?? '') && !said.hasToolCalls)
    if (end.finish !== 'failed' || !goesOn || part + 1 === PARTS_MAX || signal.aborted)
      return yield lastFrame(end, sum, hasJob)
    if (said.tokens >= (ask.params.maxTokens ?? Number.POSITIVE_INFINITY))
      return yield { type: 'end', finish: 'length', ...sum.all() }
    isResealed ||= isKeyChange
    if (isKeyChange) failed.clear()
    yield { type: 'pause' }
  }
}

/** Whether the runners are others than they were said to be: their keys changed, or those that were remembered are gone. */
function isStale({ reason }: TicketEnd, network: SealedNetwork, hasJob: boolean): boolean {
  if (reason === 'key-epoch') {
    network.forget?.()
    return true
  }
  return !hasJob && (reason === 'no-runner' || reason === 'no-own-runner') && (network.forget?.() ?? false)
}

/** Counts a piece and gives it as a frame. */
function take(said: Said, piece: Extract<TicketEvent, { type: 'text' }>['piece']): AnswerFrame {
  const { text, tokens, tokenIds, reasoning, toolCalls } = piece
  said.text += text
  said.tokens += tokens
  said.hasToolCalls ||= toolCalls !== undefined
  if (tokenIds) said.tokenIds?.push(...tokenIds)
  else said.tokenIds = undefined
  return {
    type: 'delta',
    text,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls === undefined ? {} : { toolCalls }),
  }
}

/** An answer that somebody else stopped was cut short, however well it is signed. */
function withStop(end: TicketEnd, { signal, isStopped }: AskSealedOrder): TicketEnd {
  if (end.finish !== 'cancelled' || signal.aborted || !isStopped || isStopped()) return end
  return { ...end, finish: 'failed', reason: 'seal-broken', fault: 'stopped-by-another' }
}

/** Whether a refusal comes before any job: then nothing was charged. */
function lastFrame(end: TicketEnd, sum: ReturnType<typeof createSum>, hasJob: boolean): AnswerFrame {
  const reason = end.reason as JobReason | undefined
  if (!hasJob && end.finish === 'failed' && reason !== undefined) {
    const later = end.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: end.retryAfterSeconds }
    return { type: 'refused', reason, ...later }
  }
  return { type: 'end', finish: end.finish, ...(reason ? { reason } : {}), ...sum.all() }
}

function createSum() {
  const receipts: SealedReceipt[] = []
  let promptTokens = 0
  let completionTokens = 0
  let cost = 0n
  return {
    add: ({ usage, receipt }: TicketEnd) => {
      promptTokens += usage.promptTokens
      completionTokens += usage.completionTokens
      cost += BigInt(usage.costNano)
      if (receipt) receipts.push(receipt)
    },
    all: (): { usage: AnswerUsage; receipts: SealedReceipt[] } => ({
      usage: { promptTokens, completionTokens, costNano: String(cost) },
      receipts,
    }),
  }
}

async function sealPart(
  { chooseRunners, trust, nowMs }: AskSealedDeps,
  { ask, onTicket, onFault, signal }: AskSealedOrder,
  part: number,
  said: Readonly<Said>,
  failed: ReadonlySet<string>,
): Promise<SealedTicket | AnswerFrame> {
  const { messages, params, key, ...wish } = ask
  const chosen = await chooseRunners({ ...wish, exclude: failed }, signal)
  if (!chosen.ok) {
    if (chosen.why) onFault?.(chosen.why)
    return refusal(chosen.reason)
  }
  const { text, tokens, tokenIds } = said
  const room = chosen.contextTokens - messages.reduce((sum, { content }) => sum + estimateTokens(content), 0)
  const wanted = params.maxTokens ?? Math.max(ANSWER_TOKENS_MIN, Math.min(DEFAULT_MAX_TOKENS, room))
  // No header can pay for more than its largest bucket.
  const maxTokens = Math.min(wanted, tokens + (OUT_BUCKETS.at(-1) ?? 0))
  const made = await makeTicket({
    key: `${key}/${part}`,
    model: ask.model,
    tier: ask.tier,
    question: {
      version: 1,
      messages: [...messages],
      params: { ...params, maxTokens },
      ...(text === '' ? {} : { delivered: { text, tokens, tokenIds: [...(tokenIds ?? [])] } }),
    },
    chosen,
    suite: trust.suite,
    nowMs: nowMs(),
  })
  if (!made.ok) return refusal(made.reason)
  await onTicket(made.ticket, chosen.candidates)
  return made.ticket
}

function refusal(reason: string): AnswerFrame {
  // Reasons beyond the list come from the coordinator's own edge: a page says them by their word.
  return { type: 'refused', reason: reason as JobReason }
}
