import type { AnyReceipt } from '../answer.ts'
import { isSignedReceiptDay, type ReceiptDayDocument, receiptDayDocumentSchema } from './day-document.ts'
import { dayOfJobId } from './job-day.ts'
import type { ReceiptToVerify } from './receipt-facts.ts'
import { type ReceiptProof, receiptProofSchema } from './receipt-proof.ts'
import { leaveOpen, pass, refuse, type StepVerdict, wait } from './receipt-steps.ts'
import { checkReceiptPath, receiptLeaf } from './receipt-tree.ts'
import { parseReceiptsComment } from './receipts-comment.ts'

type GivenOfDay = Pick<ReceiptToVerify, 'proof' | 'day' | 'signer' | 'note'>

/** Whether the receipt stands in the tree whose root the day's document names. */
export function checkInclusion(receipt: AnyReceipt, given: GivenOfDay): StepVerdict {
  const { proof } = given
  if (!proof) return leaveOpen('not-given')
  if (!isProof(proof)) return wait('not-yet', { readyAtMs: proof.readyAtMs })
  const read = receiptProofSchema.safeParse(proof).data
  const path = read?.paths.find(({ attempt }) => attempt === receipt.attempt)
  if (!read || !path || read.job_id !== receipt.jobId) return refuse('wrong-proof', { jobId: receipt.jobId })
  const { root, leaves } = documentOf(given) ?? read.document
  const inputs = { root, leaves, place: path.place, steps: path.steps.length }
  const checked = checkReceiptPath({ root, leaves }, receiptLeaf(receipt), path)
  return checked.ok ? pass(inputs) : refuse(checked.reason, inputs)
}

/** Whether the day's document is of the receipt's day and signed, and by whom the caller expects. */
export async function checkDay(receipt: AnyReceipt, given: GivenOfDay): Promise<StepVerdict> {
  const document = documentOf(given)
  if (!document) {
    const { proof } = given
    return proof && !isProof(proof) ? wait('not-yet', { readyAtMs: proof.readyAtMs }) : leaveOpen('not-given')
  }
  const read = receiptDayDocumentSchema.safeParse(document).data
  if (!read) return refuse('day-malformed', {})
  const { day, root, signer } = read
  const inputs = { day, root, signer, expectedSigner: given.signer ?? '' }
  if (day !== dayOfJobId(receipt.jobId)) return refuse('wrong-day', inputs)
  if (given.signer !== undefined && signer !== given.signer) return refuse('wrong-signer', inputs)
  return (await isSignedReceiptDay(read)) ? pass(inputs) : refuse('day-signature', inputs)
}

/** Whether the chain carries the very root of the day's document. Who sent the note is the caller's to check. */
export function checkChain(given: GivenOfDay): StepVerdict {
  const document = documentOf(given)
  const { note, proof } = given
  if (!document) return proof && !isProof(proof) ? wait('not-yet', {}) : leaveOpen('not-given')
  if (note === undefined) return leaveOpen('not-given')
  if (note === 'none') return wait('not-on-chain', { root: document.root })
  const { transactionId, comment } = note
  const said = parseReceiptsComment(comment)
  const inputs = { transactionId, comment }
  return said?.day === document.day && said.root === document.root
    ? pass(inputs)
    : refuse('wrong-note', inputs)
}

function documentOf({ day, proof }: GivenOfDay): ReceiptDayDocument | undefined {
  return day ?? (proof && isProof(proof) ? proof.document : undefined)
}

function isProof(proof: NonNullable<ReceiptToVerify['proof']>): proof is ReceiptProof {
  return 'document' in proof
}
