import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url, utf8 } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { outputHash } from '../receipt-hashes.ts'
import { suiteOf } from './all-suites.ts'
import { createAnswerSealer } from './answer.ts'
import { answerKeys } from './answer-keys.ts'
import { type AnswerPiece, writePiece } from './answer-pieces.ts'
import { writeEnvelope } from './envelope.ts'
import { sha256 } from './hashes.ts'
import { type SealedHeader, writeHeader } from './header.ts'
import { bytesNamed, KNOWN_EPOCH, KNOWN_MODEL, KNOWN_NOW_MS, signerNamed } from './known-keys.ts'
import { makeKnownDocuments } from './make-known-documents.ts'
import { pad, REQUEST_BUCKETS } from './padding.ts'
import { hashRequest, headerBinding, RESPONSE_LABEL, type SealedRequest, wrapInfo } from './seal-request.ts'
import { signSealedReceipt } from './sealed-receipt.ts'
import type { Suite } from './suites.ts'

// Known answers of everything that two programs must make alike: from fixed keys, fixed ephemeral keys and fixed times,
// all of it comes out the same in every runtime. What differs means that old clients or runners can no longer be read:
// then the version of what changed must go up. `node protocol/src/sealed/record-known-answers.ts` records them anew, and
// `npm run format` writes them as the rest is written.

const QUESTION = '{"version":1,"messages":[{"role":"user","content":"سر صغير"}],"params":{"maxTokens":64}}'
const PIECES_TEXT = ['شرنقة ', 'from one silk thread'] as const
const EKM_BYTES = { x25519: 32, 'x-wing': 64 } as const satisfies Record<Suite, number>

async function makeRequest(suite: Suite) {
  const { cipher } = suiteOf(suite)
  const recipients = await Promise.all(
    [0, 1].map(async (at) => {
      const pair = await cipher.kem.deriveKeyPair((await bytesNamed(`${suite}/recipient ${at}`, 32)).buffer)
      const publicKey = new Uint8Array(await cipher.kem.serializePublicKey(pair.publicKey))
      const privateKey = new Uint8Array(await cipher.kem.serializePrivateKey(pair.privateKey))
      return { publicKey, privateKey, digest: toHex(await bytesNamed(`evidence ${at}`, 32)), pair }
    }),
  )
  const padded = pad(utf8(QUESTION), REQUEST_BUCKETS)
  if (!padded) throw new Error('the question is too long')
  const header = writeHeader(headerOf(suite, recipients, padded.length))
  const dataKey = await bytesNamed(`${suite}/data key`, 32)
  const aes = await crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, ['encrypt'])
  const algorithm = {
    name: 'AES-GCM',
    iv: new Uint8Array(12),
    additionalData: await headerBinding(header),
  }
  const ct = new Uint8Array(await crypto.subtle.encrypt(algorithm, aes, padded))
  const wraps: { enc: Bytes; wrapped: Bytes }[] = []
  const secrets: Bytes[] = []
  for (const [at, { pair, digest }] of recipients.entries()) {
    const context = await cipher.createSenderContext({
      recipientPublicKey: pair.publicKey,
      info: await wrapInfo(header, digest),
      ekm: await bytesNamed(`${suite}/ephemeral ${at}`, EKM_BYTES[suite]),
    })
    const wrapped = new Uint8Array(await context.seal(dataKey, await sha256(ct)))
    wraps.push({ enc: new Uint8Array(context.enc), wrapped })
    secrets.push(new Uint8Array(await context.export(utf8(RESPONSE_LABEL), 32)))
  }
  const requestHash = toHex(await hashRequest({ header, ct }))
  return { request: { header, ct, wraps } satisfies SealedRequest, recipients, dataKey, secrets, requestHash }
}

function headerOf(suite: Suite, to: readonly { readonly digest: string }[], length: number): SealedHeader {
  return {
    v: 1,
    suite,
    job_id: 'ab'.repeat(16),
    policy_seq: 7,
    dir_digest: '22'.repeat(32),
    tier: 'confidential',
    model_manifest: KNOWN_MODEL.manifestDigest,
    max_out_bucket: 256,
    len_bucket: length,
    ts: KNOWN_NOW_MS,
    cand: to.map(({ digest }, at) => ({
      runner_id: `run_${at}`,
      epoch: KNOWN_EPOCH,
      evidence_digest: digest,
    })),
  }
}

type Made = Awaited<ReturnType<typeof makeRequest>>

async function makeAnswer(suite: Suite, { request, recipients, secrets, requestHash }: Made) {
  const [secret, enc, digest] = [secrets[1], request.wraps[1]?.enc, recipients[1]?.digest]
  if (!secret || !enc || !digest) throw new Error('there is no second candidate')
  const responseNonce = await bytesNamed(`${suite}/response nonce`, 32)
  const sealer = createAnswerSealer(await answerKeys(secret, enc, responseNonce))
  const said = { runnerId: 'run_1', evidenceDigest: digest, manifestDigest: KNOWN_MODEL.manifestDigest }
  const pieces: AnswerPiece[] = [
    { type: 'begin', requestHash, ...said },
    ...PIECES_TEXT.map((text, at) => ({ type: 'text' as const, text, tokens: 2, tokenIds: [at, at + 7] })),
  ]
  const chunks: string[] = []
  for (const piece of pieces)
    chunks.push(toCanonicalBase64Url(await sealer.seal(writePiece(piece), 'middle')))
  const receipt = await signSealedReceipt((await signerNamed('runner')).privateKey, {
    ...said,
    version: 2,
    jobId: 'job_00000000000000000000000ab',
    attempt: 0,
    inputHash: requestHash,
    outputHash: await outputHash('job_00000000000000000000000ab', 0, chunks),
    promptTokens: 12,
    completionTokens: 4,
    status: 'done',
    price: { input: 100_000, output: 300_000 },
    startedAtMs: KNOWN_NOW_MS + 20,
    endedAtMs: KNOWN_NOW_MS + 900,
  })
  const end: AnswerPiece = { type: 'end', finish: 'stop', receipt }
  chunks.push(toCanonicalBase64Url(await sealer.seal(writePiece(end), 'last')))
  return { responseNonce, pieces: [...pieces, end], chunks, receipt }
}

async function makeSuite(suite: Suite) {
  const made = await makeRequest(suite)
  const answer = await makeAnswer(suite, made)
  return {
    envelope: writeEnvelope(made.request),
    requestHash: made.requestHash,
    dataKey: toHex(made.dataKey),
    recipients: made.recipients.map(({ publicKey, privateKey, digest }) => ({
      publicKey: toCanonicalBase64Url(publicKey),
      privateKey: toHex(privateKey),
      evidenceDigest: digest,
    })),
    secrets: made.secrets.map(toHex),
    responseNonce: toHex(answer.responseNonce),
    chunks: answer.chunks,
    pieces: answer.pieces,
    receipt: answer.receipt,
  }
}

/** Everything whose bytes must never change, made anew. */
export async function makeKnownAnswers() {
  const suites = { x25519: await makeSuite('x25519'), 'x-wing': await makeSuite('x-wing') }
  const sealKey = fromCanonicalBase64Url(suites.x25519.recipients[0]?.publicKey ?? '') ?? new Uint8Array()
  return {
    nowMs: KNOWN_NOW_MS,
    epoch: KNOWN_EPOCH,
    question: QUESTION,
    suites,
    documents: await makeKnownDocuments(sealKey),
  }
}
export type KnownAnswers = Awaited<ReturnType<typeof makeKnownAnswers>>
