import { DurableObject } from 'cloudflare:workers'
import type { AnswerUsage, JobReason } from '../../../protocol/src/answer.ts'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import type { JobId } from '../../../protocol/src/ids.ts'
import type { Tier } from '../../../protocol/src/miniapp/fields.ts'
import type { DownFrame } from '../../../protocol/src/runner/down.ts'
import type { Ask, Hello } from '../../../protocol/src/runner/up.ts'
import { RUNNER_PROTOCOL_MINIMUM, RUNNER_PROTOCOL_VERSION } from '../../../protocol/src/runner/version.ts'
import type { DirectoryRunner } from '../../../protocol/src/sealed/directory.ts'
import type { ChatJob, EmbeddingJob, SealedJob } from '../jobs/chat-job.ts'
import { endJob, markJobRunning, openJob } from '../jobs/job-store.ts'
import { connectDb, type Db } from '../ledger/ledger-store.ts'
import { addModel, findModel } from '../models/model-store.ts'
import { logToConsole } from '../platform/log.ts'
import { findAsk } from '../runners/ask-store.ts'
import { listAudiences } from '../runners/audience-store.ts'
import { findRunner } from '../runners/runner-store.ts'
import { openAdmission } from '../sealed/open-admission.ts'
import { createAnswerStream } from './answer-stream.ts'
import { BOUNDS, type Desk, type LinkFacts } from './desk.ts'
import { stopAnswer } from './end-answer.ts'
import { endOrphans } from './end-orphans.ts'
import { type AnswerFormat, writerOf } from './frame-writer.ts'
import { greetRunner, type Refused, refuse } from './greet-runner.ts'
import { pump } from './lease-job.ts'
import { makeLinkFacts } from './link-facts.ts'
import { refreshKeys } from './link-keys.ts'
import { linkBroken, linkDown, linkUp, repriceLink, setAudience } from './links.ts'
import { noteLinkDown, noteLinkUp } from './note-presence.ts'
import { openDesk } from './open-desk.ts'
import { type OwnSupply, takeOwnSupply } from './own-supply.ts'
import { parseFrame } from './parse-frame.ts'
import { readTerms } from './read-terms.ts'
import { detachSink } from './readers.ts'
import { receiveFrame } from './receive-frame.ts'
import type { Refusal } from './refuse-job.ts'
import { regionOf } from './region-of.ts'
import { takeSealedSupply } from './sealed-supply.ts'
import { parseObjectName } from './shards.ts'
import { type DispatchSnapshot, takeSnapshot } from './snapshot.ts'
import { startJob } from './start-job.ts'

export type ChatStart =
  | { readonly ok: true; readonly body: ReadableStream<Uint8Array>; readonly jobId: JobId }
  | Refusal
export type EmbeddingOutcome =
  | { readonly ok: true; readonly vectors: readonly string[]; readonly usage: AnswerUsage }
  | Refusal

/** A socket's attachment: survives hibernation, at most 2 KB. */
type Attachment =
  | {
      readonly phase: 'greeting'
      readonly linkId: string
      readonly nonce: string
      readonly runnerId: string
      readonly model: string
      readonly region: string | null
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
  /** Runners in the middle of their greeting, by link. */
  readonly #arriving = new Map<string, string>()
  /** Counts what owners change of their runners, so that a greeting sees what comes while it reads. */
  #termsSet = 0
  /** Which reading of a runner's audience began last. */
  readonly #reloads = new Map<string, number>()

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
      keys: openAdmission(this.#db, env.SESSION_KEY),
      openJob: (input) => openJob(this.#db, input),
      markJobRunning: (jobId) => markJobRunning(this.#db, jobId),
      endJob: (end) => endJob(this.#db, end),
      log: logToConsole,
    })
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    const sockets = ctx.getWebSockets()
    for (const socket of sockets) this.#wakeUp(socket)
    // Keys do not sleep with their links: they are read before anybody is chosen by them.
    this.#desk.seals.isRead = sockets.length === 0
    // Without a socket this is no waking from hibernation but a fresh start: jobs of the time before have no object.
    if (sockets.length === 0) ctx.waitUntil(endOrphans(this.#db, this.#desk, Date.now()))
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
    const region = regionOf(request)
    server.serializeAttachment({
      phase: 'greeting',
      linkId,
      nonce,
      runnerId,
      model,
      region,
    } satisfies Attachment)
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
    return this.#run(job, format)
  }

  /** Starts a sealed chat and relays its chunks, or refuses. */
  async runSealed(job: SealedJob): Promise<ChatStart> {
    await refreshKeys(this.#desk)
    return this.#run(job, { kind: 'frames' })
  }

  async #run(job: ChatJob | SealedJob, format: AnswerFormat): Promise<ChatStart> {
    let cancelled = false
    // By `Idempotency-Key` it may be an earlier job that is read.
    let { jobId } = job
    const { body, sink } = createAnswerStream(writerOf(format), () => {
      cancelled = true
      detachSink(this.#desk, jobId, sink)
    })
    const patienceMs = format.kind === 'openai-sse' ? BOUNDS.streamHeadersMs : BOUNDS.firstLifeMs
    const started = await startJob(this.#desk, job, sink, patienceMs)
    if (!started.ok) return started
    jobId = started.jobId
    if (cancelled) detachSink(this.#desk, jobId, sink)
    return { ok: true, body, jobId }
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
    this.#termsSet += 1
    for (const { facts } of this.#desk.links.values()) {
      if (facts.runnerId !== runnerId) continue
      const sentence =
        reason === 'paused' ? 'The owner paused this runner.' : 'The owner removed this runner.'
      this.#close(facts.linkId, refuse(reason, sentence, 'retry').refused)
    }
  }

  /** Puts an owner's price in force on a runner's links; undefined: the runner's own. Jobs that it has keep theirs. */
  async setAsk(runnerId: string, ask: Ask | undefined): Promise<void> {
    this.#termsSet += 1
    for (const link of this.#desk.links.values()) {
      if (link.facts.runnerId !== runnerId) continue
      repriceLink(this.#desk, link, ask)
      const attachment: Attachment = { phase: 'open', facts: link.facts }
      this.#sockets.get(link.facts.linkId)?.serializeAttachment(attachment)
    }
    pump(this.#desk)
  }

  /** Reads anew whose jobs these runners take, and puts it in force at once. Jobs that they have they finish. */
  async reloadAudiences(runnerIds: readonly string[]): Promise<void> {
    this.#termsSet += 1
    const turn = this.#termsSet
    for (const runnerId of runnerIds) this.#reloads.set(runnerId, turn)
    const audiences = await listAudiences(this.#db, runnerIds)
    for (const runnerId of runnerIds) {
      // Whoever began to read last saw the newest.
      if (this.#reloads.get(runnerId) !== turn) continue
      this.#reloads.delete(runnerId)
      const audience = audiences.get(runnerId)
      for (const { facts } of audience ? setAudience(this.#desk, runnerId, audience) : []) {
        const attachment: Attachment = { phase: 'open', facts }
        this.#sockets.get(facts.linkId)?.serializeAttachment(attachment)
      }
    }
  }

  async snapshot(): Promise<DispatchSnapshot> {
    // Only what is shown: whoever is chosen by keys has them read, or is refused.
    await refreshKeys(this.#desk).catch(() => logToConsole('seal-keys-unread', {}))
    return takeSnapshot(this.#desk, [...this.#arriving.values()])
  }

  /** What serves the jobs of tier `own` of an account that is in these groups. */
  async ownSupply(accountId: number, groupIds: readonly string[]): Promise<OwnSupply> {
    return takeOwnSupply(this.#desk, { tier: 'own', caller: { accountId, keyId: undefined }, groupIds })
  }

  /** The runners that take sealed requests of a tier, of an account that is in these groups. */
  async sealedSupply(
    tier: Exclude<Tier, 'open'>,
    accountId: number,
    groupIds: readonly string[],
  ): Promise<readonly DirectoryRunner[]> {
    await refreshKeys(this.#desk)
    return takeSealedSupply(this.#desk, { tier, caller: { accountId, keyId: undefined }, groupIds })
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
      this.#arriving.set(linkId, attachment.runnerId)
      return this.#greet(socket, attachment, frame).finally(() => this.#arriving.delete(linkId))
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
    this.#noteEnd(attachment)
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
    const { runnerId, model } = hello
    const terms = await readTerms(
      async () => {
        const read = [findRunner(this.#db, runnerId), findAsk(this.#db, runnerId, model)] as const
        const [runner, ask] = await Promise.all(read)
        return { runner, ask }
      },
      () => this.#termsSet,
    )
    if (terms?.runner?.state !== 'active') {
      const sentence = terms ? 'The owner paused this runner.' : 'The owner is changing this runner.'
      return this.#close(greeting.linkId, refuse('paused', sentence, 'retry').refused)
    }
    for (const { facts } of this.#desk.links.values()) {
      if (facts.runnerId !== hello.runnerId) continue
      const refused = refuse('replaced', 'The runner opened another link for this model.').refused
      this.#close(facts.linkId, refused)
    }
    const { linkId, region } = greeting
    const owners = { runner: terms.runner, ask: terms.ask }
    const facts = makeLinkFacts(hello, owners, { linkId, region, nowMs: Date.now() })
    socket.serializeAttachment({ phase: 'open', facts } satisfies Attachment)
    this.#openLinks.set(socket, facts.linkId)
    this.#send(greeting.linkId, linkUp(this.#desk, facts, hello.jobs))
    logToConsole('runner-linked', { runner: hello.runnerId, model: hello.model, slots: hello.slots })
    pump(this.#desk)
    this.ctx.waitUntil(noteLinkUp(this.#db, hello.model, facts))
  }

  #noteEnd(attachment: Attachment | null): void {
    if (attachment?.phase !== 'open') return
    this.ctx.waitUntil(noteLinkDown(this.#db, this.#desk.deps.model, attachment.facts, Date.now()))
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
    this.#noteEnd((socket?.deserializeAttachment() ?? null) as Attachment | null)
    socket?.serializeAttachment({ phase: 'closed' } satisfies Attachment)
    socket?.close(CLOSE_CODE_REFUSED, refused.reason)
    linkDown(this.#desk, linkId)
    logToConsole('link-refused', { reason: refused.reason })
  }
}
