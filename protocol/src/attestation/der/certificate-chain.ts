import { sameBytes } from '../../bytes.ts'
import type { ReasonCode } from '../reasons.ts'
import { sha256Of, verifySignature } from '../signatures.ts'
import { type Certificate, KEY_USAGE, parseCertificate } from './certificate.ts'
import { readPemChain } from './pem.ts'

/** What a chain must be, from the leaf to the root. */
export type ChainRules = {
  /** SHA-256 of the pinned root certificate's DER, hex. The root comes with the evidence and must be this one, byte for byte. */
  readonly rootDigest: string
  /** Exactly so many certificates, the leaf and the root included. */
  readonly length: number
  /** The common names that each certificate may have; undefined: any. */
  readonly names?: readonly (readonly string[] | undefined)[]
}

/** Why a chain does not lead from its leaf to the pinned root. */
export type ChainFault = Extract<ReasonCode, `chain-${string}`>

/** Reads a PEM chain of certificates; undefined where one of them is none. */
export function parseChain(pem: string): readonly Certificate[] | undefined {
  const chain = readPemChain(pem)?.map((der) => parseCertificate(der))
  return chain?.every((certificate) => certificate !== undefined) ? chain : undefined
}

/** Checks a chain at a moment. Gives the first fault, or undefined when it holds. */
export async function findChainFault(
  chain: readonly Certificate[],
  rules: ChainRules,
  nowMs: number,
): Promise<ChainFault | undefined> {
  const root = chain.at(-1)
  if (!root || chain.length !== rules.length) return 'chain-length'
  if ((await sha256Of(root.der)) !== rules.rootDigest) return 'chain-root'
  for (const [index, certificate] of chain.entries()) {
    const names = rules.names?.[index]
    if (names && !names.includes(certificate.commonName ?? '')) return 'chain-name'
    // The root is its own issuer.
    const issuer = chain[index + 1] ?? certificate
    const fault = findLinkFault(certificate, issuer, index, nowMs)
    if (fault) return fault
    // The root is the pinned one byte for byte: its signature over itself says nothing more.
    if (certificate !== root && !(await isSignedBy(certificate, issuer))) return 'chain-signature'
  }
  return undefined
}

function findLinkFault(
  certificate: Certificate,
  issuer: Certificate,
  index: number,
  nowMs: number,
): ChainFault | undefined {
  if (!sameBytes(certificate.issuer, issuer.subject)) return 'chain-name'
  if (!(nowMs >= certificate.notBeforeMs && nowMs <= certificate.notAfterMs)) return 'chain-time'
  if (certificate.isAuthority !== index > 0) return 'chain-authority'
  const usage = certificate.keyUsage
  if (index === 0) {
    // AMD's leaf states no usage. A leaf that states one signs data, and no certificates.
    if (usage === undefined) return undefined
    const signsOnlyData =
      (usage & KEY_USAGE.digitalSignature) !== 0 && (usage & KEY_USAGE.certificateSign) === 0
    return signsOnlyData ? undefined : 'chain-key-usage'
  }
  if (usage === undefined || (usage & KEY_USAGE.certificateSign) === 0) return 'chain-key-usage'
  // Authorities between this one and the leaf.
  return index - 1 > (certificate.pathLength ?? Number.POSITIVE_INFINITY) ? 'chain-path-length' : undefined
}

/** Whether the issuer's key signed this certificate. */
function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  return verifySignature(issuer.key, certificate.signatureKind, certificate.signature, certificate.signed)
}

/** The moment at which the first certificate of a chain ends, Unix ms. */
export function chainEndMs(chain: readonly Certificate[]): number {
  return Math.min(...chain.map((certificate) => certificate.notAfterMs))
}
