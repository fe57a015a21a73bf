import { type Bytes, fromCanonicalBase64Url, readUtf8 } from '../bytes.ts'
import { parseCertificate } from './der/certificate.ts'
import { parseChain } from './der/certificate-chain.ts'
import { parseRevocationList } from './der/revocation-list.ts'
import { parseEvidence } from './evidence.ts'
import { parseSpdmReport } from './nvidia/spdm-report.ts'
import { parseSignedPolicy } from './policy/policy.ts'
import { parseStatement } from './policy/statement.ts'
import { readStrict, readStrictText } from './read-strict.ts'
import { parseSnpReport } from './snp/report.ts'
import { qeIdentitySchema, tcbInfoSchema, tdxCollateralSchema } from './tdx/collateral.ts'
import { parseTdxQuote } from './tdx/quote.ts'

/** What a parser said of bytes that anybody may have made. It must always say something: no throw, no endless loop. */
export type FuzzVerdict = 'read' | 'refused'

function said(read: unknown): FuzzVerdict {
  return read === undefined ? 'refused' : 'read'
}

/** A TDX quote, and the certificates in it. */
export function fuzzTdxQuote(bytes: Bytes): FuzzVerdict {
  const quote = parseTdxQuote(bytes)
  return quote.ok ? said(parseChain(quote.value.chainPem)) : 'refused'
}

/** A SEV-SNP report. */
export function fuzzSnpReport(bytes: Bytes): FuzzVerdict {
  return parseSnpReport(bytes).ok ? 'read' : 'refused'
}

/** A GPU's report. */
export function fuzzGpuReport(bytes: Bytes): FuzzVerdict {
  return said(parseSpdmReport(bytes))
}

/** TDX collateral as JSON, and every document, chain and list in it. */
export function fuzzTdxCollateral(bytes: Bytes): FuzzVerdict {
  const collateral = readStrict(tdxCollateralSchema, bytes)
  if (!collateral) return 'refused'
  const lists = [collateral.rootCrl, collateral.pckCrl].map((list) => fromCanonicalBase64Url(list))
  const read = [
    readStrictText(tcbInfoSchema, collateral.tcbInfo),
    readStrictText(qeIdentitySchema, collateral.qeIdentity),
    parseChain(collateral.tcbInfoChain),
    parseChain(collateral.qeIdentityChain),
    ...lists.map((list) => list && parseRevocationList(list)),
  ]
  return read.every((part) => part !== undefined) ? 'read' : 'refused'
}

/** A statement. */
export function fuzzStatement(bytes: Bytes): FuzzVerdict {
  return said(parseStatement(bytes))
}

/** A signed policy. */
export function fuzzPolicy(bytes: Bytes): FuzzVerdict {
  return said(parseSignedPolicy(bytes))
}

/** One certificate, as DER. */
export function fuzzCertificate(bytes: Bytes): FuzzVerdict {
  return said(parseCertificate(bytes))
}

/** A revocation list, as DER. */
export function fuzzRevocationList(bytes: Bytes): FuzzVerdict {
  return said(parseRevocationList(bytes))
}

/** A chain of certificates, as PEM. */
export function fuzzChain(bytes: Bytes): FuzzVerdict {
  const text = readUtf8(bytes)
  return text === undefined ? 'refused' : said(parseChain(text))
}

/** Whole evidence as JSON. */
export async function fuzzEvidence(bytes: Bytes): Promise<FuzzVerdict> {
  return (await parseEvidence(bytes)).ok ? 'read' : 'refused'
}
