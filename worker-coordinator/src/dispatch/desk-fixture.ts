import type { RelayFrame } from '../../../protocol/src/answer.ts'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { makeJobId, type RunnerId } from '../../../protocol/src/ids.ts'
import { type Receipt, signReceipt } from '../../../protocol/src/receipt.ts'
import { inputHash, outputHash } from '../../../protocol/src/receipt-hashes.ts'
import {
  type ChatOffer,
  type DownFrame,
  type JobOffer,
  offerContent,
} from '../../../protocol/src/runner/down.ts'
import type { Finish } from '../../../protocol/src/runner/up.ts'
import type { ChatJob } from '../jobs/chat-job.ts'
import type { EndOfJob } from '../jobs/job-store.ts'
import { BOUNDS, type DispatchDeps, type LinkFacts } from './desk.ts'
import { pump } from './lease-job.ts'
import { linkUp } from './links.ts'
import type { Sink } from './live-job.ts'
import { openDesk } from './open-desk.ts'
import { receiveFrame } from './receive-frame.ts'

/** A desk on a clock that only the test moves, with a database and sockets that only remember. */
export function setupDesk(overrides: Partial<DispatchDeps> = {}) {
  let nowMs = 1_000_000
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>()
  const sent: { readonly linkId: string; readonly frame: DownFrame }[] = []
  const ended: EndOfJob[] = []
  const running: string[] = []
  const dead = new Set<string>()
  const deps: DispatchDeps = {
    model: 'm',
    shard: 0,
    bounds: BOUNDS,
    commissionBps: 500n,
    nowMs: () => nowMs,
    setTimer: (ms, run) => {
      const timer = { atMs: nowMs + ms, run }
      timers.add(timer)
      return timer
    },
    clearTimer: (timer) => void timers.delete(timer as never),
    sendFrame: (linkId, frame) => {
      if (dead.has(linkId)) return false
      sent.push({ linkId, frame: structuredClone(frame) })
      return true
    },
    keys: {
      admit: async () => ({ ok: false, reason: 'no-policy' }),
      reload: async () => new Map(),
      policySeq: async () => 0,
    },
    openJob: async () => ({ ok: true }),
    markJobRunning: async (jobId) => void running.push(jobId),
    endJob: async (end) => {
      ended.push(end)
      return { ok: true }
    },
    log: () => undefined,
    ...overrides,
  }
  const desk = openDesk(deps)
  let jobs = 0
  return {
    desk,
    sent,
    ended,
    running,
    dead,
    /** Timers that have not run. */
    timers: () => timers.size,
    /** Moves the clock, running what falls due, in order. */
    async advance(ms: number) {
      const untilMs = nowMs + ms
      for (;;) {
        const [next] = [...timers].filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)
        if (!next) break
        timers.delete(next)
        nowMs = Math.max(nowMs, next.atMs)
        next.run()
        await settleDown()
      }
      nowMs = untilMs
      await settleDown()
    },
    makeJob: (extra: Partial<ChatJob> = {}): ChatJob => ({
      kind: 'chat',
      jobId: makeJobId(nowMs + jobs++, new Uint8Array(16)),
      caller: { accountId: 7, keyId: undefined },
      model: 'm',
      tier: 'open',
      messages: [{ role: 'user', content: 'hello' }],
      params: {},
      needs: [],
      ...extra,
    }),
    /** Offers sent to a link, oldest first. */
    offersTo: (linkId: string) =>
      sent.flatMap((one) => (one.linkId === linkId && one.frame.type === 'job.offer' ? [one.frame] : [])),
    cancelsTo: (linkId: string) =>
      sent.filter((one) => one.linkId === linkId && one.frame.type === 'job.cancel').length,
  }
}
export type DeskFixture = ReturnType<typeof setupDesk>

/** Lets promises that are ready run on. */
export async function settleDown(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** A reader that remembers. */
export function setupReader() {
  const frames: RelayFrame[] = []
  const state = { closed: false }
  const sink: Sink = {
    write: (frame) => void frames.push(frame),
    close: () => {
      state.closed = true
    },
  }
  return {
    sink,
    frames,
    state,
    text: () => frames.map((frame) => (frame.type === 'delta' ? frame.text : '')).join(''),
    end: () => frames.find((frame) => frame.type === 'end'),
  }
}

let linkNumber = 0

/** A runner with a real key, that is linked and says what the test tells it to say. */
export async function setupRunner({ desk, offersTo }: DeskFixture, facts: Partial<LinkFacts> = {}) {
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = toBase64Url(
    new Uint8Array((await crypto.subtle.exportKey('raw', keys.publicKey)) as ArrayBuffer),
  )
  linkNumber += 1
  const own: LinkFacts = {
    linkId: `link-${linkNumber}`,
    runnerId: `run_${linkNumber}` as RunnerId,
    ledgerId: 1000 + linkNumber,
    ownerId: 500 + linkNumber,
    audience: 'everyone',
    publicKey,
    manifestDigest: 'a'.repeat(64),
    contextTokens: 1024,
    features: [],
    engine: 'fake',
    device: 'cpu',
    slots: 1,
    tokensPerSecond: 100,
    ask: { input: 20_000_000, output: 60_000_000 },
    ownAsk: { input: 20_000_000, output: 60_000_000 },
    region: null,
    linkedAtMs: 1,
    ...facts,
  }
  linkUp(desk, own, [])
  pump(desk)
  const seqs = new Map<string, number>()
  const pieces = new Map<string, string[]>()
  const keyOf = ({ jobId, attempt }: JobOffer) => `${jobId}/${attempt}`

  async function receiptOf(offer: JobOffer, completionTokens: number, change: Partial<Receipt> = {}) {
    if (offer.kind === 'sealed') throw new Error('a sealed offer has a receipt of its own')
    const receipt = await signReceipt(keys.privateKey, {
      version: 1,
      jobId: offer.jobId,
      attempt: offer.attempt,
      runnerId: own.runnerId,
      model: 'm',
      manifestDigest: own.manifestDigest,
      inputHash: await inputHash(offerContent(offer)),
      outputHash: await outputHash(offer.jobId, offer.attempt, pieces.get(keyOf(offer)) ?? []),
      promptTokens: 5,
      completionTokens,
      price: offer.price,
      startedAtMs: 1,
      endedAtMs: 2,
    })
    return { ...receipt, ...change }
  }

  return {
    facts: own,
    offer: (index = -1): ChatOffer => {
      const offer = offersTo(own.linkId).at(index)
      if (offer?.kind !== 'chat') throw new Error(`no chat was offered to ${own.linkId}`)
      return offer
    },
    offers: () => offersTo(own.linkId).length,
    receiptOf,
    /** Sends the next delta of the last offer. Each word is one token with its length as id. */
    say(text: string, offer: JobOffer | undefined = offersTo(own.linkId).at(-1)) {
      if (!offer) throw new Error('nothing was offered')
      const key = keyOf(offer)
      const seq = seqs.get(key) ?? 0
      seqs.set(key, seq + 1)
      pieces.set(key, [...(pieces.get(key) ?? []), text])
      const tokenIds = text.split(' ').map(({ length }) => length)
      const { jobId, attempt } = offer
      receiveFrame(desk, own.linkId, {
        type: 'job.delta',
        jobId,
        attempt,
        seq,
        text,
        tokens: tokenIds.length,
        tokenIds,
      })
    },
    async finish(
      {
        tokens,
        finish = 'stop',
        change = {},
      }: { tokens: number; finish?: Finish; change?: Partial<Receipt> },
      offer: JobOffer | undefined = offersTo(own.linkId).at(-1),
    ) {
      if (!offer) throw new Error('nothing was offered')
      const { jobId, attempt } = offer
      const receipt = await receiptOf(offer, tokens, change)
      const usage = { promptTokens: 5, completionTokens: tokens }
      receiveFrame(desk, own.linkId, { type: 'job.done', jobId, attempt, finish, usage, receipt })
      // Checking a receipt takes the runtime's own threads some time.
      for (let turn = 0; turn < 20_000 && desk.jobs.get(jobId)?.ending === undefined; turn++) {
        if (!desk.jobs.has(jobId)) break
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
      await settleDown()
    },
  }
}
