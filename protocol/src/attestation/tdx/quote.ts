import { type Bytes, isZero, littleEndian } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { accept, type Checked, refuse } from '../reasons.ts'

/** What a TDX quote says of the trust domain (TD report body, Intel TDX DCAP quoting library API, A.3). */
export type TdReport = {
  readonly teeTcbSvn: Bytes
  readonly seamSigner: Bytes
  readonly seamAttributes: Bytes
  readonly attributes: Bytes
  readonly xfam: Bytes
  readonly mrTd: Bytes
  readonly rtmrs: readonly [Bytes, Bytes, Bytes, Bytes]
  readonly reportData: Bytes
  /** Of TDX 1.5: the module that runs now, which may be newer than the one that launched the domain. */
  readonly runningTcbSvn: Bytes | undefined
  /** Of TDX 1.5: zero where no service domain is bound. */
  readonly serviceTd: Bytes | undefined
}

/** A TDX quote, version 4 or 5, taken apart. Nothing in it is verified yet. */
export type TdxQuote = {
  readonly version: number
  /** Header and body: what the attestation key signed. */
  readonly signed: Bytes
  readonly td: TdReport
  readonly signature: Bytes
  /** x ‖ y on P-256. */
  readonly attestationKey: Bytes
  readonly qeReport: Bytes
  readonly qeSignature: Bytes
  readonly qeAuthentication: Bytes
  /** The PEM text that holds the certificates. */
  readonly chainPem: string
}

/** Largest quote that is read. Real ones have 5 KB. */
export const MAX_QUOTE_BYTES = 16_384
const HEADER_BYTES = 48
const TDX = 0x81
const ECDSA_P256 = 2
/** Intel's quoting enclave, `939a7233-f79c-4ca9-940a-0db3957f0607`. */
const INTEL_QE = '939a7233f79c4ca9940a0db3957f0607'
/** Body types of version 5 and their sizes in bytes. */
const BODIES: Readonly<Record<number, number>> = { 2: 584, 3: 648 }
const QE_REPORT_CERTIFICATION = 6
const PCK_CHAIN_CERTIFICATION = 5
const QE_REPORT_BYTES = 384
const SIGNATURE_BYTES = 64

/** Takes a quote apart: TDX only, versions 4 and 5, every length exact, zeros alone after its end. */
export function parseTdxQuote(bytes: Bytes): Checked<TdxQuote> {
  if (bytes.length < HEADER_BYTES + 584 || bytes.length > MAX_QUOTE_BYTES) return refuse('quote-size')
  const header = readerOf(bytes.subarray(0, HEADER_BYTES))
  const version = header.number(2)
  const keyType = header.number(2)
  if (header.number(4) !== TDX) return refuse('quote-not-tdx', { version })
  if (version !== 4 && version !== 5) return refuse('quote-version', { version })
  if (keyType !== ECDSA_P256) return refuse('quote-key-type', { keyType })
  header.take(4)
  if (toHex(header.take(16)) !== INTEL_QE) return refuse('quote-vendor')
  const reader = readerOf(bytes.subarray(HEADER_BYTES))
  const bodyType = version === 5 ? reader.number(2) : 2
  const bodyBytes = version === 5 ? reader.number(4) : BODIES[2]
  if (bodyBytes === undefined || BODIES[bodyType] !== bodyBytes)
    return refuse('quote-body-type', { bodyType })
  const body = reader.take(bodyBytes)
  const signed = bytes.subarray(0, HEADER_BYTES + reader.at())
  const authentication = reader.take(reader.number(4))
  const rest = reader.rest()
  if (reader.isShort()) return refuse('quote-size')
  if (!isZero(rest)) return refuse('quote-trailing-bytes')
  const parts = readAuthentication(authentication)
  if (!parts.ok) return parts
  return accept(
    { version, signed, td: readTd(body), ...parts.value },
    { version, bodyType, quoteBytes: bytes.length },
  )
}

type Authentication = Omit<TdxQuote, 'version' | 'signed' | 'td'>

function readAuthentication(bytes: Bytes): Checked<Authentication> {
  const reader = readerOf(bytes)
  const signature = reader.take(SIGNATURE_BYTES)
  const attestationKey = reader.take(64)
  const outerType = reader.number(2)
  const certification = readerOf(reader.take(reader.number(4)))
  const qeReport = certification.take(QE_REPORT_BYTES)
  const qeSignature = certification.take(SIGNATURE_BYTES)
  const qeAuthentication = certification.take(certification.number(2))
  const innerType = certification.number(2)
  const chain = certification.take(certification.number(4))
  if (reader.isShort() || certification.isShort()) return refuse('quote-size')
  if (reader.rest().length > 0 || certification.rest().length > 0) return refuse('quote-trailing-bytes')
  if (outerType !== QE_REPORT_CERTIFICATION || innerType !== PCK_CHAIN_CERTIFICATION) {
    return refuse('quote-certification', { outerType, innerType })
  }
  // Intel ends the text with one zero byte after its last line feed.
  const text = chain.at(-1) === 0 && chain.at(-2) === 0x0a ? chain.subarray(0, -1) : chain
  const chainPem = new TextDecoder('latin1').decode(text)
  return accept({ signature, attestationKey, qeReport, qeSignature, qeAuthentication, chainPem })
}

function readTd(body: Bytes): TdReport {
  const field = (at: number, length: number) => body.subarray(at, at + length)
  const isTd15 = body.length === BODIES[3]
  return {
    teeTcbSvn: field(0, 16),
    seamSigner: field(64, 48),
    seamAttributes: field(112, 8),
    attributes: field(120, 8),
    xfam: field(128, 8),
    mrTd: field(136, 48),
    rtmrs: [field(328, 48), field(376, 48), field(424, 48), field(472, 48)],
    reportData: field(520, 64),
    runningTcbSvn: isTd15 ? field(584, 16) : undefined,
    serviceTd: isTd15 ? field(600, 48) : undefined,
  }
}

/** Reads bytes in order. Past the end it gives what there is and remembers that something was missing. */
function readerOf(bytes: Bytes) {
  let position = 0
  let missing = false
  const take = (length: number): Bytes => {
    const taken = bytes.subarray(position, position + length)
    position += taken.length
    missing ||= taken.length < length
    return taken
  }
  return {
    take,
    number: (length: number) => littleEndian(take(length)),
    at: () => position,
    rest: () => take(bytes.length - position),
    isShort: () => missing,
  }
}
