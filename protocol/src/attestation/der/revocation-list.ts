import { type Bytes, sameBytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import { type SignatureKind, verifySignature } from '../signatures.ts'
import { type Certificate, KEY_USAGE, readExtensionList, readSignature } from './certificate.ts'
import { childrenOf, type Der, integerBytesOf, integerOf, readDer, readSequence, TAG, timeOf } from './der.ts'

/** A certificate revocation list (RFC 5280 §5), read strictly. */
export type RevocationList = {
  readonly signed: Bytes
  readonly signatureKind: SignatureKind
  readonly signature: Bytes
  readonly issuer: Bytes
  readonly thisUpdateMs: number
  readonly nextUpdateMs: number
  /** Serial numbers as certificates write them. */
  readonly revoked: ReadonlySet<string>
}

/** Version 2, which the list must state. */
const VERSION_2 = 1
const EXTENSIONS_TAG = 0xa0

/** Reads a list; undefined where it is none, has no next update, or has critical extensions. */
export function parseRevocationList(der: Bytes): RevocationList | undefined {
  const [body, algorithm, signature, ...more] = readSequence(der) ?? []
  const fields = childrenOf(body, TAG.sequence)
  if (!body || !algorithm || !signature || !fields || more.length > 0) return undefined
  const [version, innerAlgorithm, issuer, thisUpdate, nextUpdate, ...rest] = fields
  if (integerOf(version) !== VERSION_2 || !issuer) return undefined
  if (!innerAlgorithm || !sameBytes(innerAlgorithm.raw, algorithm.raw)) return undefined
  const signed = readSignature(algorithm, signature)
  const thisUpdateMs = timeOf(thisUpdate)
  const nextUpdateMs = timeOf(nextUpdate)
  // A list without entries leaves the list of entries out.
  const entries = rest[0]?.tag === TAG.sequence ? rest[0] : undefined
  const revoked = readEntries(entries)
  const isClosed = endsWithExtensions(entries ? rest.slice(1) : rest)
  if (!signed || thisUpdateMs === undefined || nextUpdateMs === undefined || !revoked || !isClosed) {
    return undefined
  }
  return {
    signed: body.raw,
    signatureKind: signed.kind,
    signature: signed.bytes,
    issuer: issuer.raw,
    thisUpdateMs,
    nextUpdateMs,
    revoked,
  }
}

function readEntries(entries: Der | undefined): ReadonlySet<string> | undefined {
  const revoked = new Set<string>()
  if (!entries) return revoked
  const items = childrenOf(entries, TAG.sequence)
  if (!items || items.length === 0) return undefined
  for (const entry of items) {
    const [serial, date, extensions, ...more] = childrenOf(entry, TAG.sequence) ?? []
    const bytes = integerBytesOf(serial)
    if (!bytes || timeOf(date) === undefined || more.length > 0) return undefined
    if (extensions && !hasNothingCritical(extensions)) return undefined
    revoked.add(toHex(bytes))
  }
  return revoked
}

function endsWithExtensions(rest: readonly Der[]): boolean {
  const [wrapped, ...more] = rest
  if (more.length > 0) return false
  if (!wrapped) return true
  const list = wrapped.tag === EXTENSIONS_TAG ? readDer(wrapped.value) : undefined
  return list !== undefined && hasNothingCritical(list)
}

function hasNothingCritical(list: Der): boolean {
  const extensions = readExtensionList(list)
  return extensions !== undefined && [...extensions.values()].every((extension) => !extension.isCritical)
}

/** Checks that a list is there, and is its issuer's, signed, and in date at this moment. */
export async function checkRevocationList(
  der: Bytes,
  issuer: Certificate,
  nowMs: number,
): Promise<Checked<RevocationList>> {
  if (der.length === 0) return refuse('crl-missing')
  const list = parseRevocationList(der)
  if (!list) return refuse('crl-malformed')
  const inputs = {
    crlIssuer: issuer.commonName ?? '',
    crlFrom: new Date(list.thisUpdateMs).toISOString(),
    crlUntil: new Date(list.nextUpdateMs).toISOString(),
    revoked: list.revoked.size,
  }
  const signsLists = ((issuer.keyUsage ?? 0) & KEY_USAGE.crlSign) !== 0
  if (!sameBytes(list.issuer, issuer.subject) || !signsLists) return refuse('crl-issuer', inputs)
  if (!(await verifySignature(issuer.key, list.signatureKind, list.signature, list.signed))) {
    return refuse('crl-signature', inputs)
  }
  if (!(nowMs >= list.thisUpdateMs)) return refuse('crl-not-yet-valid', inputs)
  if (!(nowMs <= list.nextUpdateMs)) return refuse('crl-expired', inputs)
  return accept(list, inputs)
}

/** The first certificate that one of the lists revokes. A list speaks only of what its own issuer issued. */
export function findRevoked(
  certificates: readonly Certificate[],
  lists: readonly RevocationList[],
): Certificate | undefined {
  return certificates.find((certificate) =>
    lists.some((list) => sameBytes(list.issuer, certificate.issuer) && list.revoked.has(certificate.serial)),
  )
}
