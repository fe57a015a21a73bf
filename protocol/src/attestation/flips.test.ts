import { expect, test } from 'vitest'
import { type Bytes, readUtf8, toCanonicalBase64Url, utf8 } from '../bytes.ts'
import { seededRandom } from './seeded-random-fixture.ts'
import { flip, snpRequest, tdxRequest } from './verification-fixture.ts'
import { type VerificationRequest, verifyEvidence } from './verify-evidence.ts'

/** Flips of each part in a run of all tests; `SHARNAQA_ALL_FLIPS=1` flips every byte. */
const SAMPLE = 60
const SEED = 20261122
const isWhole = process.env.SHARNAQA_ALL_FLIPS === '1'
const TIMEOUT_MS = isWhole ? 3_600_000 : 60_000

type Part = 'quote' | 'statement' | 'devices'

/** Evidence in which one byte of a part, taken out of its base64url, is another. */
function flipPart(evidence: Bytes, part: Part, at: number, by: number): Bytes {
  const carried: Record<Part, string> = JSON.parse(readUtf8(evidence) ?? '')
  const bytes = new Uint8Array(Buffer.from(carried[part], 'base64url'))
  return utf8(JSON.stringify({ ...carried, [part]: toCanonicalBase64Url(flip(bytes, at, by)) }))
}

function partLength(evidence: Bytes, part: Part): number {
  const carried: Record<Part, string> = JSON.parse(readUtf8(evidence) ?? '')
  return Buffer.from(carried[part], 'base64url').length
}

/** The flips of a part that are let pass. There must be none. */
async function findAccepted(
  request: VerificationRequest,
  length: number,
  flipAt: (at: number, by: number) => Partial<VerificationRequest>,
): Promise<readonly string[]> {
  const random = seededRandom(SEED)
  const accepted: string[] = []
  const count = isWhole ? length : Math.min(SAMPLE, length)
  for (let index = 0; index < count; index += 1) {
    const at = isWhole ? index : Math.floor(random() * length)
    const by = 1 + Math.floor(random() * 255)
    const { document } = await verifyEvidence({ ...request, ...flipAt(at, by) })
    if (document.verdict !== 'refused') accepted.push(`byte ${at} xor ${by}`)
    if (document.reason === 'verifier-fault') accepted.push(`byte ${at} xor ${by}: the verifier failed`)
  }
  return accepted
}

const PARTS: readonly Part[] = ['quote', 'statement', 'devices']

test.each(PARTS)('any changed byte of the %s is refused (TDX)', { timeout: TIMEOUT_MS }, async (part) => {
  const request = await tdxRequest()
  const flipAt = (at: number, by: number) => ({ evidence: flipPart(request.evidence, part, at, by) })
  expect(await findAccepted(request, partLength(request.evidence, part), flipAt)).toEqual([])
})

test.each(PARTS)('any changed byte of the %s is refused (SEV-SNP)', { timeout: TIMEOUT_MS }, async (part) => {
  const request = await snpRequest()
  const flipAt = (at: number, by: number) => ({ evidence: flipPart(request.evidence, part, at, by) })
  expect(await findAccepted(request, partLength(request.evidence, part), flipAt)).toEqual([])
})

const MAKERS = [
  ['TDX', tdxRequest],
  ['SEV-SNP', snpRequest],
] as const

test.each(MAKERS)(
  'any changed byte of the collateral is refused (%s)',
  { timeout: TIMEOUT_MS },
  async (_, make) => {
    const request = await make()
    const text = readUtf8(request.evidence) ?? ''
    const start = text.indexOf('"collateral":') + '"collateral":'.length
    const end = text.indexOf(',"eventLog":')
    const flipAt = (at: number, by: number) => ({ evidence: flip(request.evidence, start + at, by) })
    expect(await findAccepted(request, end - start, flipAt)).toEqual([])
  },
)

test('any changed byte of the signed policy is refused', { timeout: TIMEOUT_MS }, async () => {
  const request = await tdxRequest()
  const flipAt = (at: number, by: number) => ({ policy: flip(request.policy, at, by) })
  expect(await findAccepted(request, request.policy.length, flipAt)).toEqual([])
})
