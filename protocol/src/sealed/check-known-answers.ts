import { type Bytes, fromCanonicalBase64Url, readUtf8 } from '../bytes.ts'
import { canonicalJson, type Json, toHex } from '../canonical-json.ts'
import { outputHash } from '../receipt-hashes.ts'
import { suiteOf } from './all-suites.ts'
import { createAnswerOpener } from './answer.ts'
import { answerKeys } from './answer-keys.ts'
import { readPiece } from './answer-pieces.ts'
import { readEnvelope } from './envelope.ts'
import recorded from './known-answers.json' with { type: 'json' }
import { KNOWN_MODEL, signerNamed } from './known-keys.ts'
import { type KnownAnswers, makeKnownAnswers } from './make-known-answers.ts'
import { openRequest } from './open-request.ts'
import { createReplayWindow } from './replay-window.ts'
import { findSealedReceiptFault, sealedReceiptSchema } from './sealed-receipt.ts'
import { SUITES, type Suite } from './suites.ts'

/** As they were recorded. */
export const KNOWN_ANSWERS = recorded as KnownAnswers

/** What differs between recorded answers and this program, in this runtime. Nothing must. */
export async function findKnownAnswerFaults(known = KNOWN_ANSWERS): Promise<readonly string[]> {
  const faults = findDifferences(known, await makeKnownAnswers(), '')
  for (const suite of SUITES) faults.push(...(await findOpenFaults(known, suite)))
  return faults
}

function findDifferences(known: unknown, made: unknown, at: string): string[] {
  if (known === made) return []
  const isOpen = typeof known === 'object' && typeof made === 'object' && known && made
  if (!isOpen) return [`${at}: ${JSON.stringify(made)}`]
  const names = new Set([...Object.keys(known), ...Object.keys(made)])
  const member = (of: object, name: string): unknown => Reflect.get(of, name)
  return [...names].flatMap((name) =>
    findDifferences(member(known, name), member(made, name), `${at}/${name}`),
  )
}

/** Opens what was recorded, as a runner and as a client do. */
async function findOpenFaults(answers: KnownAnswers, suite: Suite): Promise<string[]> {
  const known = answers.suites[suite]
  const faults: string[] = []
  const request = readEnvelope(known.envelope)
  const { cipher } = suiteOf(suite)
  for (const [at, { privateKey, evidenceDigest: digest }] of known.recipients.entries()) {
    const key = await cipher.kem.deserializePrivateKey(bytesOfHex(privateKey))
    const identity = {
      runnerId: `run_${at}`,
      evidenceDigest: () => digest,
      privateKey: () => key,
      modelManifest: KNOWN_MODEL.manifestDigest,
    }
    const options = { seen: createReplayWindow(), nowMs: answers.nowMs }
    const opened = request && (await openRequest(request, identity, options))
    const isSame =
      opened?.ok &&
      readUtf8(opened.plaintext) === answers.question &&
      toHex(opened.requestHash) === known.requestHash
    if (!isSame) faults.push(`${suite}: candidate ${at} does not open the request`)
  }
  return [...faults, ...(await findAnswerFaults(known, suite))]
}

async function findAnswerFaults(known: KnownAnswers['suites'][Suite], suite: Suite): Promise<string[]> {
  const enc = fromCanonicalBase64Url(known.envelope.wraps[1]?.enc ?? '') ?? new Uint8Array()
  const keys = await answerKeys(bytesOfHex(known.secrets[1] ?? ''), enc, bytesOfHex(known.responseNonce))
  const opener = createAnswerOpener(keys)
  const faults: string[] = []
  for (const [at, chunk] of known.chunks.entries()) {
    const opened = await opener.open(fromCanonicalBase64Url(chunk) ?? new Uint8Array())
    const piece = opened && readPiece(opened.piece)
    if (!piece || canonicalJson(piece as Json) !== canonicalJson(known.pieces[at] as Json))
      faults.push(`${suite}: chunk ${at} does not open`)
  }
  const receipt = sealedReceiptSchema.parse(known.receipt)
  const fault = await findSealedReceiptFault(receipt, {
    jobId: receipt.jobId,
    runnerId: 'run_1',
    evidenceDigest: known.recipients[1]?.evidenceDigest ?? '',
    manifestDigest: KNOWN_MODEL.manifestDigest,
    inputHash: known.requestHash,
    outputHash: await outputHash(receipt.jobId, receipt.attempt, known.chunks.slice(0, -1)),
    signingKey: (await signerNamed('runner')).publicKey,
  })
  return opener.isWhole() && fault === undefined ? faults : [...faults, `${suite}: the receipt is not whole`]
}

function bytesOfHex(hex: string): Bytes {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  )
}
