import { parseEvidence } from '../attestation/evidence.ts'
import { beaconNonce } from '../attestation/policy/binding.ts'
import { simulateTdxEvidence } from '../attestation/simulated-evidence.ts'
import { HOUR_MS, makeStatement, NOW_MS, sharedTee } from '../attestation/verification-fixture.ts'
import { type Bytes, fromHex, toCanonicalBase64Url } from '../bytes.ts'
import { sha256Hex, toHex } from '../canonical-json.ts'
import type { SigningKey } from '../ed25519.ts'
import { runnerIdOf } from '../ids.ts'
import { outputHash } from '../receipt-hashes.ts'
import { readSealedQuestion, type SealedQuestion } from '../runner/sealed-question.ts'
import { createAnswerSealer } from '../sealed/answer.ts'
import { type AnswerPiece, writePiece } from '../sealed/answer-pieces.ts'
import type { DirectoryRunner } from '../sealed/directory.ts'
import { type Envelope, readEnvelope } from '../sealed/envelope.ts'
import { type EpochKey, makeEpochKey } from '../sealed/epoch-key.ts'
import { epochAt } from '../sealed/epoch-open.ts'
import { readHeader } from '../sealed/header.ts'
import { openRequest } from '../sealed/open-request.ts'
import { checkPairedKeys, signPairedKeys } from '../sealed/paired-keys.ts'
import { createReplayWindow } from '../sealed/replay-window.ts'
import { type SealedReceipt, signSealedReceipt } from '../sealed/sealed-receipt.ts'
import { SUITE_FACTS, SUITES } from '../sealed/suites.ts'

export const MODEL = { id: 'test-model', manifestDigest: 'ab'.repeat(32) } as const
export const BEACON = { value: 'be'.repeat(32), publishedAtMs: NOW_MS - 60_000 } as const
/** What every runner answers, piece by piece. */
export const PIECES: readonly string[] = ['Silk ', 'is ', 'spun ', 'from ', 'cocoons.']
/** Its question costs that many tokens. */
export const PROMPT_TOKENS = 7

type TextPiece = Partial<Extract<AnswerPiece, { type: 'text' }>>

/** How one runner differs from an honest one that answers at once. */
export type FakeRunnerPlan = {
  readonly kind?: 'tee' | 'paired'
  readonly pieces?: readonly TextPiece[]
  /** It is gone after so many chunks, `begin` included. */
  readonly diesAfter?: number
  /** Its keys are of another hour than the directory says. */
  readonly hasForgotten?: boolean
  readonly row?: Partial<DirectoryRunner>
  readonly manifestDigest?: string
  readonly begin?: Partial<Extract<AnswerPiece, { type: 'begin' }>>
  readonly receipt?: Partial<SealedReceipt>
  /** Signs its receipts with a key that its evidence does not name. */
  readonly signsWithOtherKey?: boolean
}

/** Where and as what it is asked. */
export type Place = { readonly jobId: string; readonly attempt: number }

export type FakeAnswer =
  | {
      readonly ok: true
      readonly candidate: number
      readonly nonce: string
      readonly data: readonly string[]
      readonly receipt: SealedReceipt
    }
  | { readonly ok: false; readonly reason: string }

/** A runner that really opens what is sealed to it and really seals its answer. */
export type FakeRunner = {
  readonly plan: FakeRunnerPlan
  readonly row: DirectoryRunner
  /** What `GET /v1/sealed/evidence/:digest` gives. */
  readonly evidence: Bytes
  /** Every question that it opened. */
  readonly opened: SealedQuestion[]
  readonly answer: (envelope: Envelope, place: Place) => Promise<FakeAnswer>
}

type Identity = {
  readonly runnerId: string
  readonly publicKey: Bytes
  readonly privateKey: SigningKey
  readonly keys: readonly EpochKey[]
}

/** Makes one, with keys of its own in both suites. */
export async function makeFakeRunner(plan: FakeRunnerPlan = {}): Promise<FakeRunner> {
  const kind = plan.kind ?? 'tee'
  const pair = await makePair()
  const keys = await Promise.all(SUITES.map((suite) => makeEpochKey(suite, epochAt(NOW_MS))))
  const runnerId = kind === 'tee' ? await sha256Hex(pair.publicKey) : await runnerIdOf(pair.publicKey)
  const identity: Identity = { ...pair, runnerId, keys }
  const { evidence, digest } = await (kind === 'tee' ? proveTee(identity) : announce(identity))
  const row: DirectoryRunner = {
    runner_id: runnerId,
    kind,
    epoch: epochAt(NOW_MS),
    evidence_digest: digest,
    until_ms: NOW_MS + HOUR_MS,
    features: [],
    context_tokens: 8192,
    tokens_per_second: 50,
    free_slots: 2,
    price: { input: 40_000, output: 90_000 },
    ...plan.row,
  }
  const opened: SealedQuestion[] = []
  const answer = createAnswering(plan, identity, row, opened)
  return { plan, row, evidence, opened, answer }
}

/** An Ed25519 key. */
export async function makePair() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  return { publicKey, privateKey: pair.privateKey as SigningKey }
}

function kemOf({ keys }: Identity) {
  const list = keys.map(({ suite, publicKey }) => ({
    id: SUITE_FACTS[suite].kemId,
    publicKey: toCanonicalBase64Url(publicKey),
  }))
  return { epoch: epochAt(NOW_MS), keys: list }
}

async function proveTee(identity: Identity) {
  const statement = await makeStatement({
    runnerId: identity.runnerId,
    signingKey: toHex(identity.publicKey),
    kem: kemOf(identity),
    beacon: BEACON.value,
    models: [MODEL],
  })
  const nonce = await beaconNonce(fromHex(BEACON.value) ?? new Uint8Array())
  const evidence = await simulateTdxEvidence(await sharedTee(), { statement, nonce, nowMs: NOW_MS })
  return { evidence, digest: await digestOf(evidence) }
}

async function digestOf(evidence: Bytes): Promise<string> {
  const parsed = await parseEvidence(evidence)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.value.digest
}

async function announce(identity: Identity) {
  const evidence = await signPairedKeys(identity.privateKey, {
    version: 1,
    runnerId: identity.runnerId,
    signingKey: toCanonicalBase64Url(identity.publicKey),
    kem: kemOf(identity),
    notBeforeMs: NOW_MS - 60_000,
    expiresAtMs: NOW_MS + HOUR_MS,
    models: [MODEL],
  })
  const checked = await checkPairedKeys(evidence, NOW_MS)
  if (!checked.ok) throw new Error(checked.reason)
  return { evidence, digest: checked.digest }
}

function createAnswering(
  plan: FakeRunnerPlan,
  identity: Identity,
  row: DirectoryRunner,
  opened: SealedQuestion[],
): FakeRunner['answer'] {
  const seen = createReplayWindow()
  const manifestDigest = plan.manifestDigest ?? MODEL.manifestDigest
  return async (envelope, place) => {
    const request = readEnvelope(envelope)
    const suite = readHeader(envelope.header)?.suite
    if (!request || !suite) return { ok: false, reason: 'malformed' }
    const key = plan.hasForgotten ? undefined : identity.keys.find((one) => one.suite === suite)
    const read = await openRequest(
      request,
      {
        runnerId: identity.runnerId,
        evidenceDigest: () => row.evidence_digest,
        privateKey: (epoch) => (epoch === row.epoch ? key?.privateKey : undefined),
        modelManifest: manifestDigest,
      },
      { seen, nowMs: NOW_MS },
    )
    if (!read.ok) return read
    const question = readSealedQuestion(read.plaintext)
    if (!question) return { ok: false, reason: 'malformed' }
    opened.push(question)
    const nonce = crypto.getRandomValues(new Uint8Array(32))
    const sealer = createAnswerSealer(await read.answerKeys(nonce))
    const data: string[] = []
    const seal = async (piece: AnswerPiece) =>
      void data.push(
        toCanonicalBase64Url(await sealer.seal(writePiece(piece), piece.type === 'end' ? 'last' : 'middle')),
      )
    const requestHash = toHex(read.requestHash)
    const named = { runnerId: identity.runnerId, evidenceDigest: row.evidence_digest, manifestDigest }
    await seal({ type: 'begin', requestHash, ...named, ...plan.begin })
    const texts = piecesOf(plan, question)
    for (const piece of texts) await seal({ type: 'text', text: '', tokens: 1, ...piece })
    const signer = plan.signsWithOtherKey ? (await makePair()).privateKey : identity.privateKey
    const receipt = await signSealedReceipt(signer, {
      version: 2,
      jobId: place.jobId,
      attempt: place.attempt,
      ...named,
      inputHash: requestHash,
      outputHash: await outputHash(place.jobId, place.attempt, data),
      promptTokens: PROMPT_TOKENS,
      completionTokens: texts.reduce((sum, { tokens = 1 }) => sum + tokens, 0),
      status: 'done',
      price: row.price,
      startedAtMs: NOW_MS,
      endedAtMs: NOW_MS + 900,
      ...plan.receipt,
    })
    const hasTools = texts.some(({ toolCalls }) => toolCalls !== undefined)
    await seal({ type: 'end', finish: hasTools ? 'tool_calls' : 'stop', receipt })
    const candidate = read.header.cand.findIndex(({ runner_id }) => runner_id === identity.runnerId)
    return { ok: true, candidate, nonce: toCanonicalBase64Url(nonce), data, receipt }
  }
}

/** What is still to be said behind what another runner delivered. */
function piecesOf({ pieces }: FakeRunnerPlan, { delivered }: SealedQuestion): readonly TextPiece[] {
  let skip = delivered?.text.length ?? 0
  const all: readonly TextPiece[] = pieces ?? PIECES.map((text) => ({ text }))
  return all.filter(({ text = '' }) => {
    const isSaid = skip > 0
    skip -= text.length
    return !isSaid
  })
}
