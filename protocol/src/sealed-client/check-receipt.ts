import { fromCanonicalBase64Url } from '../bytes.ts'
import { canonicalJson, type Json } from '../canonical-json.ts'
import { outputHash } from '../receipt-hashes.ts'
import { findSealedReceiptFault, type SealedReceipt } from '../sealed/sealed-receipt.ts'
import type { ReadFrame } from './relay-frame.ts'
import type { SealedTicket } from './sealed-ticket.ts'

/** An answer as it was opened: what its receipt must speak of. */
export type OpenedAnswer = {
  readonly jobId: string | undefined
  readonly attempt: number
  readonly candidate: SealedTicket['candidates'][number]
  /** Its chunks as they came, base64url; the last one holds the receipt. */
  readonly data: readonly string[]
}

export type ReceiptFault = 'receipt-missing' | 'receipt-altered' | 'overcharged' | `receipt-${string}`

/** Compares the receipt inside the seal with what came outside, and with what was charged. */
export async function findReceiptFault(
  ticket: SealedTicket,
  { jobId, attempt, candidate, data }: OpenedAnswer,
  receipt: SealedReceipt,
  frame: Extract<ReadFrame, { type: 'end' }>,
): Promise<ReceiptFault | undefined> {
  const said = canonicalJson(receipt)
  const isTold = frame.receipts.some((one) => textOf(one) === said)
  // A runner that was lost right after its last chunk told nobody else of its receipt; then nothing is paid.
  const mayBeUntold = frame.finish === 'failed' && BigInt(frame.usage.costNano) === 0n
  if (!isTold && !mayBeUntold) return frame.receipts.length === 0 ? 'receipt-missing' : 'receipt-altered'
  const fault = await findSealedReceiptFault(receipt, {
    jobId: jobId ?? '',
    attempt,
    runnerId: candidate.runnerId,
    evidenceDigest: candidate.evidenceDigest,
    manifestDigest: ticket.manifestDigest,
    inputHash: ticket.requestHash,
    outputHash: await outputHash(jobId ?? '', attempt, data.slice(0, -1)),
    tokensMax: ticket.tokensMax,
    signingKey: fromCanonicalBase64Url(candidate.signingKey) ?? new Uint8Array(),
  })
  if (fault) return `receipt-${fault}`
  return isOvercharged(candidate, receipt, frame) ? 'overcharged' : undefined
}

/** Whether more is taken than the receipt says, or at a higher price than the directory did. */
function isOvercharged(
  { price: offered }: OpenedAnswer['candidate'],
  { price, promptTokens, completionTokens }: SealedReceipt,
  { usage }: Extract<ReadFrame, { type: 'end' }>,
): boolean {
  const isDear = price.input > offered.input || price.output > offered.output
  const isMore = usage.promptTokens > promptTokens || usage.completionTokens > completionTokens
  // Nano per 1,000,000 tokens; a part of a nano counts as a whole one.
  const cost =
    BigInt(price.input) * BigInt(promptTokens) + BigInt(price.output) * BigInt(completionTokens) + 999_999n
  return isDear || isMore || BigInt(usage.costNano) > cost / 1_000_000n
}

/** What came outside, in the one spelling; undefined where it has none: JSON may bring a number beyond all numbers. */
function textOf(value: unknown): string | undefined {
  try {
    return isJson(value) ? canonicalJson(value) : undefined
  } catch {
    return undefined // 1e999 is read as Infinity
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}
