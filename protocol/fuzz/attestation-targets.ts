import { evidenceSchema } from '../src/attestation/evidence.ts'
import {
  fuzzCertificate,
  fuzzChain,
  fuzzEvidence,
  fuzzGpuReport,
  fuzzPolicy,
  fuzzRevocationList,
  fuzzSnpReport,
  fuzzStatement,
  fuzzTdxCollateral,
  fuzzTdxQuote,
} from '../src/attestation/fuzz-targets.ts'
import { checkPolicy } from '../src/attestation/policy/check-policy.ts'
import { parseSignedPolicy } from '../src/attestation/policy/policy.ts'
import { writeStatement } from '../src/attestation/policy/statement.ts'
import { simulateGpuReport } from '../src/attestation/simulated/simulated-gpu.ts'
import { writePemBytes, writeRevocationList } from '../src/attestation/simulated/write-certificate.ts'
import {
  makeStatement,
  NOW_MS,
  sharedTee,
  snpRequest,
  tdxRequest,
} from '../src/attestation/verification-fixture.ts'
import { type VerificationRequest, verifyEvidence } from '../src/attestation/verify-evidence.ts'
import { type Bytes, fromCanonicalBase64Url, readUtf8, toCanonicalBase64Url, utf8 } from '../src/bytes.ts'
import { canonicalJson } from '../src/canonical-json.ts'
import type { FuzzTarget, FuzzVerdict } from './fuzz-target.ts'
import { mutate, mutateJson, oneOf, pick, type Random } from './mutate.ts'

/** Every reader of evidence, and the whole verifier. */
export async function makeAttestationTargets(): Promise<readonly FuzzTarget[]> {
  const [tdx, snp] = [await tdxRequest(), await snpRequest()]
  return [...(await makeReaders(tdx, snp)), ...makeVerifiers(tdx, snp)]
}

async function makeReaders(tdx: VerificationRequest, snp: VerificationRequest) {
  const { pki, gpus } = await sharedTee()
  const [gpu] = gpus.gpus
  if (!gpu) throw new Error('the simulated TEE has no GPU')
  const list = await writeRevocationList({
    issuer: pki.root.name,
    issuerKey: pki.root.key,
    thisUpdateMs: NOW_MS,
    nextUpdateMs: NOW_MS + 1000,
    revoked: [1, 2, 300],
  })
  const collateral = utf8(JSON.stringify(carriedOf(tdx).collateral))
  const chain = writePemBytes([pki.pck.certificate, pki.root.certificate])
  return [
    reader('quote', 10, partOf(tdx, 'quote'), fuzzTdxQuote),
    reader('SNP report', 10, partOf(snp, 'quote'), fuzzSnpReport),
    reader('GPU report', 10, await simulateGpuReport(gpu, { nonce: new Uint8Array(32) }), fuzzGpuReport),
    reader('collateral', 6, collateral, fuzzTdxCollateral, mutateJson),
    reader('statement', 10, writeStatement(await makeStatement()), fuzzStatement, mutateJson),
    reader('policy', 8, tdx.policy, fuzzPolicy, mutateJson),
    reader('certificate', 10, pki.pck.certificate, fuzzCertificate),
    reader('revocation list', 10, list, fuzzRevocationList),
    reader('chain', 8, chain, fuzzChain),
    reader('evidence', 5, tdx.evidence, fuzzEvidence, mutateJson),
  ]
}

function reader(
  name: string,
  weight: number,
  sound: Bytes,
  judge: FuzzTarget['judge'],
  also: (sample: Bytes, random: Random) => Bytes = mutate,
): FuzzTarget {
  const make = (random: Random) => (pick(2, random) === 0 ? mutate : also)(sound, random)
  return { name, weight, sound, judge, make }
}

function makeVerifiers(tdx: VerificationRequest, snp: VerificationRequest): readonly FuzzTarget[] {
  return [
    verifier('evidence, verified (TDX)', tdx),
    verifier('evidence, verified (SEV-SNP)', snp),
    {
      name: 'policy, verified',
      weight: 2,
      sound: tdx.policy,
      make: (random) => mutateCarried(tdx.policy, ['policy'], random),
      judge: async (bytes) => {
        const policy = parseSignedPolicy(bytes)
        if (!policy || !(await checkPolicy(policy, tdx.pins, NOW_MS)).ok) return 'refused'
        // Two of three must sign: a broken third signature, or none, changes nothing that is believed.
        return saysTheSame(policy.bytes, parseSignedPolicy(tdx.policy)?.bytes) ? 'read' : 'accepted'
      },
    },
  ]
}

function verifier(name: string, request: VerificationRequest): FuzzTarget {
  return {
    name,
    weight: 1,
    sound: request.evidence,
    make: (random) => mutateEvidence(request.evidence, random),
    judge: async (bytes): Promise<FuzzVerdict> => {
      const { document } = await verifyEvidence({ ...request, evidence: bytes })
      if (document.reason === 'verifier-fault') throw new Error('the verifier failed')
      if (document.verdict === 'refused') return 'refused'
      return isSameJson(bytes, request.evidence) ? 'read' : 'accepted'
    },
  }
}

/** Changes a part inside its base64url, a text of the collateral, or anything at all. */
function mutateEvidence(evidence: Bytes, random: Random): Bytes {
  const kind = pick(8, random)
  if (kind === 0) return mutate(evidence, random)
  if (kind <= 3) return mutateJson(evidence, random)
  return mutateCarried(evidence, ['quote', 'statement', 'devices'], random)
}

/** JSON in which the bytes behind one member are changed. */
export function mutateCarried(document: Bytes, members: readonly string[], random: Random): Bytes {
  const json: Record<string, unknown> = JSON.parse(readUtf8(document) ?? '')
  const name = oneOf(members, random)
  const carried = json[name]
  const bytes = typeof carried === 'string' ? fromCanonicalBase64Url(carried) : undefined
  if (!bytes || pick(4, random) === 0) return mutateJson(document, random)
  return utf8(JSON.stringify({ ...json, [name]: toCanonicalBase64Url(mutate(bytes, random)) }))
}

/** Whether two documents say the same: spaces between members, and their order, are nobody's words. */
export function isSameJson(one: Bytes, other: Bytes): boolean {
  try {
    return canonicalJson(JSON.parse(readUtf8(one) ?? '')) === canonicalJson(JSON.parse(readUtf8(other) ?? ''))
  } catch {
    return false // not JSON at all
  }
}

function saysTheSame(one: Bytes, other: Bytes | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0
}

function carriedOf({ evidence }: VerificationRequest) {
  return evidenceSchema.parse(JSON.parse(readUtf8(evidence) ?? ''))
}

function partOf(request: VerificationRequest, part: 'quote' | 'statement' | 'devices'): Bytes {
  return fromCanonicalBase64Url(carriedOf(request)[part]) ?? new Uint8Array()
}
