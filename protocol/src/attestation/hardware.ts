import { type Bytes, fromCanonicalBase64Url } from '../bytes.ts'
import type { Certificate } from './der/certificate.ts'
import { checkRevocationList, findRevoked, type RevocationList } from './der/revocation-list.ts'
import type { Policy } from './policy/policy.ts'
import type { Statement } from './policy/statement.ts'
import { type Checked, refuse } from './reasons.ts'
import type { TrustRoots } from './roots.ts'
import { sha256Of } from './signatures.ts'
import type { EventLog } from './tdx/event-log.ts'

/** What is said of the hardware, and of what runs on it. */
export type HardwareSubject<Collateral> = {
  readonly quoteBytes: Bytes
  readonly collateral: Collateral
  readonly statement: Statement
  readonly eventLog: EventLog
}

/** By what it is judged. */
export type HardwareRules = { readonly roots: TrustRoots; readonly policy: Policy; readonly nowMs: number }

/** What a TEE's hardware proved, and until when its certificates and lists hold. */
export type ProvenHardware = {
  readonly reportData: Bytes
  /** `platformIdOf` the hardware's own id. */
  readonly platformId: string
  readonly untilMs: number
}

/** The first certificate that a maker's list or the policy revokes. */
export async function findRevokedBy(
  certificates: readonly Certificate[],
  lists: readonly RevocationList[],
  policy: Policy,
): Promise<Certificate | undefined> {
  const revoked = findRevoked(certificates, lists)
  if (revoked) return revoked
  const digests = await Promise.all(certificates.map((certificate) => sha256Of(certificate.der)))
  return certificates[digests.findIndex((digest) => policy.revoked.certificates.includes(digest))]
}

/** Decodes a revocation list and checks it. */
export async function checkCarriedList(
  base64Url: string,
  issuer: Certificate,
  nowMs: number,
): Promise<Checked<RevocationList>> {
  const der = fromCanonicalBase64Url(base64Url)
  return der ? checkRevocationList(der, issuer, nowMs) : refuse('crl-malformed')
}
