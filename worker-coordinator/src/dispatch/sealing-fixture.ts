import { toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { sha256Hex, toHex } from '../../../protocol/src/canonical-json.ts'
import type { SigningKey } from '../../../protocol/src/ed25519.ts'
import { outputHash } from '../../../protocol/src/receipt-hashes.ts'
import type { JobOffer } from '../../../protocol/src/runner/down.ts'
import { readSealedQuestion } from '../../../protocol/src/runner/sealed-question.ts'
import type { UpFrame } from '../../../protocol/src/runner/up.ts'
import { createAnswerSealer } from '../../../protocol/src/sealed/answer.ts'
import { type AnswerPiece, writePiece } from '../../../protocol/src/sealed/answer-pieces.ts'
import { readEnvelope } from '../../../protocol/src/sealed/envelope.ts'
import { type EpochKey, makeEpochKey } from '../../../protocol/src/sealed/epoch-key.ts'
import { openRequest } from '../../../protocol/src/sealed/open-request.ts'
import { createReplayWindow } from '../../../protocol/src/sealed/replay-window.ts'
import { type SealedReceipt, signSealedReceipt } from '../../../protocol/src/sealed/sealed-receipt.ts'
import { SUITE_FACTS, type Suite } from '../../../protocol/src/sealed/suites.ts'

/** An Ed25519 key. */
export async function makeSigningPair() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  return { publicKey, privateKey: pair.privateKey as SigningKey }
}
export type SigningPair = Awaited<ReturnType<typeof makeSigningPair>>

/** Keys of one epoch, as a runner shows them. */
export async function makeEpochKeys(epoch: number, suites: readonly Suite[]) {
  const keys = await Promise.all(suites.map((suite) => makeEpochKey(suite, epoch)))
  const shown = keys.map(({ suite, publicKey }) => ({
    id: SUITE_FACTS[suite].kemId,
    publicKey: toCanonicalBase64Url(publicKey),
  }))
  return { keys, kem: { epoch, keys: shown } }
}

/** What a runner is under the seal. */
export type Sealer = {
  readonly kind: 'tee' | 'paired'
  readonly runnerId: string
  readonly evidenceDigest: string
  readonly manifestDigest: string
  readonly pair: SigningPair
  readonly keys: readonly EpochKey[]
}

export async function runnerIdOfTee({ publicKey }: SigningPair): Promise<string> {
  return sha256Hex(publicKey)
}

/** Opens a sealed offer as its runner does, and gives what seals its answer. It sends what the test tells it to send. */
export async function openOffer(
  sealer: Sealer,
  offer: JobOffer,
  { send, nowMs }: { readonly send: (frame: UpFrame) => void; readonly nowMs: number },
) {
  if (offer.kind !== 'sealed') throw new Error('this offer is not sealed')
  const { jobId, attempt } = offer
  const { runnerId, evidenceDigest, manifestDigest } = sealer
  const request = readEnvelope(offer.envelope)
  if (!request) throw new Error('the envelope cannot be read')
  const suite = JSON.parse(request.header).suite as Suite
  const opened = await openRequest(
    request,
    {
      runnerId,
      evidenceDigest: () => evidenceDigest,
      privateKey: (epoch) =>
        sealer.keys.find((key) => key.epoch === epoch && key.suite === suite)?.privateKey,
      modelManifest: manifestDigest,
    },
    { seen: createReplayWindow(), nowMs },
  )
  if (!opened.ok) throw new Error(opened.reason)
  const nonce = crypto.getRandomValues(new Uint8Array(32))
  const answerSealer = createAnswerSealer(await opened.answerKeys(nonce))
  const chunks: string[] = []

  async function sendPiece(piece: AnswerPiece) {
    const bytes = await answerSealer.seal(writePiece(piece), piece.type === 'end' ? 'last' : 'middle')
    const data = toCanonicalBase64Url(bytes)
    const seq = chunks.push(data) - 1
    const first = seq === 0 ? { nonce: toCanonicalBase64Url(nonce) } : {}
    send({ type: 'job.chunk', jobId, attempt, seq, data, ...first })
  }

  return {
    question: readSealedQuestion(opened.plaintext),
    chunks,
    begin: () =>
      sendPiece({
        type: 'begin',
        requestHash: toHex(opened.requestHash),
        runnerId,
        evidenceDigest,
        manifestDigest,
      }),
    say: (text: string) => sendPiece({ type: 'text', text, tokens: text.split(' ').length }),
    /** Sends the last chunk, and the receipt with it. `change`: what is otherwise in a receipt that is signed so. */
    async finish(tokens: number, change: Partial<SealedReceipt> = {}, signer: SigningPair = sealer.pair) {
      const receipt = await signSealedReceipt(signer.privateKey, {
        version: 2,
        jobId,
        attempt,
        runnerId,
        evidenceDigest,
        manifestDigest,
        inputHash: toHex(opened.requestHash),
        outputHash: await outputHash(jobId, attempt, chunks),
        promptTokens: 5,
        completionTokens: tokens,
        status: 'done',
        price: offer.price,
        startedAtMs: 1,
        endedAtMs: 2,
        ...change,
      })
      const finish = receipt.status === 'stopped' ? 'cancelled' : 'stop'
      await sendPiece({ type: 'end', finish, receipt })
      send({ type: 'job.sealed-done', jobId, attempt, receipt })
      return receipt
    },
  }
}
