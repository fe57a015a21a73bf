import { type Bytes, toBase64, utf8 } from '../../bytes.ts'
import { KEY_USAGE } from '../der/certificate.ts'
import { TAG } from '../der/der.ts'
import {
  bits,
  booleanElement,
  commonName,
  fromKnownHex,
  integer,
  octets,
  oid,
  sequence,
  time,
  writeDer,
} from '../der/der-writer.ts'
import { type SigningKey, signDer } from './signing-keys.ts'

/** What a certificate of the simulation says. */
export type CertificatePlan = {
  readonly subject: string
  readonly issuer: string
  readonly serial: number
  readonly key: SigningKey
  readonly issuerKey: SigningKey
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly isAuthority: boolean
  readonly pathLength?: number
  /** First byte of the key usage; by default what its role needs. `none`: not stated. */
  readonly keyUsage?: number | 'none'
  readonly extensions?: readonly {
    readonly oid: string
    readonly value: Bytes
    readonly critical?: 'critical'
  }[]
}

/** What a revocation list of the simulation says. */
export type RevocationPlan = {
  readonly issuer: string
  readonly issuerKey: SigningKey
  readonly thisUpdateMs: number
  readonly nextUpdateMs: number
  readonly revoked: readonly number[]
}

const ALGORITHMS = {
  'ecdsa-sha256': sequence(oid('1.2.840.10045.4.3.2')),
  'ecdsa-sha384': sequence(oid('1.2.840.10045.4.3.3')),
  // SHA-384, MGF1 with SHA-384, 48 bytes of salt, as AMD writes it.
  'rsa-pss-sha384': fromKnownHex(
    '304606092a864886f70d01010a3039a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d0609608648016503040202' +
      '0500a203020130a303020101',
  ),
} as const

/** Writes an X.509 v3 certificate. */
export async function writeCertificate(plan: CertificatePlan): Promise<Bytes> {
  const algorithm = ALGORITHMS[plan.issuerKey.kind]
  const version = writeDer(0xa0, integer(2))
  const validity = sequence(time(plan.notBeforeMs), time(plan.notAfterMs))
  const body = sequence(
    version,
    integer(plan.serial),
    algorithm,
    commonName(plan.issuer),
    validity,
    commonName(plan.subject),
    plan.key.spki,
    writeDer(0xa3, sequence(...extensionsOf(plan))),
  )
  return sequence(body, algorithm, bits(await signDer(plan.issuerKey, body)))
}

function extensionsOf(plan: CertificatePlan): readonly Bytes[] {
  const { isAuthority, pathLength, keyUsage } = plan
  const usual = isAuthority ? KEY_USAGE.certificateSign | KEY_USAGE.crlSign : KEY_USAGE.digitalSignature
  const usage = keyUsage ?? usual
  const limit = pathLength === undefined ? [] : [integer(pathLength)]
  const constraints = isAuthority ? sequence(booleanElement('true'), ...limit) : sequence()
  const written = [extension('2.5.29.19', constraints, 'critical')]
  if (usage !== 'none') {
    const flags = writeDer(TAG.bitString, new Uint8Array([0, usage]))
    written.push(extension('2.5.29.15', flags, 'critical'))
  }
  return [...written, ...(plan.extensions ?? []).map((one) => extension(one.oid, one.value, one.critical))]
}

function extension(id: string, value: Bytes, critical?: 'critical'): Bytes {
  return critical
    ? sequence(oid(id), booleanElement('true'), octets(value))
    : sequence(oid(id), octets(value))
}

/** Writes a revocation list, version 2. */
export async function writeRevocationList(plan: RevocationPlan): Promise<Bytes> {
  const algorithm = ALGORITHMS[plan.issuerKey.kind]
  const entries = plan.revoked.map((serial) => sequence(integer(serial), time(plan.thisUpdateMs)))
  const body = sequence(
    integer(1),
    algorithm,
    commonName(plan.issuer),
    time(plan.thisUpdateMs),
    time(plan.nextUpdateMs),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    writeDer(0xa0, sequence(extension('2.5.29.20', integer(1)))),
  )
  return sequence(body, algorithm, bits(await signDer(plan.issuerKey, body)))
}

/** Certificates as PEM text, one after the other. */
export function writePem(certificates: readonly Bytes[]): string {
  return certificates
    .map((der) => {
      const lines = toBase64(der).match(/.{1,64}/g) ?? []
      return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
    })
    .join('')
}

/** A PEM chain as bytes. */
export function writePemBytes(certificates: readonly Bytes[]): Bytes {
  return utf8(writePem(certificates))
}
