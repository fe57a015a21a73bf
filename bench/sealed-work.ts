import { type VerificationRequest, verifyEvidence } from '../protocol/src/attestation/verify-evidence.ts'
import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url, utf8 } from '../protocol/src/bytes.ts'
import { suiteOf } from '../protocol/src/sealed/all-suites.ts'
import { createAnswerOpener, createAnswerSealer } from '../protocol/src/sealed/answer.ts'
import { answerKeys } from '../protocol/src/sealed/answer-keys.ts'
import { makeEpochKey } from '../protocol/src/sealed/epoch-key.ts'
import { CANDIDATES_MAX } from '../protocol/src/sealed/header.ts'
import { sealRequest } from '../protocol/src/sealed/seal-request.ts'
import type { Suite } from '../protocol/src/sealed/suites.ts'

// What is measured of sealed jobs: the same code in Node, in workerd and in a browser, bundled alone.

export const SEALED_WORK = ['nothing', 'verify', 'seal-x25519', 'seal-x-wing', 'chunk'] as const
export type SealedWork = (typeof SEALED_WORK)[number]

/** A verification request as JSON: bytes are base64url. */
export type CarriedRequest = Pick<VerificationRequest, 'pins' | 'wanted' | 'nowMs'> & {
  readonly evidence: string
  readonly policy: string
  readonly challenge: string
}

/** A request of a freshness by challenge, as it is carried. */
export function carryRequest(request: VerificationRequest): CarriedRequest {
  const { evidence, policy, freshness, pins, wanted, nowMs } = request
  if (freshness.kind !== 'challenge') throw new Error('only a challenge is carried')
  const [carried, signed, challenge] = [evidence, policy, freshness.challenge].map(toCanonicalBase64Url)
  if (!carried || !signed || !challenge) throw new Error('a part of the request is empty')
  return { evidence: carried, policy: signed, challenge, pins, wanted, nowMs }
}

/** Does one kind of work so many times, one after the other. Throws where it goes wrong: then nothing was measured. */
export async function doWork(work: SealedWork, times: number, carried: CarriedRequest): Promise<void> {
  switch (work) {
    case 'nothing':
      return
    case 'verify':
      return verify(times, carried)
    case 'seal-x25519':
      return seal(times, 'x25519')
    case 'seal-x-wing':
      return seal(times, 'x-wing')
    case 'chunk':
      return sealAndOpenChunks(times)
    default:
      return work satisfies never
  }
}

async function verify(times: number, carried: CarriedRequest): Promise<void> {
  const { evidence, policy, challenge, ...rest } = carried
  const request: VerificationRequest = {
    ...rest,
    evidence: bytesOf(evidence),
    policy: bytesOf(policy),
    freshness: { kind: 'challenge', challenge: bytesOf(challenge) },
    simulation: 'allowed',
  }
  for (let left = times; left > 0; left -= 1) {
    const { document } = await verifyEvidence(request)
    if (document.verdict !== 'accepted') throw new Error(`evidence was refused: ${document.reason}`)
  }
}

const PLAINTEXT = utf8(JSON.stringify({ messages: [{ role: 'user', content: 'a question '.repeat(60) }] }))

async function seal(times: number, name: Suite): Promise<void> {
  const suite = suiteOf(name)
  const keys = await Promise.all(Array.from({ length: CANDIDATES_MAX }, () => makeEpochKey(name, 1)))
  const to = keys.map(({ publicKey }, at) => ({
    runnerId: `run_${at}`,
    epoch: 1,
    evidenceDigest: 'aa'.repeat(32),
    publicKey,
  }))
  const header = {
    job_id: 'ab'.repeat(16),
    policy_seq: 1,
    dir_digest: '22'.repeat(32),
    tier: 'confidential' as const,
    model_manifest: '11'.repeat(32),
    max_out_bucket: 256,
    ts: 1,
  }
  for (let left = times; left > 0; left -= 1) {
    const sealed = await sealRequest({ header, suite, to, plaintext: PLAINTEXT })
    if (!sealed.ok) throw new Error(`nothing was sealed: ${sealed.reason}`)
  }
}

async function sealAndOpenChunks(times: number): Promise<void> {
  const some = new Uint8Array(32).fill(7)
  const keys = await answerKeys(some, some, some)
  const [sealer, opener] = [createAnswerSealer(keys), createAnswerOpener(keys)]
  const piece = utf8(JSON.stringify({ type: 'text', text: 'a few words of an answer', tokens: 5 }))
  for (let left = times; left > 0; left -= 1) {
    if (!(await opener.open(await sealer.seal(piece, 'middle')))) throw new Error('a chunk did not open')
  }
}

function bytesOf(text: string): Bytes {
  const bytes = fromCanonicalBase64Url(text)
  if (!bytes) throw new Error('a request that nobody carried')
  return bytes
}
