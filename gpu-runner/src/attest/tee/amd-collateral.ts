import { chainEndMs, parseChain } from '../../../../protocol/src/attestation/der/certificate-chain.ts'
import { parseRevocationList } from '../../../../protocol/src/attestation/der/revocation-list.ts'
import type { SnpTcb } from '../../../../protocol/src/attestation/policy/policy.ts'
import type { SnpProduct } from '../../../../protocol/src/attestation/roots.ts'
import { isCpuOf, readTcb } from '../../../../protocol/src/attestation/snp/chip-certificate.ts'
import { parseSnpReport } from '../../../../protocol/src/attestation/snp/report.ts'
import { type Bytes, readUtf8, toBase64, toCanonicalBase64Url } from '../../../../protocol/src/bytes.ts'
import { toHex } from '../../../../protocol/src/canonical-json.ts'
import { type FetchDeps, fetchBounded } from './fetch-bounded.ts'
import { type DatedCollateral, type Made, made, notMade } from './tee.ts'

/** AMD's key distribution service (AMD 57230). */
const KDS = 'https://kdsintf.amd.com/vcek/v1'

const DOCUMENT_BYTES_MAX = 65_536
/** How each product is called in a request, and how many bytes of a chip's id. */
const PRODUCTS = {
  genoa: { name: 'Genoa', idBytes: 64 },
  turin: { name: 'Turin', idBytes: 8 },
} as const satisfies Record<SnpProduct, object>

/** The chip that a report comes from, in the version of its firmware that signed. */
export type AmdChip = { readonly product: SnpProduct; readonly chipId: string; readonly tcb: SnpTcb }

/** Reads the chip out of a report. Only products whose reports are judged: Milan is not among them. */
export function amdChipOf(quote: Bytes): Made<AmdChip> {
  const parsed = parseSnpReport(quote)
  if (!parsed.ok) return notMade('quote-malformed')
  const report = parsed.value
  const product = (['genoa', 'turin'] as const).find((one) => isCpuOf(one, report.cpu))
  if (!product) return notMade('processor-not-judged')
  const tcb = readTcb(report.reportedTcb, product)
  const chipId = toHex(report.chipId.subarray(0, PRODUCTS[product].idBytes))
  return tcb ? made({ product, chipId, tcb }) : notMade('quote-malformed')
}

/** Fetches the chip's certificate, its authorities and AMD's list. */
export async function fetchAmdCollateral(
  deps: FetchDeps,
  { product, chipId, tcb }: AmdChip,
): Promise<Made<DatedCollateral>> {
  const base = `${KDS}/${PRODUCTS[product].name}`
  const [leaf, authorities, crl] = await Promise.all([
    fetchBounded(deps, `${base}/${chipId}?${versionsOf(product, tcb)}`, DOCUMENT_BYTES_MAX),
    fetchBounded(deps, `${base}/cert_chain`, DOCUMENT_BYTES_MAX),
    fetchBounded(deps, `${base}/crl`, DOCUMENT_BYTES_MAX),
  ])
  if (!leaf.ok) return notMade(`vcek-${leaf.reason}`)
  if (!authorities.ok) return notMade(`amd-chain-${authorities.reason}`)
  if (!crl.ok) return notMade(`amd-crl-${crl.reason}`)
  const pem = readUtf8(authorities.value.bytes) ?? ''
  const chain = `${writePem(leaf.value.bytes)}${pem.replaceAll('\r\n', '\n').trimEnd()}\n`
  const certificates = parseChain(chain)
  const list = parseRevocationList(crl.value.bytes)
  if (certificates?.length !== 3 || !list) return notMade('collateral-malformed')
  return made({
    collateral: { chain, crl: toCanonicalBase64Url(crl.value.bytes) },
    untilMs: Math.min(list.nextUpdateMs, chainEndMs(certificates)),
  })
}

function versionsOf(product: SnpProduct, tcb: SnpTcb): string {
  const versions = {
    ...(product === 'turin' ? { fmcSPL: tcb.fmc } : {}),
    blSPL: tcb.bootloader,
    teeSPL: tcb.tee,
    snpSPL: tcb.snp,
    ucodeSPL: tcb.microcode,
  }
  return Object.entries(versions)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function writePem(der: Bytes): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
