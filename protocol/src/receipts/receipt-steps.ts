import type { ReceiptPathFault } from './receipt-tree.ts'

/** What is checked of a receipt, in this order. */
export const RECEIPT_STEPS = [
  /** It has the members of a receipt, and no others. */
  'shape',
  /** The key belongs to the runner that the receipt names. */
  'runner',
  /** That key signed it. */
  'signature',
  /** The evidence, or the announcement of keys, that a sealed job's receipt names. */
  'evidence',
  /** It speaks of the question and the answer that the caller has. */
  'hashes',
  /** No more was charged than the receipts of the job come to. */
  'charge',
  /** It stands in the tree of its day. */
  'inclusion',
  /** The day's document is signed, and by whom the caller expects. */
  'day',
  /** The root stands on the chain. */
  'chain',
] as const
export type ReceiptStepName = (typeof RECEIPT_STEPS)[number]

/** Why a step did not pass. */
export type ReceiptStepReason =
  | 'receipt-malformed'
  | 'key-malformed'
  | 'wrong-runner'
  | 'bad-signature'
  | 'evidence-refused'
  | 'wrong-evidence'
  | 'wrong-job'
  | 'wrong-model'
  | 'wrong-input'
  | 'wrong-output'
  | 'wrong-price'
  | 'overcharged'
  | ReceiptPathFault
  /** The proof is of another job, or holds no path for this attempt. */
  | 'wrong-proof'
  | 'day-malformed'
  | 'day-signature'
  /** The document is of another day than the one in which the job was made. */
  | 'wrong-day'
  | 'wrong-signer'
  | 'wrong-note'
  /** Pending: the day's tree is not built yet. */
  | 'not-yet'
  /** Pending: no transaction carries the root yet. */
  | 'not-on-chain'
  /** Unknown: the caller gave nothing to check this with. */
  | 'not-given'
  /** Unknown: an earlier step that this one needs did not pass. */
  | 'not-reached'
  /** Unknown: an open job keeps no evidence. */
  | 'not-sealed'
  /** Unknown: a part of the job left no receipt, so its receipts do not explain the whole charge. */
  | 'part-without-receipt'

/**
 * One step: `passed`, `refused` (the receipt, or what was published of it, is not what it says), `pending` (can be checked
 * later) or `unknown` (cannot be checked with what is there). Only `refused` speaks against anybody.
 */
export type ReceiptStep = {
  readonly step: ReceiptStepName
  readonly verdict: 'passed' | 'refused' | 'pending' | 'unknown'
  /** Absent where it passed. */
  readonly reason?: ReceiptStepReason
  /** What was looked at, to be shown. */
  readonly inputs: Readonly<Record<string, string | number>>
}

/** What one check says. */
export type StepVerdict = Omit<ReceiptStep, 'step'>
type Inputs = ReceiptStep['inputs']

export function pass(inputs: Inputs): StepVerdict {
  return { verdict: 'passed', inputs }
}

export function refuse(reason: ReceiptStepReason, inputs: Inputs): StepVerdict {
  return { verdict: 'refused', reason, inputs }
}

export function wait(reason: ReceiptStepReason, inputs: Inputs): StepVerdict {
  return { verdict: 'pending', reason, inputs }
}

export function leaveOpen(reason: ReceiptStepReason, inputs: Inputs = {}): StepVerdict {
  return { verdict: 'unknown', reason, inputs }
}
