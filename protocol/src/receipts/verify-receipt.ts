import type { AnyReceipt } from '../answer.ts'
import { fromCanonicalBase64Url, fromHex } from '../bytes.ts'
import { checkCharge, checkEvidence, checkHashes, checkRunner, checkSignature } from './check-receipt.ts'
import { checkChain, checkDay, checkInclusion } from './check-receipt-day.ts'
import { readAnyReceipt } from './read-receipt.ts'
import type { ReceiptToVerify } from './receipt-facts.ts'
import {
  leaveOpen,
  pass,
  RECEIPT_STEPS,
  type ReceiptStep,
  refuse,
  type StepVerdict,
} from './receipt-steps.ts'

/** Every step, in order, and the receipt where it has the shape of one. */
export type VerifiedReceipt = {
  readonly receipt: AnyReceipt | undefined
  readonly steps: readonly ReceiptStep[]
}

/**
 * Checks a receipt of any kind with whatever the caller has, and says of each step what it looked at and what it found.
 * Pure: no network, no clock. Runs in browsers, in workerd and in Node.
 */
export async function verifyReceipt(given: ReceiptToVerify): Promise<VerifiedReceipt> {
  const receipt = readAnyReceipt(given.receipt)
  if (!receipt) return { receipt, steps: RECEIPT_STEPS.map((step) => ({ step, ...shapeless(step) })) }
  const key = findKey(receipt, given)
  const runner = await checkRunner(receipt, key)
  const verdicts: Record<(typeof RECEIPT_STEPS)[number], StepVerdict> = {
    shape: pass({ version: receipt.version, jobId: receipt.jobId, attempt: receipt.attempt }),
    runner,
    // A key that is not the runner's proves nothing by its signature.
    signature: runner.verdict === 'passed' ? await checkSignature(receipt, key) : leaveOpen('not-reached'),
    evidence: checkEvidence(receipt, given),
    hashes: checkHashes(receipt, given.known ?? {}),
    charge: checkCharge(receipt, given.charge),
    inclusion: checkInclusion(receipt, given),
    day: await checkDay(receipt, given),
    chain: checkChain(given),
  }
  return { receipt, steps: RECEIPT_STEPS.map((step) => ({ step, ...verdicts[step] })) }
}

/** Whether nothing speaks against the receipt. Steps that could not be checked are not held against it. */
export function isReceiptRefused({ steps }: VerifiedReceipt): boolean {
  return steps.some(({ verdict }) => verdict === 'refused')
}

function shapeless(step: ReceiptStep['step']): StepVerdict {
  return step === 'shape' ? refuse('receipt-malformed', {}) : leaveOpen('not-reached')
}

/** In a TEE the key is the one in the evidence: the coordinator knows no other. */
function findKey(receipt: AnyReceipt, { runnerKey, evidence }: ReceiptToVerify) {
  const isNamed = receipt.version === 2 && evidence?.accepted?.evidenceDigest === receipt.evidenceDigest
  const stated = isNamed ? fromHex(evidence?.accepted?.statement.signingKey ?? '') : undefined
  if (stated) return { key: stated, from: 'evidence' } as const
  if (runnerKey === undefined) return undefined
  return { key: fromCanonicalBase64Url(runnerKey), from: 'network' } as const
}
