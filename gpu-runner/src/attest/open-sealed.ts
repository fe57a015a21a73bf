import { toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import { readSealedQuestion, type SealedQuestion } from '../../../protocol/src/runner/sealed-question.ts'
import { type AnswerSealer, createAnswerSealer } from '../../../protocol/src/sealed/answer.ts'
import { RESPONSE_NONCE_BYTES } from '../../../protocol/src/sealed/answer-keys.ts'
import { type Envelope, readEnvelope } from '../../../protocol/src/sealed/envelope.ts'
import { readHeader } from '../../../protocol/src/sealed/header.ts'
import {
  type OpenRefusal,
  openRequest,
  type SealedIdentity,
} from '../../../protocol/src/sealed/open-request.ts'
import { type SealedReceipt, signSealedReceipt } from '../../../protocol/src/sealed/sealed-receipt.ts'
import type { Clock } from '../clock.ts'
import type { Announcer } from './announcer.ts'
import type { EpochKeys } from './epoch-keys.ts'

/** A sealed request that was opened, and what its answer is sealed and signed with. */
export type OpenedSeal = {
  readonly ok: true
  readonly question: SealedQuestion
  /** Whom the request names. */
  readonly runnerId: string
  readonly evidenceDigest: string
  /** `hashRequest`, hex. */
  readonly requestHash: string
  /** The most that is paid for, tokens. */
  readonly tokensMax: { readonly prompt: number; readonly completion: number }
  /** The response nonce, base64url. */
  readonly nonce: string
  readonly sealer: AnswerSealer
  readonly sign: (receipt: Omit<SealedReceipt, 'signature'>) => Promise<SealedReceipt>
}

/** Opens a request for the model that is loaded, or says why not. */
export type OpenSealed = (
  envelope: Envelope,
  modelManifest: string,
) => Promise<OpenedSeal | { readonly ok: false; readonly reason: OpenRefusal }>

export type OpenSealedDeps = {
  readonly clock: Clock
  readonly keys: EpochKeys
  /** Whom requests may name. */
  readonly announced: readonly {
    readonly announcer: Announcer
    readonly hasDigest: (epoch: number, digest: string) => boolean
  }[]
}

/** Opens a request as the one of this process' identities that it names. */
export async function openSealed(
  { clock, keys, announced }: OpenSealedDeps,
  ...[envelope, modelManifest]: Parameters<OpenSealed>
): ReturnType<OpenSealed> {
  const request = readEnvelope(envelope)
  const header = readHeader(envelope.header)
  if (!request || !header) return { ok: false, reason: 'malformed' }
  const candidate = header.cand.find((one) => announced.some(({ announcer }) => isOf(announcer, one)))
  const mine = candidate && announced.find(({ announcer }) => isOf(announcer, candidate))
  if (!candidate || !mine) return { ok: false, reason: 'not-for-me' }
  const { runnerId, signingKey } = mine.announcer
  const identity: SealedIdentity = {
    runnerId,
    // Evidence that was renewed within the epoch does not shut out what was sealed by the one before.
    evidenceDigest: (epoch) =>
      mine.hasDigest(epoch, candidate.evidence_digest) ? candidate.evidence_digest : undefined,
    privateKey: (epoch) => keys.privateKey(header.suite, epoch),
    modelManifest,
  }
  const opened = await openRequest(request, identity, { seen: keys.seen, nowMs: clock.nowMs() })
  if (!opened.ok) return opened
  const question = readSealedQuestion(opened.plaintext)
  opened.plaintext.fill(0)
  if (!question) return { ok: false, reason: 'malformed' }
  const nonce = crypto.getRandomValues(new Uint8Array(RESPONSE_NONCE_BYTES))
  return {
    ok: true,
    question,
    runnerId,
    evidenceDigest: candidate.evidence_digest,
    requestHash: toHex(opened.requestHash),
    tokensMax: { prompt: header.len_bucket, completion: header.max_out_bucket },
    nonce: toCanonicalBase64Url(nonce),
    sealer: createAnswerSealer(await opened.answerKeys(nonce)),
    sign: (receipt) => signSealedReceipt(signingKey, receipt),
  }
}

function isOf({ runnerId }: Announcer, candidate: { readonly runner_id: string }): boolean {
  return runnerId === candidate.runner_id
}
