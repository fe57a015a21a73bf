import { checkPolicy, type PolicyPins } from '../../../protocol/src/attestation/policy/check-policy.ts'
import type { Policy, SignedPolicy } from '../../../protocol/src/attestation/policy/policy.ts'
import { sha256Hex } from '../../../protocol/src/canonical-json.ts'
import { printable } from '../output.ts'

const FORMATS: Readonly<Record<Policy['formats'][number], string>> = {
  tdx: 'Intel TDX',
  'sev-snp': 'AMD SEV-SNP',
  'sim-tdx': 'SIMULATED TDX (proves nothing)',
  'sim-sev-snp': 'SIMULATED SEV-SNP (proves nothing)',
}
const SHOWN_MAX = 20

/** Says in plain words what a policy allows. */
export function explainPolicy(policy: Policy): readonly string[] {
  const { gpu, revoked } = policy
  const gone = revoked.runners.length + revoked.platforms.length + revoked.certificates.length
  return [
    ...(policy.simulatedRoots ? ['!! It takes a SIMULATED TEE. What that shows proves nothing.'] : []),
    `network     ${policy.network}`,
    `number      ${policy.seq}, after ${policy.prev}`,
    `in force    ${moment(policy.issuedAtMs)} to ${moment(policy.expiresAtMs)}`,
    `accepts     ${policy.formats.map((format) => FORMATS[format]).join(', ')}`,
    ...list(
      'image',
      policy.releases.map(({ name, image }) => `${name} ${image}`),
    ),
    ...list(
      'hardware',
      policy.hardware.map(({ name }) => name),
    ),
    `firmware    up to date, Intel evaluation ${policy.minTcbEvaluationNumber} or later`,
    ...list(
      'also',
      policy.allowedTcb.map(
        ({ status, untilMs, advisories }) => `${status} until ${moment(untilMs)}: ${advisories.join(' ')}`,
      ),
    ),
    `GPUs        ${gpu.minCount} to ${gpu.maxCount} for each runner`,
    ...list(
      'GPU',
      gpu.profiles.map(({ name, driver }) => `${name}, driver ${driver}`),
    ),
    gone === 0
      ? 'revoked     nobody'
      : `revoked     ${revoked.runners.length} runners, ${revoked.platforms.length} machines, ${revoked.certificates.length} certificates`,
    `registered  ${policy.platforms.length} machines whose custody somebody checked`,
  ]
}

/** Who signed a policy, and whether this client would take it. */
export async function judgePolicy(signed: SignedPolicy, pins: PolicyPins, nowMs: number) {
  const checked = await checkPolicy(signed, pins, nowMs)
  const digest = await sha256Hex(signed.bytes)
  const signers = [...new Set(signed.signatures.map(({ signer }) => signer))]
  const pinned = signers.filter((signer) => pins.signers.includes(signer))
  return {
    digest,
    signers,
    pinned: pinned.length,
    missing: Math.max(0, pins.threshold - pinned.length),
    refusal: checked.ok ? undefined : checked.reason,
  }
}

export type PolicyJudgement = Awaited<ReturnType<typeof judgePolicy>>

/** The same in lines. */
export function judgementLines(judged: PolicyJudgement, pins: PolicyPins): readonly string[] {
  const { digest, signers, pinned, refusal } = judged
  return [
    `digest      ${digest}`,
    ...list(
      'signed by',
      signers.map((signer) =>
        pins.signers.includes(signer) ? `${signer} (pinned)` : `${signer} (not pinned)`,
      ),
    ),
    refusal === undefined
      ? `✓ accepted: ${pinned} pinned signers, ${pins.threshold} are needed`
      : `✗ refused: ${refusal} (${pinned} pinned signers, ${pins.threshold} are needed)`,
  ]
}

function list(name: string, values: readonly string[]): readonly string[] {
  const shown = values.slice(0, SHOWN_MAX).map((value) => `${name.padEnd(11)} ${printable(value)}`)
  const left = values.length - shown.length
  return left > 0 ? [...shown, `${''.padEnd(11)} and ${left} more`] : shown
}

function moment(ms: number): string {
  // Beyond what a date can hold, a moment has no spelling.
  return ms <= 8.64e15 ? `${new Date(ms).toISOString().slice(0, 16)}Z` : 'the end of time'
}
