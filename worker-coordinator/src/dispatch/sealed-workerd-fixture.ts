import { env } from 'cloudflare:workers'
import { localPolicySigner } from '../../../local/sealed/local-policy.ts'
import { parseEvidence } from '../../../protocol/src/attestation/evidence.ts'
import { beaconNonce } from '../../../protocol/src/attestation/policy/binding.ts'
import { type Policy, parseSignedPolicy } from '../../../protocol/src/attestation/policy/policy.ts'
import { signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import type { Statement } from '../../../protocol/src/attestation/policy/statement.ts'
import {
  SIMULATED_IMAGE,
  simulatedPolicy,
} from '../../../protocol/src/attestation/simulated/simulated-policy.ts'
import {
  makeSimulatedTee,
  type SimulatedTee,
  simulatedRootsOf,
  simulateTdxEvidence,
} from '../../../protocol/src/attestation/simulated-evidence.ts'
import { pinsOfBuild } from '../../../protocol/src/build-pins.ts'
import { fromHex, toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { sha256Hex, toHex } from '../../../protocol/src/canonical-json.ts'
import type { JobOffer } from '../../../protocol/src/runner/down.ts'
import { epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import { checkPairedKeys, signPairedKeys } from '../../../protocol/src/sealed/paired-keys.ts'
import { X25519 } from '../../../protocol/src/sealed/suite-x25519.ts'
import { askSealed, type SealedAsk } from '../../../protocol/src/sealed-client/ask-sealed.ts'
import { createRunnerChooser } from '../../../protocol/src/sealed-client/choose-runners.ts'
import { createHttpNetwork, type FetchApi } from '../../../protocol/src/sealed-client/http-network.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import { makeTicket } from '../../../protocol/src/sealed-client/sealed-ticket.ts'
import { createApp } from '../app.ts'
import { createAppDeps } from '../app-deps.ts'
import { createDeps } from '../deps.ts'
import { connectDb } from '../ledger/ledger-store.ts'
import { createBeacons } from '../sealed/beacons.ts'
import { addPolicy } from '../sealed/policy-store.ts'
import { makeEpochKeys, makeSigningPair, openOffer, runnerIdOfTee, type Sealer } from './sealing-fixture.ts'
import { setupAccount, setupSocketRunner } from './workerd-fixture.ts'

const HOUR_MS = 3_600_000

let madeTee: Promise<SimulatedTee> | undefined
const sharedTee = () => (madeTee ??= makeSimulatedTee(Date.now(), { gpus: 1 }))

/** Puts a policy in force that takes the tests' TEE. */
export async function publishTestPolicy(change: Partial<Policy> = {}): Promise<Policy> {
  const nowMs = Date.now()
  const policy = { ...simulatedPolicy(simulatedRootsOf(await sharedTee()), { nowMs }), ...change }
  const document = await signPolicy(policy, [await localPolicySigner()])
  const signed = parseSignedPolicy(document)
  if (!signed) throw new Error('the policy cannot be read')
  await addPolicy(connectDb(env.DB), {
    seq: policy.seq,
    digest: await sha256Hex(signed.bytes),
    issuedAt: policy.issuedAtMs,
    expiresAt: policy.expiresAtMs,
    addedAt: nowMs,
    document: new TextDecoder().decode(document),
  })
  return policy
}

/** A linked runner in the tests' TEE, or a paired one, whose keys the coordinator admitted. */
export async function setupSealingRunner(model: string, kind: Sealer['kind']) {
  const runner = await setupSocketRunner(model)
  const link = await runner.open()
  await link.next('welcome')
  const epoch = epochAt(Date.now())
  const { keys, kem } = await makeEpochKeys(epoch, ['x25519', 'x-wing'])
  const pair = kind === 'tee' ? await makeSigningPair() : runner.pair
  const runnerId = kind === 'tee' ? await runnerIdOfTee(pair) : runner.runnerId
  const { manifestDigest } = runner
  const own = { model, manifestDigest, owner: runner.runnerId, runnerId, pair, kem }
  const { document, digest } = await (kind === 'tee' ? proveTee(own) : announce(own))
  const show = async () => {
    link.send({ type: 'seal.keys', kind, document })
    return link.next('seal.verdict')
  }
  const sealer: Sealer = { kind, runnerId, evidenceDigest: digest, manifestDigest, pair, keys }
  const open = (offer: JobOffer) => openOffer(sealer, offer, { send: link.send, nowMs: Date.now() })
  /** Answers the next offer, and gives what was asked. */
  const answer = async (text: string) => {
    const opened = await open(await link.next('job.offer'))
    await opened.begin()
    await opened.say(text)
    await opened.finish(text.split(' ').length)
    return opened.question?.messages.at(-1)?.content
  }
  return { ...runner, sealer, link, show, open, answer, verdict: await show() }
}

type Own = Pick<Sealer, 'runnerId' | 'pair' | 'manifestDigest'> & {
  readonly model: string
  readonly owner: string
  readonly kem: Statement['kem']
}

async function proveTee({ model, manifestDigest, owner, runnerId, pair, kem }: Own) {
  const nowMs = Date.now()
  const beacon = createBeacons(env.SESSION_KEY)(nowMs)[0]?.value ?? ''
  const statement: Statement = {
    version: 1,
    network: pinsOfBuild().network,
    runnerId,
    signingKey: toHex(pair.publicKey),
    owner,
    kem,
    notBeforeMs: nowMs - 60_000,
    expiresAtMs: nowMs + HOUR_MS,
    beacon,
    image: SIMULATED_IMAGE,
    models: [{ id: model, manifestDigest }],
    gpu: { count: 1, mode: 'on' },
    paddingBuckets: [256, 1024, 4096],
  }
  const nonce = await beaconNonce(fromHex(beacon) ?? new Uint8Array())
  const evidence = await simulateTdxEvidence(await sharedTee(), { statement, nonce, nowMs })
  const parsed = await parseEvidence(evidence)
  if (!parsed.ok) throw new Error(parsed.reason)
  return { document: new TextDecoder().decode(evidence), digest: parsed.value.digest }
}

async function announce({ model, manifestDigest, runnerId, pair, kem }: Own) {
  const nowMs = Date.now()
  const bytes = await signPairedKeys(pair.privateKey, {
    version: 1,
    runnerId,
    signingKey: toCanonicalBase64Url(pair.publicKey),
    kem,
    notBeforeMs: nowMs - 60_000,
    expiresAtMs: nowMs + HOUR_MS,
    models: [{ id: model, manifestDigest }],
  })
  const checked = await checkPairedKeys(bytes, nowMs)
  if (!checked.ok) throw new Error(checked.reason)
  return { document: new TextDecoder().decode(bytes), digest: checked.digest }
}

/** The whole coordinator, and somebody with coins who asks it over HTTP. */
export async function setupCaller(accountOf?: number) {
  // A fresh env: what an isolate remembers of one test is not there in the next.
  const fresh = new Proxy(env, {})
  const deps = createDeps(fresh)
  const app = createApp(createAppDeps(fresh))
  const accountId = accountOf ?? (await setupAccount())
  const { token } = await deps.signSession({ accountId, telegramId: accountId })
  const call = (path: string, init: RequestInit = {}) =>
    app.request(`http://x${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
    })
  const fetchApi: FetchApi = async (path, init) => {
    const reply = await call(path, { ...init, signal: null })
    if (reply.ok) return { ok: true, value: reply }
    const { error } = (await reply.json()) as { readonly error: { readonly code: string } }
    return { ok: false, reason: error.code.replaceAll('_', '-') }
  }
  const charges = async () => {
    const jobs = env.DB.prepare('SELECT id, state, tier, kind, charge FROM jobs WHERE account_id = ?')
    return (await jobs.bind(accountId).all()).results
  }
  return { app, accountId, call, fetchApi, charges }
}

/** Asks as a sealed client does, over HTTP, and reads the answer to its end. */
export async function askOverHttp(
  { fetchApi }: Pick<Awaited<ReturnType<typeof setupCaller>>, 'fetchApi'>,
  ask: Pick<SealedAsk, 'model' | 'tier'> & { readonly content: string },
  confirmed: readonly string[] = [],
) {
  const trust: SealTrust = {
    pins: pinsOfBuild(),
    simulation: 'allowed',
    platforms: 'any',
    confirmed: new Set(confirmed),
    suite: X25519,
  }
  const network = createHttpNetwork(fetchApi)
  const nowMs = Date.now
  const chooseRunners = createRunnerChooser({ network, trust, nowMs, random: () => 0 })
  const frames = []
  const faults: string[] = []
  const asking = askSealed(
    { network, trust, chooseRunners, nowMs, sleep: async () => undefined, reopens: 0 },
    {
      ask: {
        model: ask.model,
        tier: ask.tier,
        features: [],
        messages: [{ role: 'user', content: ask.content }],
        params: { maxTokens: 64 },
        key: crypto.randomUUID(),
        lingerSeconds: 0,
      },
      tickets: [],
      onTicket: () => undefined,
      onFault: (fault) => void faults.push(fault),
      signal: new AbortController().signal,
    },
  )
  for await (const frame of asking) frames.push(frame)
  const text = frames.map((frame) => (frame.type === 'delta' ? frame.text : '')).join('')
  return { frames, faults, text, end: frames.at(-1) }
}

/** A sealed request as a client makes it of what the directory and the evidence say. */
export async function sealFor(
  { sealer }: Pick<Awaited<ReturnType<typeof setupSealingRunner>>, 'sealer'>,
  nowMs = Date.now(),
) {
  const { runnerId, evidenceDigest, pair, keys, manifestDigest } = sealer
  const key = keys.find(({ suite }) => suite === 'x25519')
  if (!key) throw new Error('no key')
  const made = await makeTicket({
    key: 'k',
    model: 'm',
    tier: 'confidential',
    question: { version: 1, messages: [{ role: 'user', content: 'hi' }], params: { maxTokens: 64 } },
    chosen: {
      ok: true,
      candidates: [
        {
          runnerId,
          kind: 'tee',
          epoch: key.epoch,
          evidenceDigest,
          publicKey: key.publicKey,
          signingKey: pair.publicKey,
          price: { input: 1_000_000, output: 1_000_000 },
          isSimulated: true,
        },
      ],
      directoryDigest: 'd'.repeat(64),
      manifestDigest,
      contextTokens: 1024,
      policySeq: 1,
    },
    suite: X25519,
    nowMs,
  })
  if (!made.ok) throw new Error(made.reason)
  return made.ticket
}
