import type { JobReason } from '../../../protocol/src/answer.ts'
import type { WordId } from '../words/en.ts'

/** Each reason as a sentence with a way on. A new reason without a sentence does not compile. */
export const REASON_WORDS: Readonly<Record<JobReason, WordId>> = {
  'unknown-model': 'reason-unknown-model',
  'wrong-model-kind': 'reason-wrong-model-kind',
  'no-runner': 'reason-no-runner',
  'no-own-runner': 'reason-no-own-runner',
  'tier-unavailable': 'reason-tier-unavailable',
  'queue-full': 'reason-queue-full',
  'price-too-low': 'reason-price-too-low',
  'insufficient-funds': 'reason-insufficient-funds',
  'key-limit-reached': 'reason-key-limit-reached',
  'context-length-exceeded': 'reason-context-length-exceeded',
  unsupported: 'reason-unsupported',
  'runner-lost': 'reason-runner-lost',
  'engine-failed': 'reason-engine-failed',
  'timed-out': 'reason-timed-out',
  'idempotency-mismatch': 'reason-idempotency-mismatch',
  'idempotency-ended': 'reason-idempotency-ended',
  'coordinator-restarted': 'reason-coordinator-restarted',
  'evidence-refused': 'reason-evidence-refused',
  'key-epoch': 'reason-key-epoch',
  'seal-broken': 'reason-seal-broken',
}
