import type { StepName } from '../../../protocol/src/attestation/reasons.ts'
import type {
  StepReport,
  VerificationDocument,
} from '../../../protocol/src/attestation/verification-document.ts'
import { printable } from '../output.ts'

const WORDS: Readonly<Record<StepName, string>> = {
  input: 'everything can be read, and its format is allowed',
  policy:
    'the policy is signed by enough of the pinned signers, is in force, and is no older than one seen before',
  quote: 'the quote is one of a TEE, whole, with nothing behind it',
  chain: 'its certificates end in the maker’s root',
  revocation: 'none of them was revoked',
  collateral: 'the maker’s word on this platform is signed and in date',
  signature: 'the TEE signed the quote',
  tcb: 'firmware and microcode are up to date',
  attributes: 'debugging is off',
  measurements: 'what runs there is a published image',
  binding: 'the quote speaks of these very keys, now',
  gpu: 'its GPUs are genuine and in confidential mode',
  model: 'it has loaded the model that was asked for',
}
const SIGNS: Readonly<Record<StepReport['verdict'], string>> = {
  passed: '✓',
  refused: '✗',
  skipped: '–',
  unreached: '–',
}

/** A verification document for a person: one line for each step, and why the one that refused did. */
export function documentLines(document: VerificationDocument): readonly string[] {
  const banner = document.isSimulated ? ['SIMULATED: made of software, it proves nothing'] : []
  return [...banner, ...document.steps.map(stepLine)]
}

function stepLine({ step, name, verdict, reason, inputs }: StepReport): string {
  const line = `${SIGNS[verdict]} ${String(step).padStart(2)} ${WORDS[name]}`
  if (verdict === 'refused') return `${line}: ${reason ?? 'refused'}${factsOf(inputs)}`
  return verdict === 'skipped' ? `${line}: not for this hardware` : line
}

function factsOf(inputs: StepReport['inputs']): string {
  const facts = Object.entries(inputs).map(([name, value]) => `${name} ${printable(String(value))}`)
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}
