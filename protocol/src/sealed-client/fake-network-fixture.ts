import type { Beacon } from '../attestation/policy/binding.ts'
import type { PolicyPins } from '../attestation/policy/check-policy.ts'
import type { Policy } from '../attestation/policy/policy.ts'
import { signPolicy } from '../attestation/policy/sign-policy.ts'
import { SIMULATED_NETWORK } from '../attestation/simulated/simulated-policy.ts'
import { makePolicy, NOW_MS, sharedSigners } from '../attestation/verification-fixture.ts'
import { type Bytes, utf8 } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { costOfTokens } from '../chat-tokens.ts'
import { nano } from '../money.ts'
import { type Directory, signDirectory } from '../sealed/directory.ts'
import type { Envelope } from '../sealed/envelope.ts'
import { readHeader } from '../sealed/header.ts'
import { X25519 } from '../sealed/suite-x25519.ts'
import type { AskSealedDeps } from './ask-sealed.ts'
import { type ChooseDeps, createRunnerChooser } from './choose-runners.ts'
import {
  BEACON,
  type FakeRunner,
  type FakeRunnerPlan,
  MODEL,
  makeFakeRunner,
  makePair,
} from './fake-runner-fixture.ts'
import type { ReadFrame } from './relay-frame.ts'
import type { SealTrust } from './seal-trust.ts'
import type { NetworkReply, SealedNetwork, SealedOrder } from './sealed-network.ts'

/** What the coordinator in between does that it should not. Each part sees what an honest one would give. */
export type Attack = {
  readonly envelope?: (envelope: Envelope) => Envelope
  readonly frames?: (frames: readonly ReadFrame[], order: SealedOrder) => readonly unknown[]
  readonly directory?: (directory: Directory) => Directory
  readonly directoryBytes?: (bytes: Bytes) => Bytes
  readonly evidence?: (digest: string) => string
  readonly policy?: () => Partial<Policy>
  readonly beacons?: () => readonly Beacon[]
  /** Frames that come through before the stream breaks off, for each time that it is opened. */
  readonly cut?: (opening: number) => number | undefined
  readonly open?: (order: SealedOrder, opening: number) => NetworkReply<never> | undefined
}

export type FakeNetworkPlan = {
  readonly runners?: readonly FakeRunnerPlan[]
  readonly tier?: 'own' | 'confidential'
  readonly attack?: Attack
  readonly trust?: Partial<SealTrust>
  /** What differs from the pins that the network's own policy satisfies. */
  readonly pins?: Partial<PolicyPins>
  readonly nowMs?: () => number
  readonly random?: (max: number) => number
  readonly reopens?: number
}

/** A network of real runners and a coordinator that may be bad, and what a client needs to ask it. */
export async function setupFakeNetwork(plan: FakeNetworkPlan = {}) {
  const tier = plan.tier ?? 'confidential'
  const kind = tier === 'own' ? 'paired' : 'tee'
  const plans = plan.runners ?? [{}]
  const runners = await Promise.all(plans.map((one) => makeFakeRunner({ kind, ...one })))
  const orders: SealedOrder[] = []
  const network = await createNetwork(plan, tier, runners, orders)
  const signers = await sharedSigners()
  const trust: SealTrust = {
    pins: {
      network: SIMULATED_NETWORK,
      signers: signers.map(({ publicKey }) => toHex(publicKey)),
      threshold: 2,
      minSeq: 1,
      ...plan.pins,
    },
    simulation: 'allowed',
    platforms: 'any',
    confirmed: new Set(runners.map(({ row }) => row.runner_id)),
    suite: X25519,
    ...plan.trust,
  }
  const nowMs = plan.nowMs ?? (() => NOW_MS)
  const random = plan.random ?? ((max: number) => Math.floor(Math.random() * max))
  const chooseDeps: ChooseDeps = { network, trust, nowMs, random }
  const deps: AskSealedDeps = {
    network,
    trust,
    chooseRunners: createRunnerChooser(chooseDeps),
    nowMs,
    sleep: async () => undefined,
    reopens: plan.reopens ?? 3,
  }
  return { network, trust, deps, chooseDeps, runners, orders, tier }
}

async function createNetwork(
  plan: FakeNetworkPlan,
  tier: 'own' | 'confidential',
  runners: readonly FakeRunner[],
  orders: SealedOrder[],
): Promise<SealedNetwork> {
  const { attack = {} } = plan
  const coordinator = await makePair()
  const jobs = new Map<string, readonly unknown[]>()
  let openings = 0
  const readEvidence = async (digest: string): Promise<NetworkReply<Bytes>> => {
    const wanted = attack.evidence?.(digest) ?? digest
    const found = runners.find(({ row }) => row.evidence_digest === wanted)
    return found ? { ok: true, value: found.evidence } : { ok: false, reason: 'not-found' }
  }
  return {
    readDirectory: async (model) => {
      const honest = directoryOf(model, tier, runners, plan.nowMs?.() ?? NOW_MS)
      const bytes = await signDirectory(attack.directory?.(honest) ?? honest, coordinator)
      return { ok: true, value: attack.directoryBytes?.(bytes) ?? bytes }
    },
    readEvidence,
    readPolicy: async () => {
      const policy = { ...(await makePolicy({})), ...attack.policy?.() }
      return { ok: true, value: await signPolicy(policy, (await sharedSigners()).slice(0, 2)) }
    },
    readBeacons: async () => ({ ok: true, value: attack.beacons?.() ?? [BEACON] }),
    open: async (order, signal) => {
      signal.throwIfAborted()
      const opening = openings++
      const refusal = attack.open?.(order, opening)
      if (refusal) return refusal
      orders.push(order)
      const honest = jobs.has(order.key) ? [] : await runJob(order, runners, attack)
      const frames = jobs.get(order.key) ?? attack.frames?.(honest, order) ?? honest
      jobs.set(order.key, frames)
      return { ok: true, value: streamOf(frames, attack.cut?.(opening)) }
    },
  }
}

function directoryOf(
  model: string,
  tier: 'own' | 'confidential',
  runners: readonly FakeRunner[],
  nowMs: number,
): Directory {
  return {
    version: 1,
    network: SIMULATED_NETWORK,
    model,
    manifest_digest: MODEL.manifestDigest,
    tier,
    policy_seq: 1,
    issued_at_ms: nowMs,
    runners: runners.map(({ row }) => row),
  }
}

/** What an honest coordinator does: the first of the header's candidates that opens it answers. */
async function runJob(
  order: SealedOrder,
  runners: readonly FakeRunner[],
  { envelope: change = (same) => same }: Attack,
): Promise<readonly ReadFrame[]> {
  const jobId = `job_${order.key}`
  const frames: ReadFrame[] = [{ type: 'job', jobId, model: order.model, holdNano: '1000' }]
  const envelope = change(order.envelope)
  let reason = 'runner-lost'
  for (const { runner_id } of readHeader(order.envelope.header)?.cand ?? []) {
    const runner = runners.find(({ row }) => row.runner_id === runner_id)
    const place = { jobId, attempt: 0 }
    const answer = await runner?.answer(envelope, place)
    if (!runner || !answer) continue
    if (!answer.ok) {
      reason = ['key-epoch', 'too-old', 'wrong-evidence'].includes(answer.reason)
        ? 'key-epoch'
        : 'engine-failed'
      continue
    }
    const { candidate, nonce, data, receipt } = answer
    const shown = data.slice(0, runner.plan.diesAfter)
    frames.push(
      ...shown.map((chunk, seq) => {
        const base = { type: 'chunk', attempt: place.attempt, candidate, seq, data: chunk } as const
        return seq === 0 ? { ...base, nonce } : base
      }),
    )
    if (shown.length < data.length) return [...frames, failed('runner-lost')]
    const { promptTokens, completionTokens, price } = receipt
    const cost = costOfTokens(
      { input: nano(BigInt(price.input)), output: nano(BigInt(price.output)) },
      { prompt: promptTokens, answer: completionTokens },
    )
    const usage = { promptTokens, completionTokens, costNano: String(cost) }
    return [...frames, { type: 'end', finish: 'stop', usage, receipts: [receipt] }]
  }
  return [...frames, failed(reason)]
}

function failed(reason: string): ReadFrame {
  const usage = { promptTokens: 0, completionTokens: 0, costNano: '0' }
  return { type: 'end', finish: 'failed', reason, usage, receipts: [] }
}

function streamOf(frames: readonly unknown[], cut: number | undefined): ReadableStream<Uint8Array> {
  const lines = frames.slice(0, cut).map((frame) => utf8(`${JSON.stringify(frame)}\n`))
  return new ReadableStream({
    pull: (controller) => {
      const line = lines.shift()
      if (line) controller.enqueue(line)
      else if (cut === undefined) controller.close()
      else controller.error(new TypeError('the network is gone'))
    },
  })
}
