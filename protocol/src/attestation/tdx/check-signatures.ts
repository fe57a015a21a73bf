import { concatBytes, fromHex, isZero, littleEndian, sameBytes } from '../../bytes.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import { type PublicKey, sha256, verifySignature } from '../signatures.ts'
import type { QeIdentity } from './collateral.ts'
import type { TdxQuote } from './quote.ts'

/** The quoting enclave's report body (SGX REPORT_BODY): where its fields are. */
const QE = {
  miscSelect: [16, 20],
  attributes: [48, 64],
  signer: [128, 160],
  product: 256,
  svn: 258,
  data: 320,
} as const
/** SGX attribute bit of an enclave whose memory can be read. */
const SGX_DEBUG = 0x02

/** What the quoting enclave's report says of its version. */
export type QuotingEnclave = { readonly svn: number }

/**
 * Checks the quote's three signatures from the inside out: the platform's key signed the quoting enclave's report, the
 * report names the attestation key, Intel's identity fits the enclave, and the attestation key signed the quote.
 */
export async function checkQuoteSignatures(
  quote: TdxQuote,
  platformKey: PublicKey,
  identity: QeIdentity,
): Promise<Checked<QuotingEnclave>> {
  const report = quote.qeReport
  if (!(await verifySignature(platformKey, 'ecdsa-sha256', quote.qeSignature, report))) {
    return refuse('qe-report-signature')
  }
  const bound = await sha256(quote.attestationKey, quote.qeAuthentication)
  const data = report.subarray(QE.data)
  if (!sameBytes(data.subarray(0, 32), bound) || !isZero(data.subarray(32))) return refuse('qe-key-binding')
  if (((report[QE.attributes[0]] ?? SGX_DEBUG) & SGX_DEBUG) !== 0) return refuse('qe-debug')
  const product = littleEndian(report.subarray(QE.product, QE.product + 2))
  const svn = littleEndian(report.subarray(QE.svn, QE.svn + 2))
  const inputs = { qeProduct: product, qeSvn: svn }
  const isIntels =
    product === identity.isvprodid &&
    fits(report.subarray(...QE.signer), identity.mrsigner, 'ff'.repeat(32)) &&
    fits(report.subarray(...QE.attributes), identity.attributes, identity.attributesMask) &&
    fits(report.subarray(...QE.miscSelect), identity.miscselect, identity.miscselectMask)
  if (!isIntels) return refuse('qe-identity', inputs)
  const attestationKey = {
    kind: 'P-256',
    point: concatBytes(new Uint8Array([4]), quote.attestationKey),
  } as const
  if (!(await verifySignature(attestationKey, 'ecdsa-sha256', quote.signature, quote.signed))) {
    return refuse('quote-signature', inputs)
  }
  return accept({ svn }, inputs)
}

/** Whether bytes are as expected in every bit of the mask. */
export function fits(bytes: Uint8Array, expectedHex: string, maskHex: string): boolean {
  const expected = fromHex(expectedHex)
  const mask = fromHex(maskHex)
  if (expected?.length !== bytes.length || mask?.length !== bytes.length) return false
  return bytes.every((byte, index) => ((byte ^ (expected[index] ?? 0)) & (mask[index] ?? 0xff)) >>> 0 === 0)
}
