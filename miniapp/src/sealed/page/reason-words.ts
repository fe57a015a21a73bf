import { REASONS, type ReasonCode } from '../../../../protocol/src/attestation/reasons.ts'
import type { en } from './words/en.ts'

type WordId = keyof typeof en

/** Reasons that a person can do something about, or that say more than their step. */
const SPECIAL: Partial<Record<ReasonCode, WordId>> = {
  'simulation-refused': 'why-simulation-refused',
  'policy-simulated': 'why-simulation-refused',
  'pins-malformed': 'why-pins-malformed',
  'clock-refused': 'why-clock-refused',
  'policy-expired': 'why-policy-expired',
  'policy-rolled-back': 'why-policy-rolled-back',
  'policy-forked': 'why-policy-forked',
  'certificate-revoked': 'why-certificate-revoked',
  'gpu-revoked': 'why-certificate-revoked',
  'runner-revoked': 'why-runner-revoked',
  'platform-revoked': 'why-runner-revoked',
  'td-debug': 'why-debug',
  'guest-debug': 'why-debug',
  'gpu-devtools': 'why-debug',
  'qe-debug': 'why-debug',
  'beacon-unknown': 'why-over',
  'beacon-stale': 'why-over',
  'statement-expired': 'why-over',
}

/** The sentence of a reason for which evidence is refused: its own, or that of its step. */
export function reasonWord(code: ReasonCode): WordId {
  return SPECIAL[code] ?? (`refused-${REASONS[code]}` as const)
}

/** Evidence that is refused for these was not wrong: its hour is over. */
export function isOver(code: ReasonCode | undefined): boolean {
  return code !== undefined && SPECIAL[code] === 'why-over'
}

/** Whether a word is a reason of the verifier. */
export function isReasonCode(why: string): why is ReasonCode {
  return Object.hasOwn(REASONS, why)
}
