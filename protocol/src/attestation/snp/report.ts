import { type Bytes, concatBytes, isZero, littleEndian, littleEndianBits } from '../../bytes.ts'
import { accept, type Checked, refuse } from '../reasons.ts'

/** What a SEV-SNP report says (AMD 56860, table "ATTESTATION_REPORT"). Nothing in it is verified yet. */
export type SnpReport = {
  readonly version: number
  readonly guestPolicy: bigint
  readonly vmpl: number
  readonly platformInfo: number
  readonly reportData: Bytes
  /** Of the whole launch. */
  readonly measurement: Bytes
  /** The version that the signing key was derived for. 8 bytes. */
  readonly reportedTcb: Bytes
  readonly committedTcb: Bytes
  readonly currentTcb: Bytes
  readonly launchTcb: Bytes
  /** Family, model, stepping; undefined in version 2. */
  readonly cpu: { readonly family: number; readonly model: number } | undefined
  readonly chipId: Bytes
  readonly signed: Bytes
  /** r ‖ s, big-endian. */
  readonly signature: Bytes
}

export const SNP_REPORT_BYTES = 1184
const SIGNED_BYTES = 0x2a0
const ECDSA_P384_SHA384 = 1
/** A scalar of P-384 takes 48 of the 72 little-endian bytes that it has. */
const SCALAR_BYTES = 48
const SCALAR_FIELD_BYTES = 72
const OLDEST_VERSION = 2
const NEWEST_VERSION = 5
/** SIGNER_INFO: an author key may be present; the chip's id is not masked; the chip's own key signed; nothing else. */
const AUTHOR_KEY = 0x1

/** Takes a report apart: exact size, versions 2 to 5, signed by the chip's own key, reserved bytes zero. */
export function parseSnpReport(bytes: Bytes): Checked<SnpReport> {
  if (bytes.length !== SNP_REPORT_BYTES) return refuse('report-size', { bytes: bytes.length })
  const field = (from: number, to: number) => bytes.subarray(from, to)
  const number = (from: number, to: number) => littleEndian(field(from, to))
  const version = number(0, 4)
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) return refuse('report-version', { version })
  const signer = number(0x48, 0x4c)
  if ((signer & ~AUTHOR_KEY) !== 0 || number(0x34, 0x38) !== ECDSA_P384_SHA384) {
    return refuse('report-signer', { signer })
  }
  const signature = readSnpSignature(field(SIGNED_BYTES, SNP_REPORT_BYTES))
  if (!signature || !reservedRanges(version).every(([from, to]) => isZero(field(from, to)))) {
    return refuse('report-reserved', { version })
  }
  const cpu = version > 2 ? { family: number(0x188, 0x189), model: number(0x189, 0x18a) } : undefined
  return accept(
    {
      version,
      guestPolicy: littleEndianBits(field(8, 16)),
      vmpl: number(0x30, 0x34),
      platformInfo: number(0x40, 0x46),
      reportData: field(0x50, 0x90),
      measurement: field(0x90, 0xc0),
      reportedTcb: field(0x180, 0x188),
      committedTcb: field(0x1e0, 0x1e8),
      currentTcb: field(0x38, 0x40),
      launchTcb: field(0x1f0, 0x1f8),
      cpu,
      chipId: field(0x1a0, 0x1e0),
      signed: field(0, SIGNED_BYTES),
      signature,
    },
    { version },
  )
}

function reservedRanges(version: number): readonly (readonly [number, number])[] {
  return [
    [0x46, 0x48],
    [0x4c, 0x50],
    [version > 2 ? 0x18b : 0x188, 0x1a0],
    [0x1eb, 0x1ec],
    [0x1ef, 0x1f0],
    [version > 4 ? 0x208 : 0x1f8, SIGNED_BYTES],
  ]
}

function readSnpSignature(bytes: Bytes): Bytes | undefined {
  const scalars = [0, SCALAR_FIELD_BYTES].map((at) => bytes.subarray(at, at + SCALAR_FIELD_BYTES))
  const isPadded = scalars.every((scalar) => isZero(scalar.subarray(SCALAR_BYTES)))
  if (!isPadded || !isZero(bytes.subarray(2 * SCALAR_FIELD_BYTES))) return undefined
  return concatBytes(...scalars.map((scalar) => scalar.slice(0, SCALAR_BYTES).reverse()))
}
