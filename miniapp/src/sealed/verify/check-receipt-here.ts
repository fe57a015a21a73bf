import type { AnyReceipt } from '../../../../protocol/src/answer.ts'
import type { AcceptedEvidence } from '../../../../protocol/src/attestation/verify-evidence.ts'
import { parseAbout } from '../../../../protocol/src/miniapp/about.ts'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { tonViewSchema } from '../../../../protocol/src/miniapp/wallet.ts'
import { readAnyReceipt } from '../../../../protocol/src/receipts/read-receipt.ts'
import type { ReceiptToVerify } from '../../../../protocol/src/receipts/receipt-facts.ts'
import {
  type ReceiptProof,
  receiptProofPendingSchema,
  receiptProofSchema,
} from '../../../../protocol/src/receipts/receipt-proof.ts'
import { type VerifiedReceipt, verifyReceipt } from '../../../../protocol/src/receipts/verify-receipt.ts'
import type { SealedPart } from '../../chat/conversation.ts'
import type { JobRecord } from '../../chat/receipt/read-job.ts'
import type { Session } from '../../session/session.ts'
import type { SealReport } from '../check-place.ts'
import { loadSealedClient } from '../use-sealed.ts'
import { chainLink } from './chain-link.ts'

/** A receipt to check, with what this device has of its job. */
export type ReceiptHere = {
  readonly receipt: unknown
  readonly jobId: string
  /** Of a sealed answer: what this device itself knows. */
  readonly part?: SealedPart | undefined
  /** Undefined where the coordinator did not say. */
  readonly record: JobRecord | undefined
}

export type CheckedReceipt = VerifiedReceipt & {
  /** Where the person can look at the transaction that the network names for the day. */
  readonly chainLink: string | undefined
  /** From when on the day's tree can be asked for, Unix ms. */
  readonly readyAtMs: number | undefined
}

/** Checks a receipt on this device: every step that can be checked with what it has and what the network publishes. */
export async function checkReceiptHere(session: Session, here: ReceiptHere): Promise<CheckedReceipt> {
  const { receipt, part, record, jobId } = here
  const [proof, report] = await Promise.all([
    askProof(session, jobId),
    part && checkEvidenceAgain(session, part),
  ])
  const read = readAnyReceipt(receipt)
  const runnerKey = part?.signingKey ?? record?.runner_keys?.[read?.runnerId ?? '']
  const charge = record && chargeOf(record)
  const evidence = report && evidenceOf(report)
  const isNamed = proof !== undefined && 'document' in proof
  const verified = await verifyReceipt({
    receipt,
    ...(runnerKey === undefined ? {} : { runnerKey }),
    ...(evidence ? { evidence } : {}),
    ...(part?.kind === 'paired' ? { pairedDigest: part.evidenceDigest } : {}),
    known: { jobId, ...(part ? knownOf(part) : {}) },
    ...(charge ? { charge } : {}),
    ...(proof ? { proof } : {}),
    // The page calls nobody but the network: the person looks at the chain, under the link.
    ...(isNamed && proof.transaction_id === null ? { note: 'none' as const } : {}),
  })
  return {
    ...verified,
    chainLink:
      isNamed && proof.transaction_id !== null ? await linkOf(session, proof.transaction_id) : undefined,
    readyAtMs: proof && 'readyAtMs' in proof ? proof.readyAtMs : undefined,
  }
}

async function linkOf({ ask }: Session, transactionId: string): Promise<string | undefined> {
  const [about, ton] = await Promise.all([
    ask('/v1/about', parseAbout),
    ask('/v1/ton', parserOf(tonViewSchema)),
  ])
  return chainLink(transactionId, {
    tonNetwork: about.ok ? about.value.tonNetwork : '',
    ownExplorer: ton.ok ? ton.value.explorer_url : null,
  })
}

/** What this device sent and received, and whom it chose. */
function knownOf(part: SealedPart) {
  const { runnerId, manifestDigest, requestHash, outputHash } = part
  return { runnerId, manifestDigest, inputHash: requestHash, outputHash }
}

function chargeOf({ charge_nano, completion_tokens, receipts }: JobRecord): ReceiptToVerify['charge'] {
  const read = receipts.map(readAnyReceipt).filter((one): one is AnyReceipt => one !== undefined)
  return read.length === receipts.length
    ? { nano: charge_nano, completionTokens: completion_tokens, receipts: read }
    : undefined
}

/** The verdict of now; where the evidence's hour is over, that of when this device sealed for it. */
export function evidenceOf(report: SealReport): ReceiptToVerify['evidence'] {
  if (report.kind !== 'tee') return undefined
  const { document, accepted, before, statement } = report
  if (accepted || !before || !statement) return { document, ...(accepted ? { accepted } : {}) }
  const kept: AcceptedEvidence = {
    statement,
    evidenceDigest: before.evidenceDigest ?? '',
    policySeq: before.policySeq ?? 0,
    policyDigest: before.policyDigest ?? '',
    platformId: '',
    isSimulated: before.isSimulated,
    untilMs: before.untilMs ?? 0,
  }
  return { document: before, accepted: kept }
}

async function checkEvidenceAgain(session: Session, part: SealedPart): Promise<SealReport | undefined> {
  const client = await loadSealedClient(session).catch(() => undefined)
  const reply = await client?.check(part, AbortSignal.timeout(CHECK_TIMEOUT_MS))
  return reply?.ok ? reply.value : undefined
}

const CHECK_TIMEOUT_MS = 20_000

/** Where the receipts of a job stand in their day's tree; or from when on that is known. Undefined where nobody says. */
async function askProof(
  session: Session,
  jobId: string,
): Promise<ReceiptProof | { readonly readyAtMs: number } | undefined> {
  const path = `/v1/jobs/${encodeURIComponent(jobId)}/proof`
  const reply = await session.open(path, { refusals: 'as-response' })
  if (!reply.ok) return undefined
  const json: unknown = await reply.value.json().catch(() => undefined) // it broke off, or is an error page
  if (reply.value.ok) return receiptProofSchema.safeParse(json).data
  const pending = receiptProofPendingSchema.safeParse(json).data
  return pending && { readyAtMs: pending.ready_at_ms }
}
