import { DurableObject } from 'cloudflare:workers'
import type { AnswerUsage, JobReason } from '../../../protocol/src/answer.ts'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import type { JobId, RunnerId } from '../../../protocol/src/ids.ts'
import type { DownFrame } from '../../../protocol/src/runner/down.ts'
import { type Hello, type UpFrame, upFrameSchema } from '../../../protocol/src/runner/up.ts'
import {
  FRAME_MAX_CHARS,
  RUNNER_PROTOCOL_MINIMUM,
  RUNNER_PROTOCOL_VERSION,
} from '../../../protocol/src/runner/version.ts'
import type { ChatJob, EmbeddingJob } from '../jobs/chat-job.ts'
import { endJob, JOB_MAX_MS, listOpenJobs, markJobRunning, openJob, voidJob } from '../jobs/job-store.ts'
import { connectDb, type Db } from '../ledger/ledger-store.ts'
import { addModel, findModel } from '../models/model-store.ts'
import type { AnswerFormat as OpenAiFormat } from '../openai-api/openai-deps.ts'
import { createChunkWriter } from '../openai-api/to-chunk.ts'
import { createCompletionWriter } from '../openai-api/to-completion.ts'
import { logToConsole } from '../platform/log.ts'
import { findRunner } from '../runners/runner-store.ts'
import { createAnswerStream, type FrameWriter, writeFrameLine } from './answer-stream.ts'
import { BOUNDS, type Desk, estimateWaitSeconds, type LinkFacts } from './desk.ts'
import { stopAnswer } from './end-answer.ts'
import { greetRunner, type Refused, refuse } from './greet-runner.ts'
import { pump } from './lease-job.ts'
import { linkBroken, linkDown, linkUp } from './links.ts'
import { openDesk } from './open-desk.ts'
import { receiveFrame } from './receive-frame.ts'
import { parseObjectName } from './shards.ts'
import { detachSink, type Refusal, startJob } from './start-job.ts'

/** How a caller wants the answer's frames written. */
export type AnswerFormat = { readonly kind: 'frames' } | OpenAiFormat

export type ChatStart =
  | { readonly ok: true; readonly body: ReadableStream<Uint8Array>; readonly jobId: JobId }
  | Refusal
export type EmbeddingOutcome =
  | { readonly ok: true; readonly vectors: readonly string[]; readonly usage: AnswerUsage }
  | Refusal

/** What the network page shows of one model's runners and queue. */
export type DispatchSnapshot = {
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly running: number
  readonly waiting: number
  readonly waitSeconds: number
  readonly tokensPerSecond: number
  readonly contextTokens: number
  /** The lowest ask on each side, nano per 1,000,000 tokens; absent without a runner. */
  readonly price: { readonly input: number; readonly output: number } | undefined
  readonly runnerIds: readonly string[]
}

/** A socket's attachment: survives hibernation, at most 2 KB. */
type Attachment =
  | {
      readonly phase: 'greeting'
      readonly linkId: string
      readonly nonce: string
      readonly runnerId: string
      readonly model: string
    }
  | { readonly phase: 'open'; readonly facts: LinkFacts }
  | { readonly phase: 'closed' }

/** The close code after a `refused` frame. */
const CLOSE_CODE_REFUSED = 4001
/** How long a runner may take to say hello, in ms. */
const GREETING_MS = 10_000

/** One model's runners, queue and running jobs: all that is live of them. Named `<model>:<shard>`. */
export class DispatchObject extends DurableObject<Cloudflare.Env> {
  readonly #db: Db
  readonly #desk: Desk
  readonly #sockets = new Map<string, WebSocket>()
  /** Links of sockets that said hello: reading an attachment for each frame would cost more than the frame. */
  readonly #openLinks = new WeakMap<WebSocket, string>()
  /** Timers of links that have not said hello. A timer keeps the object awake: each ends with the hello. */
  readonly #greetings = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    this.#db = connectDb(env.DB)
    this.#desk = openDesk({
      ...parseObjectName(ctx.id.name ?? ''),
      bounds: BOUNDS,
      commissionBps: BigInt(env.COMMISSION_BPS),
      nowMs: Date.now,
      setTimer: (ms, run) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
      sendFrame: (linkId, frame) => this.#send(linkId, frame),
      openJob: (input) => openJob(this.#db, input),
      markJobRunning: (jobId) => markJobRunning(this.#db, jobId),
      endJob: (end) => endJob(this.#db, end),
      log: logToConsole,
    })
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    const sockets = ctx.getWebSockets()
    for (const socket of sockets) this.#wakeUp(socket)
    // Without a socket this is no waking from hibernation but a fresh start: jobs of the time before have no object.
    if (sockets.length === 0) ctx.waitUntil(this.#endOrphans(Date.now()))
  }

  /** A runner's link: `GET …?runner=<id>&model=<model>` with an upgrade to WebSocket. */
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const runnerId = url.searchParams.get('runner') ?? ''
    const model = url.searchParams.get('model') ?? ''
    const { 0: client, 1: server } = new WebSocketPair()
    const linkId = crypto.randomUUID()
    const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(32)))
    this.ctx.acceptWebSocket(server)
    server.serializeAttachment({ phase: 'greeting', linkId, nonce, runnerId, model } satisfies Attachment)
    this.#sockets.set(linkId, server)
    this.#send(linkId, {
      type: 'challenge',
      nonce,
      protocol: RUNNER_PROTOCOL_VERSION,
      protocolMinimum: RUNNER_PROTOCOL_MINIMUM,
    })
    this.#greetings.set(
      linkId,
      setTimeout(() => this.#hurryUp(server, linkId), GREETING_MS),
    )
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Starts a chat and gives its answer as bytes, or refuses. */
  async runChat(job: ChatJob, format: AnswerFormat): Promise<ChatStart> {
    let cancelled = false
    const { body, sink } = createAnswerStream(writerOf(format), () => {
      cancelled = true
      detachSink(this.#desk, job.jobId, sink)
    })
    const patienceMs = format.kind === 'openai-sse' ? BOUNDS.streamHeadersMs : BOUNDS.firstLifeMs
    const started = await startJob(this.#desk, job, sink, patienceMs)
    if (!started.ok) return started
    if (cancelled) detachSink(this.#desk, started.jobId, sink)
    return { ok: true, body, jobId: started.jobId }
  }

  /** Makes embeddings and gives them all together. */
  async runEmbedding(job: EmbeddingJob): Promise<EmbeddingOutcome> {
    const ended = Promise.withResolvers<{ usage: AnswerUsage; reason: JobReason | undefined }>()
    const started = await startJob(this.#desk, job, {
      write: (frame) => {
        if (frame.type === 'end') ended.resolve({ usage: frame.usage, reason: frame.reason })
      },
      close: () => undefined,
    })
    if (!started.ok) return started
    const { usage, reason } = await ended.promise
    if (reason) return { ok: false, reason }
    const live = this.#desk.recent.get(started.jobId)?.live ?? this.#desk.jobs.get(started.jobId)
    return { ok: true, vectors: live?.vectors ?? [], usage }
  }

  /** Stops a running job of this account. Its stream ends with what was delivered. */
  async stopJob(jobId: string, accountId: number): Promise<void> {
    const live = this.#desk.jobs.get(jobId)
    if (live?.job.caller.accountId === accountId) stopAnswer(this.#desk, live)
  }

  /** Ends the links of a runner that its owner paused or removed; running jobs are given to others. */
  async closeRunner(runnerId: string, reason: 'paused' | 'unknown-runner'): Promise<void> {
    for (const { facts } of this.#desk.links.values()) {
      if (facts.runnerId !== runnerId) continue
      const sentence =
        reason === 'paused' ? 'The owner paused this runner.' : 'The owner removed this runner.'
      this.#close(facts.linkId, refuse(reason, sentence, 'retry').refused)
    }
  }

  async snapshot(): Promise<DispatchSnapshot> {
    const links = [...this.#desk.links.values()]
    const sum = (of: (link: (typeof links)[number]) => number) =>
      links.reduce((total, link) => total + of(link), 0)
    const waiting = this.#desk.waiting.length
    return {
      runners: links.length,
      slots: sum(({ facts }) => facts.slots),
      freeSlots: sum(({ facts, leased, closed, leaving }) =>
        closed || leaving ? 0 : facts.slots - leased.size,
      ),
      running: this.#desk.jobs.size - waiting,
      waiting,
      waitSeconds: waiting === 0 ? 0 : estimateWaitSeconds(this.#desk, waiting),
      tokensPerSecond:
        links.length === 0 ? 0 : Math.round(sum(({ facts }) => facts.tokensPerSecond) / links.length),
      contextTokens: Math.max(0, ...links.map(({ facts }) => facts.contextTokens)),
      price:
        links.length === 0
          ? undefined
          : {
              input: Math.min(...links.map(({ facts }) => facts.ask.input)),
              output: Math.min(...links.map(({ facts }) => facts.ask.output)),
            },
      runnerIds: links.map(({ facts }) => facts.runnerId),
    }
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const frame = parseFrame(message)
    const open = this.#openLinks.get(socket)
    if (open !== undefined && frame) return receiveFrame(this.#desk, open, frame)
    const attachment = socket.deserializeAttachment() as Attachment
    if (attachment.phase === 'closed') return
    const linkId = attachment.phase === 'open' ? attachment.facts.linkId : attachment.linkId
    if (!frame) {
      linkBroken(this.#desk, linkId)
      return this.#close(
        linkId,
        refuse('bad-frame', 'A frame was not understood. Update the runner if this goes on.', 'retry')
          .refused,
      )
    }
    if (attachment.phase === 'greeting') {
      this.#stopGreeting(linkId)
      if (frame.type !== 'hello') {
        return this.#close(linkId, refuse('bad-frame', 'The first frame must be a hello.', 'retry').refused)
      }
      return this.#greet(socket, attachment, frame)
    }
    receiveFrame(this.#desk, linkId, frame)
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    const attachment = socket.deserializeAttachment() as Attachment
    if (attachment.phase === 'closed') return
    const linkId = attachment.phase === 'open' ? attachment.facts.linkId : attachment.linkId
    this.#stopGreeting(linkId)
    this.#sockets.delete(linkId)
    linkDown(this.#desk, linkId)
    try {
      socket.close()
    } catch {
      // It is closed already.
    }
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.webSocketClose(socket)
  }

  async #greet(
    socket: WebSocket,
    greeting: Extract<Attachment, { phase: 'greeting' }>,
    hello: Hello,
  ): Promise<void> {
    const deps = {
      findRunner: (runnerId: string) => findRunner(this.#db, runnerId),
      findModel: (modelId: string) => findModel(this.#db, modelId),
      addModel: async (shown: Hello) =>
        this.env.OPEN_CATALOG === 'true' ? addModel(this.#db, shown, Date.now()) : undefined,
    }
    const greeted = await greetRunner(deps, hello, greeting)
    if (!greeted.ok) return this.#close(greeting.linkId, greeted.refused)
    for (const { facts } of this.#desk.links.values()) {
      if (facts.runnerId !== hello.runnerId) continue
      const refused = refuse('replaced', 'The runner opened another link for this model.').refused
      this.#close(facts.linkId, refused)
    }
    const facts: LinkFacts = {
      linkId: greeting.linkId,
      runnerId: hello.runnerId as RunnerId,
      ledgerId: greeted.runner.ledgerId,
      publicKey: greeted.runner.publicKey,
      manifestDigest: hello.manifestDigest,
      contextTokens: hello.contextTokens,
      features: hello.features,
      engine: hello.engine,
      device: hello.device,
      slots: hello.slots,
      tokensPerSecond: hello.tokensPerSecond,
      ask: hello.ask,
    }
    socket.serializeAttachment({ phase: 'open', facts } satisfies Attachment)
    this.#openLinks.set(socket, facts.linkId)
    this.#send(greeting.linkId, linkUp(this.#desk, facts, hello.jobs))
    logToConsole('runner-linked', { runner: hello.runnerId, model: hello.model, slots: hello.slots })
    pump(this.#desk)
  }

  /** A socket that slept: its link stands as before, with all slots free, for nothing ran while the object slept. */
  #wakeUp(socket: WebSocket): void {
    const attachment = socket.deserializeAttachment() as Attachment | null
    if (attachment?.phase === 'greeting') this.#sockets.set(attachment.linkId, socket)
    if (attachment?.phase !== 'open') return
    this.#sockets.set(attachment.facts.linkId, socket)
    this.#openLinks.set(socket, attachment.facts.linkId)
    linkUp(this.#desk, attachment.facts, [])
  }

  #stopGreeting(linkId: string): void {
    clearTimeout(this.#greetings.get(linkId))
    this.#greetings.delete(linkId)
  }

  /** A socket that never said hello is closed: it must not keep the object awake, or be one of many. */
  #hurryUp(socket: WebSocket, linkId: string): void {
    const attachment = socket.deserializeAttachment() as Attachment
    if (attachment.phase !== 'greeting') return
    this.#close(linkId, refuse('bad-frame', 'No hello came.', 'retry').refused)
  }

  #send(linkId: string, frame: DownFrame): boolean {
    const socket = this.#sockets.get(linkId)
    if (!socket) return false
    try {
      socket.send(JSON.stringify(frame))
      return true
    } catch {
      // The socket closed between two events; its close event takes the link down.
      return false
    }
  }

  #close(linkId: string, refused: Refused): void {
    const socket = this.#sockets.get(linkId)
    this.#stopGreeting(linkId)
    this.#send(linkId, refused)
    this.#sockets.delete(linkId)
    if (socket) this.#openLinks.delete(socket)
    socket?.serializeAttachment({ phase: 'closed' } satisfies Attachment)
    socket?.close(CLOSE_CODE_REFUSED, refused.reason)
    linkDown(this.#desk, linkId)
    logToConsole('link-refused', { reason: refused.reason })
  }

  /** Ends jobs that an earlier object of this name left open: their readers are gone, and nothing is charged. */
  async #endOrphans(bootMs: number): Promise<void> {
    const { model, shard } = this.#desk.deps
    const orphans = await listOpenJobs(this.#db, {
      fromMs: bootMs - JOB_MAX_MS,
      beforeMs: bootMs,
      owner: { model, shard },
    })
    for (const { id } of orphans) {
      if (this.#desk.jobs.has(id)) continue
      await voidJob(this.#db, id, 'coordinator-restarted', Date.now())
      logToConsole('job-orphan-ended', { job: id })
    }
  }
}

function writerOf(format: AnswerFormat): FrameWriter {
  switch (format.kind) {
    case 'frames':
      return writeFrameLine
    case 'openai-sse':
      return createChunkWriter(format.meta)
    case 'openai-json':
      return createCompletionWriter(format.meta)
    default:
      return format satisfies never
  }
}

function parseFrame(message: string | ArrayBuffer): UpFrame | undefined {
  if (typeof message !== 'string' || message.length > FRAME_MAX_CHARS) return undefined
  try {
    return upFrameSchema.safeParse(JSON.parse(message)).data
  } catch {
    return undefined
  }
}
