import { type Bytes, concatBytes, readUtf8, sameBytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import type { PublicKey, SignatureKind } from '../signatures.ts'
import {
  bitStringOf,
  booleanOf,
  childrenOf,
  type Der,
  integerBytesOf,
  integerOf,
  octetsOf,
  oidOf,
  readDer,
  readSequence,
  TAG,
  timeOf,
} from './der.ts'

/** Bits of key usage (RFC 5280 §4.2.1.3) as the first byte writes them. */
export const KEY_USAGE = { digitalSignature: 0x80, certificateSign: 0x04, crlSign: 0x02 } as const

/** One X.509 v3 certificate (RFC 5280), read strictly. Names are raw DER: two names are equal when their bytes are. */
export type Certificate = {
  readonly der: Bytes
  /** The bytes that were signed. */
  readonly signed: Bytes
  readonly signatureKind: SignatureKind
  readonly signature: Bytes
  /** Hex, without a leading zero byte. */
  readonly serial: string
  readonly issuer: Bytes
  readonly subject: Bytes
  /** The subject's only common name; undefined where there is none, or more than one. */
  readonly commonName: string | undefined
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly key: PublicKey
  readonly isAuthority: boolean
  readonly pathLength: number | undefined
  /** First byte of the key usage; undefined where it is not stated. */
  readonly keyUsage: number | undefined
  /** What each extension holds, by its object identifier. */
  readonly extensions: ReadonlyMap<string, Bytes>
}

type Extension = { readonly value: Bytes; readonly isCritical: boolean }

const OID = {
  ecPublicKey: '1.2.840.10045.2.1',
  rsa: '1.2.840.113549.1.1.1',
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
} as const
const CURVES: Readonly<Record<string, 'P-256' | 'P-384'>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
}
const POINT_BYTES = { 'P-256': 65, 'P-384': 97 } as const
const SIGNATURE_KINDS: Readonly<Record<string, SignatureKind>> = {
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.2.840.113549.1.1.10': 'rsa-pss-sha384',
}
/** Version 3 as the certificate writes it. */
const VERSION_3 = 'a003020102'
const EXTENSIONS_TAG = 0xa3
/** Longest serial number (RFC 5280 §4.1.2.2). */
const MAX_SERIAL_BYTES = 20

/** Reads a certificate; undefined where anything about it is not as RFC 5280 and DER want it. */
export function parseCertificate(der: Bytes): Certificate | undefined {
  const [body, algorithm, signature, ...more] = readSequence(der) ?? []
  const fields = childrenOf(body, TAG.sequence)
  if (!body || !algorithm || !signature || !fields || more.length > 0) return undefined
  const [version, serial, innerAlgorithm, issuer, validity, subject, key, wrapped, ...spare] = fields
  if (!version || toHex(version.raw) !== VERSION_3 || spare.length > 0) return undefined
  // The algorithm outside the signed part must be the one inside it.
  if (!innerAlgorithm || !sameBytes(innerAlgorithm.raw, algorithm.raw)) return undefined
  const [notBefore, notAfter] = childrenOf(validity, TAG.sequence) ?? []
  const parts = {
    serial: integerBytesOf(serial),
    signature: readSignature(algorithm, signature),
    key: key && readPublicKey(key),
    notBeforeMs: timeOf(notBefore),
    notAfterMs: timeOf(notAfter),
    extensions: readExtensions(wrapped),
  }
  const usage = parts.extensions && readUsage(parts.extensions)
  if (!parts.serial || !parts.signature || !parts.key || !parts.extensions || !usage) return undefined
  if (parts.notBeforeMs === undefined || parts.notAfterMs === undefined || !issuer || !subject)
    return undefined
  if (parts.serial.length > MAX_SERIAL_BYTES) return undefined
  const commonNames = readCommonNames(subject)
  if (!commonNames || !readCommonNames(issuer)) return undefined
  return {
    der,
    signed: body.raw,
    signatureKind: parts.signature.kind,
    signature: parts.signature.bytes,
    serial: toHex(parts.serial),
    issuer: issuer.raw,
    subject: subject.raw,
    commonName: commonNames.length === 1 ? commonNames[0] : undefined,
    notBeforeMs: parts.notBeforeMs,
    notAfterMs: parts.notAfterMs,
    key: parts.key,
    ...usage,
    extensions: new Map([...parts.extensions].map(([oid, extension]) => [oid, extension.value])),
  }
}

/** Reads a signature with its algorithm: ECDSA (r ‖ s in the end) or RSA-PSS, and nothing else. */
export function readSignature(
  algorithm: Der,
  signature: Der,
): { readonly kind: SignatureKind; readonly bytes: Bytes } | undefined {
  const kind = SIGNATURE_KINDS[oidOf(childrenOf(algorithm, TAG.sequence)?.[0]) ?? '']
  const bytes = bitStringOf(signature)
  if (!kind || !bytes) return undefined
  if (kind === 'rsa-pss-sha384') return { kind, bytes }
  const scalarBytes = kind === 'ecdsa-sha256' ? 32 : 48
  const [r, s, ...more] = readSequence(bytes) ?? []
  const scalars = [integerBytesOf(r), integerBytesOf(s)].map((scalar) => {
    if (!scalar || scalar.length > scalarBytes) return undefined
    return concatBytes(new Uint8Array(scalarBytes - scalar.length), scalar)
  })
  const [first, second] = scalars
  return first && second && more.length === 0 ? { kind, bytes: concatBytes(first, second) } : undefined
}

function readPublicKey(element: Der): PublicKey | undefined {
  const [algorithm, bits, ...more] = childrenOf(element, TAG.sequence) ?? []
  const [oid, parameter] = childrenOf(algorithm, TAG.sequence) ?? []
  const point = bitStringOf(bits)
  if (!point || more.length > 0) return undefined
  if (oidOf(oid) === OID.rsa) return { kind: 'RSA', spki: element.raw }
  const curve = oidOf(oid) === OID.ecPublicKey ? CURVES[oidOf(parameter) ?? ''] : undefined
  if (!curve || point.length !== POINT_BYTES[curve] || point[0] !== 4) return undefined
  return { kind: curve, point }
}

/** Reads extensions, each at most once. Critical ones that this reader does not judge are refused. */
export function readExtensionList(list: Der | undefined): ReadonlyMap<string, Extension> | undefined {
  const extensions = new Map<string, Extension>()
  const items = childrenOf(list, TAG.sequence)
  if (!items) return undefined
  for (const item of items) {
    const [id, ...rest] = childrenOf(item, TAG.sequence) ?? []
    const isCritical = rest.length === 2 ? booleanOf(rest[0]) : false
    const oid = oidOf(id)
    const value = octetsOf(rest.at(-1))
    if (!oid || !value || isCritical === undefined || rest.length > 2 || extensions.has(oid)) return undefined
    if (isCritical && oid !== OID.keyUsage && oid !== OID.basicConstraints) return undefined
    extensions.set(oid, { value, isCritical })
  }
  return extensions
}

function readExtensions(wrapped: Der | undefined): ReadonlyMap<string, Extension> | undefined {
  if (!wrapped) return new Map()
  const list = wrapped.tag === EXTENSIONS_TAG ? readDer(wrapped.value) : undefined
  return list && readExtensionList(list)
}

function readUsage(
  extensions: ReadonlyMap<string, Extension>,
): Pick<Certificate, 'isAuthority' | 'pathLength' | 'keyUsage'> | undefined {
  const constraints = extensions.get(OID.basicConstraints)?.value
  const parts = constraints ? readSequence(constraints) : []
  const usage = extensions.get(OID.keyUsage)?.value
  const bits = usage && readDer(usage)
  if (!parts || parts.length > 2 || (usage && bits?.tag !== TAG.bitString)) return undefined
  const [authority, length] = parts
  const isAuthority = authority ? booleanOf(authority) : false
  const pathLength = length ? integerOf(length) : undefined
  if (isAuthority === undefined || (length && (pathLength === undefined || !isAuthority))) return undefined
  return { isAuthority, pathLength, keyUsage: usage ? (bits?.value[1] ?? 0) : undefined }
}

function readCommonNames(name: Der): readonly string[] | undefined {
  const sets = childrenOf(name, TAG.sequence)
  if (!sets) return undefined
  const found: string[] = []
  for (const pair of sets.flatMap(
    (set): readonly (Der | undefined)[] => childrenOf(set, TAG.set) ?? [undefined],
  )) {
    const [id, value, ...more] = childrenOf(pair, TAG.sequence) ?? []
    const oid = oidOf(id)
    if (!oid || !value || more.length > 0) return undefined
    if (oid !== OID.commonName) continue
    const isText = value.tag === TAG.utf8String || value.tag === TAG.printableString
    const text = isText ? readUtf8(value.value) : undefined
    if (text === undefined) return undefined
    found.push(text)
  }
  return found
}
