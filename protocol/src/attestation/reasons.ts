/** The thirteen steps of judging evidence, in the order in which they run. */
export const STEPS = [
  'input',
  'policy',
  'quote',
  'chain',
  'revocation',
  'collateral',
  'signature',
  'tcb',
  'attributes',
  'measurements',
  'binding',
  'gpu',
  'model',
] as const
export type StepName = (typeof STEPS)[number]

/**
 * Every reason for which evidence is refused, and the step that says it. Codes are stable: pages and SDKs translate
 * them. `any`: the verifier itself failed; evidence that it could not judge is refused.
 */
export const REASONS = {
  'evidence-too-large': 'input',
  'evidence-malformed': 'input',
  'collateral-malformed': 'input',
  'statement-malformed': 'input',
  'policy-malformed': 'input',
  'format-refused': 'input',
  'simulation-refused': 'input',

  'clock-refused': 'policy',
  'pins-malformed': 'policy',
  'policy-signatures': 'policy',
  'policy-network': 'policy',
  'policy-simulated': 'policy',
  'policy-window': 'policy',
  'policy-not-yet-valid': 'policy',
  'policy-expired': 'policy',
  'policy-rolled-back': 'policy',
  'policy-forked': 'policy',

  'quote-size': 'quote',
  'quote-not-tdx': 'quote',
  'quote-version': 'quote',
  'quote-key-type': 'quote',
  'quote-vendor': 'quote',
  'quote-body-type': 'quote',
  'quote-certification': 'quote',
  'quote-trailing-bytes': 'quote',
  'report-size': 'quote',
  'report-version': 'quote',
  'report-signer': 'quote',
  'report-reserved': 'quote',

  'chain-malformed': 'chain',
  'chain-length': 'chain',
  'chain-root': 'chain',
  'chain-name': 'chain',
  'chain-time': 'chain',
  'chain-authority': 'chain',
  'chain-path-length': 'chain',
  'chain-key-usage': 'chain',
  'chain-signature': 'chain',
  'pck-extension': 'chain',
  'snp-product': 'chain',

  'crl-missing': 'revocation',
  'crl-malformed': 'revocation',
  'crl-issuer': 'revocation',
  'crl-signature': 'revocation',
  'crl-not-yet-valid': 'revocation',
  'crl-expired': 'revocation',
  'certificate-revoked': 'revocation',

  'tcb-info-chain': 'collateral',
  'tcb-info-signature': 'collateral',
  'tcb-info-malformed': 'collateral',
  'tcb-info-not-yet-valid': 'collateral',
  'tcb-info-expired': 'collateral',
  'tcb-info-rolled-back': 'collateral',
  'qe-identity-chain': 'collateral',
  'qe-identity-signature': 'collateral',
  'qe-identity-malformed': 'collateral',
  'qe-identity-not-yet-valid': 'collateral',
  'qe-identity-expired': 'collateral',
  'qe-identity-rolled-back': 'collateral',

  'qe-report-signature': 'signature',
  'qe-key-binding': 'signature',
  'qe-debug': 'signature',
  'qe-identity': 'signature',
  'quote-signature': 'signature',
  'report-signature': 'signature',

  'tcb-fmspc': 'tcb',
  'tcb-pceid': 'tcb',
  'tcb-no-level': 'tcb',
  'tcb-qe-no-level': 'tcb',
  'tcb-status-unknown': 'tcb',
  'tcb-status': 'tcb',
  'tdx-module-unknown': 'tcb',
  'tdx-module-no-level': 'tcb',
  'tdx-module-signer': 'tcb',
  'tdx-module-attributes': 'tcb',
  'snp-chip': 'tcb',
  'snp-certificate-tcb': 'tcb',
  'snp-tcb': 'tcb',

  'td-debug': 'attributes',
  'td-sept-ve': 'attributes',
  'td-reserved': 'attributes',
  'td-xfam': 'attributes',
  'td-service': 'attributes',
  'guest-debug': 'attributes',
  'guest-migration': 'attributes',
  'guest-policy': 'attributes',
  'guest-vmpl': 'attributes',
  'guest-platform': 'attributes',

  'hardware-profile': 'measurements',
  release: 'measurements',
  image: 'measurements',
  'event-log': 'measurements',
  'event-replay': 'measurements',

  'challenge-malformed': 'binding',
  'beacon-unknown': 'binding',
  'beacon-stale': 'binding',
  'beacon-future': 'binding',
  'report-data': 'binding',
  'statement-network': 'binding',
  'runner-id': 'binding',
  'statement-window': 'binding',
  'statement-not-yet-valid': 'binding',
  'statement-expired': 'binding',
  'runner-revoked': 'binding',
  'platform-revoked': 'binding',
  'platform-unregistered': 'binding',

  'gpu-malformed': 'gpu',
  'gpu-count': 'gpu',
  'gpu-devtools': 'gpu',
  'gpu-chain': 'gpu',
  'gpu-revoked': 'gpu',
  'gpu-signature': 'gpu',
  'gpu-nonce': 'gpu',
  'gpu-firmware-id': 'gpu',
  'gpu-profile': 'gpu',
  'gpu-mode': 'gpu',
  'gpu-measurement-count': 'gpu',
  'gpu-measurement': 'gpu',
  'gpu-repeated': 'gpu',

  'model-missing': 'model',
  'model-manifest': 'model',

  'verifier-fault': 'any',
} as const satisfies Record<string, StepName | 'any'>
export type ReasonCode = keyof typeof REASONS

/** What a step was given, for the person who reads the document. Never prompts or keys. */
export type StepInputs = Readonly<Record<string, string | number>>

/** The outcome of one check: its value, or the first reason against it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly inputs: StepInputs }
  | { readonly ok: false; readonly reason: ReasonCode; readonly inputs: StepInputs }

/** Says that a check holds, and of what. */
export function accept<T>(value: T, inputs: StepInputs = {}): Checked<T> {
  return { ok: true, value, inputs }
}

/** Says why a check does not hold, and of what. */
export function refuse(reason: ReasonCode, inputs: StepInputs = {}): Checked<never> {
  return { ok: false, reason, inputs }
}
