import { signText } from '../../../protocol/src/ed25519.ts'
import { nano } from '../../../protocol/src/money.ts'
import { type Ask, helloSigningText, type UpFrame } from '../../../protocol/src/runner/up.ts'
import { RUNNER_PROTOCOL_VERSION, SEALED_PROTOCOL_VERSION } from '../../../protocol/src/runner/version.ts'
import type { SealKeeper } from '../attest/seal-keeper.ts'
import { type Clock, pause } from '../clock.ts'
import type { Earnings } from '../earnings/earnings.ts'
import type { Engine } from '../engine/engine.ts'
import type { RunnerEvent } from '../events.ts'
import type { Identity } from '../identity/identity.ts'
import { createJobDesk, type JobDesk } from '../jobs/job-desk.ts'
import { type Link, type LinkDeps, type LinkSocket, openLink, type Refused } from '../link/link.ts'
import { SOFTWARE } from '../version.ts'

export type ServeDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly openSocket: () => LinkSocket
  readonly identity: Identity
  readonly earnings: Earnings
  /** One for all models of this process. */
  readonly seals: SealKeeper
  readonly report: (event: RunnerEvent) => void
}

export type ServedModel = {
  readonly engine: Engine
  readonly running: () => number
  /** Finishes what runs (until the signal aborts), then closes the link. */
  readonly leave: (hurry: AbortSignal) => Promise<void>
  /** Ends with the link, with the refusal where there was one. */
  readonly ended: Promise<Refused | undefined>
}

/** How long a finished job's payment is waited for before leaving. */
const PAYMENT_WAIT_MS = 2000
/** The longest wait between two attempts to come back while jobs wait for their link. */
const BUSY_RETRY_CAP_MS = 2000
const IDLE_RETRY_CAP_MS = 30_000
const LOOK_MS = 50

/** Serves one model: its engine, its jobs and its link. `tokensPerSecond`: measured before; 0 where it was not. */
export function serveModel(
  deps: ServeDeps,
  { engine, ask, tokensPerSecond }: { engine: Engine; ask: Ask; tokensPerSecond: number },
): ServedModel {
  const { clock } = deps
  const desk = createJobDesk({
    ...deps,
    engine,
    tokensPerSecond,
    openSealed: deps.seals.open,
    send: (frame) => link.send(frame),
  })
  const lease = createLeaseTimer(clock, () => desk.abandon())
  let leaving = false
  let speaksSealed = false
  const endNews = deps.seals.subscribe((frame) => {
    if (speaksSealed) link.send(frame)
  })
  const link: Link = openLink({
    clock,
    random: deps.random,
    openSocket: deps.openSocket,
    makeHello: (nonce) => makeHello(deps.identity, engine, desk, ask, nonce),
    onUp: (welcome, protocol) => {
      lease.linkUp(welcome.leaseMs)
      const { model, device } = engine.facts
      deps.report({ event: 'runner-online', runnerId: deps.identity.runnerId, model, device })
      desk.resume(welcome)
      // Only chats are sealed, and an older coordinator knows nothing of it.
      speaksSealed = protocol >= SEALED_PROTOCOL_VERSION && engine.facts.kind === 'chat'
      if (speaksSealed) for (const frame of deps.seals.frames()) link.send(frame)
      if (leaving) link.send({ type: 'bye' })
    },
    onDown: (reason, retryMs) => {
      lease.linkDown()
      deps.report({ event: 'runner-offline', model: engine.facts.model, reason, retryMs })
    },
    onFrame: (frame) => handleFrame(deps, engine.facts.model, desk, frame),
    onRefused: ({ reason, sentence, retry }) =>
      deps.report({ event: 'runner-refused', model: engine.facts.model, reason, sentence, retry }),
    onIgnored: (reason) => deps.report({ event: 'frame-ignored', model: engine.facts.model, reason }),
    retryCapMs: () => (desk.running() > 0 ? BUSY_RETRY_CAP_MS : IDLE_RETRY_CAP_MS),
  })
  return {
    engine,
    running: desk.running,
    leave: async (hurry) => {
      leaving = true
      desk.leave()
      link.send({ type: 'bye' })
      while (desk.running() > 0 && !hurry.aborted) await pause(clock, LOOK_MS, hurry)
      const deadlineMs = clock.nowMs() + PAYMENT_WAIT_MS
      const waits = () => desk.unpaid() > 0 && link.isUp() && clock.nowMs() < deadlineMs
      while (waits() && !hurry.aborted) await pause(clock, LOOK_MS, hurry)
      desk.abandon()
      link.close()
      await link.ended
    },
    ended: link.ended.finally(endNews),
  }
}

function handleFrame(
  { earnings, clock, seals, report }: ServeDeps,
  model: string,
  desk: JobDesk,
  frame: Parameters<LinkDeps['onFrame']>[0],
): void {
  switch (frame.type) {
    case 'job.offer':
      return desk.offer(frame)
    case 'job.cancel':
      return desk.cancel(frame)
    case 'job.paid': {
      const { jobId, attempt, earnedNano, reason } = frame
      desk.paid(frame)
      earnings.add(frame, nano(BigInt(earnedNano)), clock.nowMs())
      const todayNano = earnings.on(clock.nowMs()).toString()
      const amounts = { earnedNano: `${earnedNano}`, todayNano, ...(reason ? { reason } : {}) }
      return report({ event: 'job-paid', model, jobId, attempt, ...amounts })
    }
    case 'seal.verdict': {
      const { kind, accepted, untilMs, reason } = frame
      seals.noteVerdict(frame)
      return report(
        accepted
          ? { event: 'seal-accepted', model, kind, untilMs: untilMs ?? clock.nowMs() }
          : { event: 'seal-refused', model, kind, reason: reason ?? 'no reason given' },
      )
    }
    default:
      return frame satisfies never
  }
}

async function makeHello(
  identity: Identity,
  { facts }: Engine,
  desk: JobDesk,
  ask: Ask,
  nonce: string,
): Promise<UpFrame> {
  const named = { runnerId: identity.runnerId, model: facts.model, manifestDigest: facts.manifestDigest }
  const signature = await signText(identity.privateKey, helloSigningText(nonce, named))
  return {
    type: 'hello',
    protocol: RUNNER_PROTOCOL_VERSION,
    ...named,
    signature,
    software: SOFTWARE,
    kind: facts.kind,
    contextTokens: facts.contextTokens,
    parameters: facts.parameters,
    ...(facts.dimensions === undefined ? {} : { dimensions: facts.dimensions }),
    features: [...facts.features],
    engine: facts.engine,
    device: facts.device,
    slots: facts.slots,
    ask,
    ...desk.facts(),
  }
}

/** Gives jobs up when the link stays away longer than the coordinator waits. */
function createLeaseTimer(clock: Clock, onExpired: () => void) {
  let leaseMs = 0
  let takeBack: (() => void) | undefined
  return {
    linkUp: (newLeaseMs: number) => {
      leaseMs = newLeaseMs
      takeBack?.()
      takeBack = undefined
    },
    linkDown: () => {
      takeBack ??= clock.schedule(leaseMs, onExpired)
    },
  }
}
