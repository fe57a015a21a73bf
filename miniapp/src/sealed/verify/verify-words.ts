import type {
  ReceiptStep,
  ReceiptStepName,
  ReceiptStepReason,
} from '../../../../protocol/src/receipts/receipt-steps.ts'
import type { en } from './words/en.ts'

type WordId = keyof typeof en

/** What each reason says. A new one without a sentence does not compile; `step`: that of the step says enough. */
const REASONS: Readonly<Record<ReceiptStepReason, WordId | 'step'>> = {
  'receipt-malformed': 'step',
  'key-malformed': 'step',
  'wrong-runner': 'step',
  'bad-signature': 'step',
  'evidence-refused': 'step',
  'wrong-evidence': 'step',
  'wrong-job': 'why-other-job',
  'wrong-model': 'why-other-model',
  'wrong-input': 'why-other-question',
  'wrong-output': 'why-other-answer',
  'wrong-price': 'why-other-price',
  overcharged: 'step',
  'bad-claim': 'step',
  'bad-place': 'step',
  'wrong-length': 'step',
  'bad-step': 'step',
  'wrong-root': 'step',
  'wrong-proof': 'step',
  'day-malformed': 'step',
  'day-signature': 'step',
  'wrong-day': 'step',
  'wrong-signer': 'step',
  'wrong-note': 'step',
  'not-yet': 'later-tree',
  'not-on-chain': 'later-chain',
  'not-given': 'open-not-given',
  'not-reached': 'open-not-reached',
  'not-sealed': 'open-not-sealed',
  'part-without-receipt': 'open-part',
}

/** The sentence of a step as it went. */
export function stepWord({
  step,
  verdict,
  reason,
}: Pick<ReceiptStep, 'step' | 'verdict' | 'reason'>): WordId {
  if (verdict === 'passed' || reason === undefined) return `step-${step}`
  const said = Object.hasOwn(REASONS, reason) ? REASONS[reason] : 'step'
  if (said !== 'step') return said
  return verdict === 'refused' ? `refused-${step}` : 'open-not-given'
}

/** What a step that was not checked leaves open: its own name stands beside it. */
export function titleWord(step: ReceiptStepName): WordId {
  return `step-${step}`
}

/** Every reason, for whoever wants to know that each has its words. */
export const RECEIPT_REASONS = Object.keys(REASONS) as readonly ReceiptStepReason[]
