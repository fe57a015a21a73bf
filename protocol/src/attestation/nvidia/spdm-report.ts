import { type Bytes, isZero, littleEndian } from '../../bytes.ts'

/** An NVIDIA GPU's measurement report (SPDM 1.1, DMTF DSP0274): the request, then the response. Not verified yet. */
export type SpdmReport = {
  readonly nonce: Bytes
  /** Measured digests by index. */
  readonly measurements: ReadonlyMap<number, Bytes>
  readonly driver: string | undefined
  readonly vbios: Bytes | undefined
  readonly firmwareId: Bytes | undefined
  readonly mode: GpuMode | undefined
  /** The request and the response without its signature: what the GPU signed. */
  readonly signed: Bytes
  /** r ‖ s. */
  readonly signature: Bytes
}

/** How a GPU may be shared, by the firmware's feature flag. */
export type GpuMode = 'single' | 'multiple' | 'protected-pcie' | 'unstated'

/** Largest report that is read. Real ones have 4 KB. */
export const MAX_GPU_REPORT_BYTES = 16_384
const REQUEST_BYTES = 37
const SIGNATURE_BYTES = 96
/** SPDM 1.1, GET_MEASUREMENTS with a signature, all of them. Then the nonce, and slot 0. */
const REQUEST_HEAD = [0x11, 0xe0, 0x01, 0xff] as const
const RESPONSE_HEAD = [0x11, 0x60] as const
const DMTF_SPECIFICATION = 1
const DIGEST_BYTES = 48
/** Types of opaque data (NVIDIA attestation SDK, gpu_opaque_data_parser). */
const OPAQUE = { driver: 3, vbios: 6, firmwareId: 20, featureFlag: 36 } as const
const MODES: Readonly<Record<number, GpuMode>> = { 0: 'multiple', 1: 'single', 2: 'protected-pcie' }

/** Takes a report apart; undefined where a length does not fit, or an index or a type is there twice. */
export function parseSpdmReport(bytes: Bytes): SpdmReport | undefined {
  if (bytes.length < REQUEST_BYTES + SIGNATURE_BYTES || bytes.length > MAX_GPU_REPORT_BYTES) return undefined
  const request = bytes.subarray(0, REQUEST_BYTES)
  const response = bytes.subarray(REQUEST_BYTES)
  if (!REQUEST_HEAD.every((byte, index) => request[index] === byte) || request[REQUEST_BYTES - 1] !== 0) {
    return undefined
  }
  if (!RESPONSE_HEAD.every((byte, index) => response[index] === byte)) return undefined
  const recordEnd = 8 + littleEndian(response.subarray(5, 8))
  const opaqueStart = recordEnd + 32 + 2
  const opaqueEnd = opaqueStart + littleEndian(response.subarray(recordEnd + 32, opaqueStart))
  if (opaqueEnd + SIGNATURE_BYTES !== response.length) return undefined
  const measurements = readMeasurements(response.subarray(8, recordEnd), response[4] ?? 0)
  const opaque = readOpaque(response.subarray(opaqueStart, opaqueEnd))
  if (!measurements || !opaque) return undefined
  return {
    nonce: request.subarray(4, 36),
    measurements,
    driver: readZeroEnded(opaque.get(OPAQUE.driver)),
    vbios: opaque.get(OPAQUE.vbios),
    firmwareId: opaque.get(OPAQUE.firmwareId),
    mode: readMode(opaque.get(OPAQUE.featureFlag)),
    signed: bytes.subarray(0, -SIGNATURE_BYTES),
    signature: bytes.subarray(-SIGNATURE_BYTES),
  }
}

function readMeasurements(record: Bytes, blocks: number): ReadonlyMap<number, Bytes> | undefined {
  const measurements = new Map<number, Bytes>()
  let at = 0
  while (at < record.length) {
    const index = record[at] ?? 0
    const size = littleEndian(record.subarray(at + 2, at + 4))
    const valueSize = littleEndian(record.subarray(at + 5, at + 7))
    const value = record.subarray(at + 7, at + 7 + valueSize)
    const isDigest =
      record[at + 1] === DMTF_SPECIFICATION && valueSize === DIGEST_BYTES && size === valueSize + 3
    if (!isDigest || value.length !== valueSize || index === 0 || measurements.has(index)) return undefined
    measurements.set(index, value)
    at += 4 + size
  }
  return measurements.size === blocks ? measurements : undefined
}

function readOpaque(bytes: Bytes): ReadonlyMap<number, Bytes> | undefined {
  const fields = new Map<number, Bytes>()
  let at = 0
  while (at < bytes.length) {
    const type = littleEndian(bytes.subarray(at, at + 2))
    const size = littleEndian(bytes.subarray(at + 2, at + 4))
    const value = bytes.subarray(at + 4, at + 4 + size)
    if (at + 4 > bytes.length || value.length !== size || fields.has(type)) return undefined
    fields.set(type, value)
    at += 4 + size
  }
  return fields
}

function readZeroEnded(bytes: Bytes | undefined): string | undefined {
  const end = bytes?.indexOf(0) ?? -1
  if (!bytes || end < 1 || end > 64 || !isZero(bytes.subarray(end))) return undefined
  const text = String.fromCharCode(...bytes.subarray(0, end))
  return /^[ -~]+$/.test(text) ? text : undefined
}

function readMode(flag: Bytes | undefined): GpuMode | undefined {
  if (!flag) return 'unstated'
  return flag.length <= 4 ? MODES[littleEndian(flag)] : undefined
}
