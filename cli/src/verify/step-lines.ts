import type {
  ReceiptStep,
  ReceiptStepName,
  ReceiptStepReason,
} from '../../../protocol/src/receipts/receipt-steps.ts'
import { printable } from '../output.ts'

const SIGNS: Readonly<Record<ReceiptStep['verdict'], string>> = {
  passed: '✓',
  refused: '✗',
  pending: '…',
  unknown: '–',
}

/** What each step found where it passed. */
const PASSED: Readonly<Record<ReceiptStepName, string>> = {
  shape: 'it is a receipt',
  runner: 'the key belongs to the runner that it names',
  signature: 'that runner signed it',
  evidence: 'the runner showed evidence that passes here, now',
  hashes: 'it speaks of the job that was asked about',
  charge: 'no more was charged than the receipts come to',
  inclusion: 'it stands in the tree of its day',
  day: 'the day’s root is signed by the network',
  chain: 'the chain carries that root',
}
const CHECKED: Readonly<Record<ReceiptStepName, string>> = {
  shape: 'its shape',
  runner: 'the runner’s key',
  signature: 'the signature',
  evidence: 'the evidence',
  hashes: 'what it speaks of',
  charge: 'the charge',
  inclusion: 'the tree of its day',
  day: 'the day’s root',
  chain: 'the chain',
}
const WHY: Readonly<Partial<Record<ReceiptStepReason, string>>> = {
  'not-given': 'nothing to check it with',
  'not-reached': 'an earlier step did not pass',
  'not-sealed': 'an open job keeps none',
  'not-yet': 'the day’s tree is built after midnight, UTC',
  'not-on-chain': 'no transaction carries it yet',
  'part-without-receipt': 'a part of the job left no receipt',
  overcharged: 'more was charged than the receipts come to',
  'bad-signature': 'the signature is not this runner’s: the receipt was changed, or made by somebody else',
  'wrong-runner': 'the key is another runner’s',
  'evidence-refused': 'the evidence does not pass here',
}

/** Every step for a person. `aboutEvidence`: why evidence was refused, or not judged, where that is known. */
export function stepLines(steps: readonly ReceiptStep[], aboutEvidence?: string): readonly string[] {
  return steps.map((step) => `${SIGNS[step.verdict]} ${sentenceOf(step, aboutEvidence)}`)
}

function sentenceOf({ step, verdict, reason, inputs }: ReceiptStep, aboutEvidence?: string): string {
  if (verdict === 'passed') {
    const isSimulated = step === 'evidence' && inputs.isSimulated === 'true'
    return `${PASSED[step]}${isSimulated ? ' (SIMULATED: it proves nothing)' : ''}`
  }
  const known = reason === undefined ? '' : (WHY[reason] ?? reason)
  const isToldElsewhere = reason === 'not-given' || reason === 'evidence-refused'
  const why = step === 'evidence' && isToldElsewhere && aboutEvidence ? printable(aboutEvidence) : known
  switch (verdict) {
    case 'refused':
      return `${CHECKED[step]}: does not hold, ${why}${factsOf(inputs)}`
    case 'pending':
      return `${CHECKED[step]}: later, ${why}`
    case 'unknown':
      return `${CHECKED[step]}: not checked, ${why}`
    default:
      return verdict satisfies never
  }
}

/** The last line: what all of it comes to. */
export function summaryLine(all: readonly (readonly ReceiptStep[])[]): string {
  const steps = all.flat()
  if (steps.some(({ verdict }) => verdict === 'refused')) return '✗ Something does not hold.'
  const isSigned = steps.every(({ step, verdict }) => step !== 'signature' || verdict === 'passed')
  return isSigned
    ? '✓ Nothing speaks against it; – and … were not checked.'
    : '– Its signature was not checked, so nothing is known. Action: add --api, and the --key of the account'
}

function factsOf(inputs: ReceiptStep['inputs']): string {
  const facts = Object.entries(inputs).map(([name, value]) => `${name} ${printable(String(value))}`)
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}
