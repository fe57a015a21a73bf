import { type Bytes, concatBytes } from '../../bytes.ts'
import { fromKnownHex } from '../der/der-writer.ts'
import { sha256 } from '../signatures.ts'
import { makeSigningKey, type SigningKey, signRaw } from './signing-keys.ts'
import { SIMULATED_QE, SIMULATED_TEE_SVN } from './simulated-collateral.ts'
import type { SimulatedPki } from './simulated-pki.ts'
import { writePemBytes } from './write-certificate.ts'

/** What the simulated domain is. Every part can be another one, to see that it is refused. */
export type QuotePlan = {
  readonly reportData: Bytes
  readonly rtmr3: Uint8Array
  readonly version?: 4 | 5
  readonly bodyType?: 2 | 3
  readonly teeType?: number
  readonly attributes?: string
  readonly xfam?: string
  readonly seamSigner?: string
  readonly seamAttributes?: string
  readonly teeTcbSvn?: string
  readonly runningTcbSvn?: string
  readonly serviceTd?: string
  readonly mrTd?: string
  readonly rtmr0?: string
  readonly rtmr1?: string
  readonly qeAttributes?: string
  /** Certificates from the leaf to the root. */
  readonly chain?: readonly Bytes[]
  /** What signs the quoting enclave's report. */
  readonly platformKey?: SigningKey
}

/** What the simulated machine and image measure. */
export const SIMULATED_MEASUREMENTS = {
  mrTd: '51'.repeat(48),
  rtmr0: '52'.repeat(48),
  rtmr1: '53'.repeat(48),
  rtmr2: '54'.repeat(48),
} as const

const INTEL_QE = '939a7233f79c4ca9940a0db3957f0607'
const QE_AUTHENTICATION = new Uint8Array(32).fill(0x51)

/** A little-endian number of so many bytes. */
export function number(value: number, bytes: number): Bytes {
  return Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256)
}

/** Writes and signs a TDX quote, version 4 (TDX 1.0) by default. */
export async function simulateQuote(pki: SimulatedPki, plan: QuotePlan): Promise<Bytes> {
  const attestation = await makeSigningKey('ecdsa-sha256')
  const point = attestation.point.subarray(1)
  const version = plan.version ?? 4
  const body = bodyOf(plan)
  const header = concatBytes(
    number(version, 2),
    number(2, 2),
    number(plan.teeType ?? 0x81, 4),
    new Uint8Array(4),
    fromKnownHex(INTEL_QE),
    new Uint8Array(20),
  )
  const lead =
    version === 5 ? concatBytes(number(plan.bodyType ?? 2, 2), number(body.length, 4)) : new Uint8Array()
  const signed = concatBytes(header, lead, body)
  const qeReport = await qeReportOf(plan, point)
  const chain = concatBytes(
    writePemBytes(plan.chain ?? [pki.pck.certificate, pki.authority.certificate, pki.root.certificate]),
    new Uint8Array(1),
  )
  const certification = concatBytes(
    qeReport,
    await signRaw(plan.platformKey ?? pki.pck.key, qeReport),
    number(QE_AUTHENTICATION.length, 2),
    QE_AUTHENTICATION,
    number(5, 2),
    number(chain.length, 4),
    chain,
  )
  const authentication = concatBytes(
    await signRaw(attestation, signed),
    point,
    number(6, 2),
    number(certification.length, 4),
    certification,
  )
  return concatBytes(signed, number(authentication.length, 4), authentication)
}

function bodyOf(plan: QuotePlan): Bytes {
  const { minor, major, component } = SIMULATED_TEE_SVN
  const svn = concatBytes(new Uint8Array([minor, major]), new Uint8Array(14).fill(component))
  const known = SIMULATED_MEASUREMENTS
  const teeTcbSvn = plan.teeTcbSvn ? fromKnownHex(plan.teeTcbSvn) : svn
  const body = concatBytes(
    teeTcbSvn,
    new Uint8Array(48).fill(0x5e),
    fromKnownHex(plan.seamSigner ?? '00'.repeat(48)),
    fromKnownHex(plan.seamAttributes ?? '00'.repeat(8)),
    fromKnownHex(plan.attributes ?? '0000001000000000'),
    fromKnownHex(plan.xfam ?? 'e702060000000000'),
    fromKnownHex(plan.mrTd ?? known.mrTd),
    new Uint8Array(144),
    fromKnownHex(plan.rtmr0 ?? known.rtmr0),
    fromKnownHex(plan.rtmr1 ?? known.rtmr1),
    fromKnownHex(known.rtmr2),
    plan.rtmr3,
    plan.reportData,
  )
  if (plan.bodyType !== 3) return body
  const running = plan.runningTcbSvn ? fromKnownHex(plan.runningTcbSvn) : teeTcbSvn
  return concatBytes(body, running, fromKnownHex(plan.serviceTd ?? '00'.repeat(48)))
}

async function qeReportOf(plan: QuotePlan, attestationKey: Bytes): Promise<Bytes> {
  return concatBytes(
    new Uint8Array(48),
    fromKnownHex(plan.qeAttributes ?? '11000000000000000000000000000000'),
    new Uint8Array(64),
    fromKnownHex(SIMULATED_QE.signer),
    new Uint8Array(96),
    number(SIMULATED_QE.product, 2),
    number(SIMULATED_QE.svn, 2),
    new Uint8Array(60),
    await sha256(attestationKey, QE_AUTHENTICATION),
    new Uint8Array(32),
  )
}
