import { chainEndMs, parseChain } from '../../../../protocol/src/attestation/der/certificate-chain.ts'
import { parseRevocationList } from '../../../../protocol/src/attestation/der/revocation-list.ts'
import { readStrictText } from '../../../../protocol/src/attestation/read-strict.ts'
import { qeIdentitySchema, tcbInfoSchema } from '../../../../protocol/src/attestation/tdx/collateral.ts'
import { readPckPlatform } from '../../../../protocol/src/attestation/tdx/pck-extension.ts'
import { parseTdxQuote } from '../../../../protocol/src/attestation/tdx/quote.ts'
import { type Bytes, readUtf8, toCanonicalBase64Url } from '../../../../protocol/src/bytes.ts'
import { type FetchDeps, fetchBounded } from './fetch-bounded.ts'
import { type DatedCollateral, type Made, made, notMade } from './tee.ts'

/** Intel's provisioning certification service, version 4, and where its root's own list is. */
const PCS = 'https://api.trustedservices.intel.com'
const ROOT_LIST = 'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der'

const DOCUMENT_BYTES_MAX = 131_072
const LIST_BYTES_MAX = 262_144
/** How the authority of a platform's certificate is called in a request, by its common name. */
const AUTHORITIES: Readonly<Record<string, string>> = {
  'Intel SGX PCK Platform CA': 'platform',
  'Intel SGX PCK Processor CA': 'processor',
}

/** The platform that a quote comes from, as Intel's service is asked for it. */
export type IntelPlatform = { readonly fmspc: string; readonly authority: string }

/** Reads the platform out of a quote's certificates. */
export function intelPlatformOf(quote: Bytes): Made<IntelPlatform> {
  const parsed = parseTdxQuote(quote)
  const chain = parsed.ok ? parseChain(parsed.value.chainPem) : undefined
  const platform = chain?.[0] && readPckPlatform(chain[0])
  const authority = AUTHORITIES[chain?.[1]?.commonName ?? '']
  return platform && authority ? made({ fmspc: platform.fmspc, authority }) : notMade('quote-malformed')
}

/** Fetches what a verifier needs of Intel for one platform. */
export async function fetchIntelCollateral(
  deps: FetchDeps,
  { fmspc, authority }: IntelPlatform,
): Promise<Made<DatedCollateral>> {
  const [tcbInfo, qeIdentity, pckCrl, rootCrl] = await Promise.all([
    fetchSigned(deps, `${PCS}/tdx/certification/v4/tcb?fmspc=${fmspc}`, TCB_INFO),
    fetchSigned(deps, `${PCS}/tdx/certification/v4/qe/identity`, QE_IDENTITY),
    fetchBounded(deps, `${PCS}/sgx/certification/v4/pckcrl?ca=${authority}&encoding=der`, LIST_BYTES_MAX),
    fetchBounded(deps, ROOT_LIST, LIST_BYTES_MAX),
  ])
  if (!tcbInfo.ok) return notMade(`tcb-info-${tcbInfo.reason}`)
  if (!qeIdentity.ok) return notMade(`qe-identity-${qeIdentity.reason}`)
  if (!pckCrl.ok) return notMade(`pck-crl-${pckCrl.reason}`)
  if (!rootCrl.ok) return notMade(`root-crl-${rootCrl.reason}`)
  const ends = [
    readStrictText(tcbInfoSchema, tcbInfo.value.text)?.nextUpdate,
    readStrictText(qeIdentitySchema, qeIdentity.value.text)?.nextUpdate,
    parseRevocationList(pckCrl.value.bytes)?.nextUpdateMs,
    parseRevocationList(rootCrl.value.bytes)?.nextUpdateMs,
    chainEndOf(tcbInfo.value.chain),
    chainEndOf(qeIdentity.value.chain),
  ]
  if (!ends.every((end) => end !== undefined)) return notMade('collateral-malformed')
  return made({
    collateral: {
      rootCrl: toCanonicalBase64Url(rootCrl.value.bytes),
      pckCrl: toCanonicalBase64Url(pckCrl.value.bytes),
      tcbInfo: tcbInfo.value.text,
      tcbInfoSignature: tcbInfo.value.signature,
      tcbInfoChain: tcbInfo.value.chain,
      qeIdentity: qeIdentity.value.text,
      qeIdentitySignature: qeIdentity.value.signature,
      qeIdentityChain: qeIdentity.value.chain,
    },
    untilMs: Math.min(...ends),
  })
}

type SignedDocument = { readonly text: string; readonly signature: string; readonly chain: string }
type DocumentKind = { readonly member: string; readonly chainHeader: string }

const TCB_INFO: DocumentKind = { member: 'tcbInfo', chainHeader: 'TCB-Info-Issuer-Chain' }
const QE_IDENTITY: DocumentKind = {
  member: 'enclaveIdentity',
  chainHeader: 'SGX-Enclave-Identity-Issuer-Chain',
}

/** A document is signed as its text stands in the answer: it is cut out, never written anew. */
async function fetchSigned(
  deps: FetchDeps,
  url: string,
  { member, chainHeader }: DocumentKind,
): Promise<Made<SignedDocument>> {
  const fetched = await fetchBounded(deps, url, DOCUMENT_BYTES_MAX)
  if (!fetched.ok) return fetched
  const body = readUtf8(fetched.value.bytes)?.trimEnd() ?? ''
  const head = `{"${member}":`
  const tail = /,"signature":"([0-9a-fA-F]{128})"\}$/.exec(body)
  const chain = decodeChain(fetched.value.headers.get(chainHeader))
  if (!body.startsWith(head) || !tail?.[1] || chain === undefined) return notMade('malformed')
  return made({ text: body.slice(head.length, tail.index), signature: tail[1].toLowerCase(), chain })
}

function decodeChain(header: string | null): string | undefined {
  try {
    return header === null ? undefined : decodeURIComponent(header)
  } catch {
    return undefined // no percent encoding
  }
}

function chainEndOf(pem: string): number | undefined {
  const chain = parseChain(pem)
  return chain && chain.length > 0 ? chainEndMs(chain) : undefined
}
