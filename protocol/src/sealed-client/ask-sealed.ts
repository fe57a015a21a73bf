import type { AnswerFrame, AnswerUsage, JobReason } from '../answer.ts'
import { DEFAULT_MAX_TOKENS, estimateTokens } from '../chat-tokens.ts'
import type { WantedParams } from '../openai/to-chat-params.ts'
import type { ChatMessage } from '../runner/chat-params.ts'
import type { SealedReceipt } from '../sealed/sealed-receipt.ts'
import type { Candidate, ChooseRunners, RunnerWish } from './choose-runners.ts'
import { createTicketReader, type TicketEnd, type TicketEvent } from './read-ticket.ts'
import { readRelayFrames } from './relay-frame.ts'
import type { SealTrust } from './seal-trust.ts'
import type { NetworkReply, SealedNetwork } from './sealed-network.ts'
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
  /** What went wrong inside `evidence-refused` and `seal-broken`, for the person who wants to know. */
  readonly onFault?: (fault: string) => void
  readonly signal: AbortSignal
}

/** The stream broke off before the answer ended: the same tickets can be read again. */
export class SealedStreamBroken extends Error {
  override readonly name = 'SealedStreamBroken'
}

/** Runners that one answer is sealed to, one group after the other. */
const PARTS_MAX = 4
const REOPEN_WAIT_MS = 500
const ANSWER_TOKENS_MIN = 16

/** After these another runner goes on from what was delivered. */
const GOES_ON: ReadonlySet<string> = new Set([
  'runner-lost',
  'engine-failed',
  'timed-out',
  'coordinator-restarted',
])

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
  const said = { text: '', tokens: 0, tokenIds: [] as number[] | undefined }
  const failed = new Set<string>()
  const sum = createSum()
  let hasJob = false
  let isResealed = false
  let end: TicketEnd | undefined
  for (let part = 0; ; part++) {
    const made = order.tickets[part] ?? (await sealPart(deps, order, part, said, failed))
    // Nobody else can go on: then the answer ends as its last runner left it.
    if (!('version' in made)) return yield end ? lastFrame(end, sum, hasJob) : made
    end = undefined
    for await (const event of readTicket(deps, made, ask.lingerSeconds, signal)) {
      if (event.type === 'end') end = event
      else if (event.type === 'begun') failed.add(event.candidate.runnerId)
      else if (event.type === 'text') {
        const { text, tokens, tokenIds, reasoning, toolCalls } = event.piece
        said.text += text
        said.tokens += tokens
        if (tokenIds) said.tokenIds?.push(...tokenIds)
        else said.tokenIds = undefined
        yield {
          type: 'delta',
          text,
          ...(reasoning === undefined ? {} : { reasoning }),
          ...(toolCalls === undefined ? {} : { toolCalls }),
        }
      } else if (event.type === 'job') {
        if (!hasJob) yield { type: 'job', jobId: event.jobId, model: ask.model, holdNano: event.holdNano }
        hasJob = true
      } else yield event
    }
    if (!end) throw new SealedStreamBroken()
    sum.add(end)
    if (end.fault) order.onFault?.(end.fault)
    const isKeyChange: boolean = end.reason === 'key-epoch' && said.text === '' && !isResealed
    const goesOn = end.finish === 'failed' && part + 1 < PARTS_MAX && !signal.aborted
    if (goesOn && (isKeyChange || GOES_ON.has(end.reason ?? ''))) {
      isResealed ||= isKeyChange
      if (isKeyChange) failed.clear()
      yield { type: 'pause' }
      continue
    }
    return yield lastFrame(end, sum, hasJob)
  }
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
  said: { readonly text: string; readonly tokens: number; readonly tokenIds: readonly number[] | undefined },
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
  const maxTokens = params.maxTokens ?? Math.max(ANSWER_TOKENS_MIN, Math.min(DEFAULT_MAX_TOKENS, room))
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

/** Reads one ticket to its end, also when its stream breaks off: then it is read again, and what was given is left out. */
async function* readTicket(
  { network, reopens, sleep }: AskSealedDeps,
  ticket: SealedTicket,
  lingerSeconds: number,
  signal: AbortSignal,
): AsyncGenerator<TicketEvent, void, void> {
  const { model, envelope, key } = ticket
  const maxPrice = dearest(ticket)
  let given = 0
  for (let tries = 0; ; tries++) {
    try {
      const opened = await network.open({ model, envelope, key, lingerSeconds, maxPrice }, signal)
      if (!opened.ok && opened.reason !== 'unreachable') return yield refusedEnd(opened)
      let at = 0
      for await (const event of opened.ok ? openAll(ticket, opened.value) : []) {
        const isKept = event.type !== 'queued' && event.type !== 'pause'
        if (isKept) at += 1
        if (isKept && at <= given) continue
        given = Math.max(given, at)
        yield event
        if (event.type === 'end') return
      }
    } catch (error) {
      if (tries >= reopens || signal.aborted) throw new SealedStreamBroken('', { cause: error })
    }
    if (tries >= reopens || signal.aborted) throw new SealedStreamBroken()
    await sleep(REOPEN_WAIT_MS * 2 ** tries, signal)
  }
}

async function* openAll(ticket: SealedTicket, stream: ReadableStream<Uint8Array>) {
  const reader = createTicketReader(ticket)
  for await (const frame of readRelayFrames(stream)) yield* await reader.take(frame)
}

/** What the coordinator said before any job. */
function refusedEnd({ reason, retryAfterSeconds }: Extract<NetworkReply<never>, { ok: false }>): TicketEnd {
  const usage = { promptTokens: 0, completionTokens: 0, costNano: '0' }
  const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  return { type: 'end', finish: 'failed', reason, usage, ...later }
}

/** The most that any of a ticket's runners asks: none of them may be paid more. */
function dearest({ candidates }: SealedTicket) {
  return {
    input: Math.max(...candidates.map(({ price }) => price.input)),
    output: Math.max(...candidates.map(({ price }) => price.output)),
  }
}
