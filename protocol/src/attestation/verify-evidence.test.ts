import { expect, test } from 'vitest'
import { readUtf8, utf8 } from '../bytes.ts'
import { REASONS, STEPS } from './reasons.ts'
import { makeSimulatedTee, simulateSnpEvidence, simulateTdxEvidence } from './simulated-evidence.ts'
import { startStepLog, verificationDocumentSchema } from './verification-document.ts'
import {
  CHALLENGE,
  DAY_MS,
  HOUR_MS,
  makeStatement,
  NOW_MS,
  snpRequest,
  tdxRequest,
  verdictOf,
} from './verification-fixture.ts'
import { verifyEvidence } from './verify-evidence.ts'

test('an accepted document shows thirteen steps that passed, and until when it holds', async () => {
  const { document, accepted } = await verifyEvidence(await tdxRequest())
  expect(verificationDocumentSchema.parse(document)).toEqual(document)
  expect(document).toMatchObject({ verdict: 'accepted', isSimulated: true, format: 'sim-tdx', policySeq: 1 })
  expect(document.steps.map((step) => step.name)).toEqual([...STEPS])
  expect(document.steps.every((step) => step.verdict === 'passed')).toBe(true)
  // The statement ends first.
  expect(document.untilMs).toBe(NOW_MS + HOUR_MS)
  expect(accepted?.statement.models[0]?.id).toBe('test-model')
})

test('a SEV-SNP document says which step it has no use for', async () => {
  const { document } = await verifyEvidence(await snpRequest())
  expect(verificationDocumentSchema.parse(document)).toEqual(document)
  expect(document.steps.filter((step) => step.verdict === 'skipped').map((step) => step.name)).toEqual([
    'collateral',
  ])
})

test('a refused document shows the step that refused, and none after it', async () => {
  const request = await tdxRequest({ quote: { attributes: '0100001000000000' } })
  const { document, accepted } = await verifyEvidence(request)
  expect(verificationDocumentSchema.parse(document)).toEqual(document)
  expect(accepted).toBeUndefined()
  expect(document).toMatchObject({ verdict: 'refused', reason: 'td-debug', untilMs: null })
  const verdicts = document.steps.map((step) => step.verdict)
  expect(verdicts.slice(0, 8).every((verdict) => verdict === 'passed')).toBe(true)
  expect(verdicts[8]).toBe('refused')
  expect(verdicts.slice(9).every((verdict) => verdict === 'unreached')).toBe(true)
})

test('a document can be written as JSON, whatever the clock was', async () => {
  const { document } = await verifyEvidence(await tdxRequest({ request: { nowMs: Number.NaN } }))
  expect(verificationDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
  expect(document.verifiedAtMs).toBeNull()
})

test('of two faults the earlier step speaks', async () => {
  const both = {
    quote: { attributes: '0100001000000000', mrTd: '61'.repeat(48) },
    statement: { network: 'main' },
  }
  expect(await verdictOf(await tdxRequest(both))).toBe('td-debug')
  const late = await tdxRequest({ ...both, request: { nowMs: NOW_MS + 30 * DAY_MS } })
  expect(await verdictOf(late)).toBe('policy-expired')
})

test('verifier-fault: a fault of the verifier refuses, and is called one', async () => {
  const log = startStepLog()
  await log.run('signature', () => {
    throw new TypeError('no Ed25519 here')
  })
  expect(log.reason()).toBe('verifier-fault')
  expect(log.reports()[6]).toMatchObject({ verdict: 'refused', inputs: { fault: 'TypeError' } })
})

test('every reason belongs to a step', () => {
  const steps = new Set<string>([...STEPS, 'any'])
  expect(Object.values(REASONS).every((step) => steps.has(step))).toBe(true)
  expect(Object.keys(REASONS).every((reason) => /^[a-z]+(-[a-z]+)*$/.test(reason))).toBe(true)
})

const inputs: readonly (readonly [string, string, (text: string) => string])[] = [
  ['evidence-malformed', 'no JSON', () => 'evidence'],
  ['evidence-malformed', 'a member that is unknown', (text) => text.replace('{', '{"more":1,')],
  ['evidence-malformed', 'a member twice', (text) => text.replace('{', '{"version":1,')],
  ['evidence-malformed', 'another version', (text) => text.replace('"version":1', '"version":2')],
  ['evidence-malformed', 'a format that is unknown', (text) => text.replace('"sim-tdx"', '"sgx"')],
  ['format-refused', 'a format that the policy does not list', (text) => text.replace('"sim-tdx"', '"tdx"')],
  [
    'collateral-malformed',
    'collateral of another format',
    (text) => text.replace('"sim-tdx"', '"sim-sev-snp"'),
  ],
  ['evidence-too-large', 'more than a mebibyte', (text) => text + ' '.repeat(1_048_576)],
]
test.each(inputs)('%s: evidence with %s is refused', async (reason, _, change) => {
  const request = await tdxRequest()
  const evidence = utf8(change(readUtf8(request.evidence) ?? ''))
  expect(await verdictOf({ ...request, evidence })).toBe(reason)
})

test('policy-malformed: a policy that cannot be read is refused', async () => {
  const request = await tdxRequest()
  expect(await verdictOf({ ...request, policy: utf8('{}') })).toBe('policy-malformed')
  expect(await verdictOf({ ...request, policy: new Uint8Array(400_000) })).toBe('policy-malformed')
})

test('statement-malformed: a statement that cannot be read is refused', async () => {
  const request = await tdxRequest({ changeStatement: () => utf8('{"version":1}') })
  expect(await verdictOf(request)).toBe('statement-malformed')
})

test('the generator alone makes evidence that its own policy takes', async () => {
  const tee = await makeSimulatedTee(NOW_MS, { gpus: 1 })
  const statement = await makeStatement()
  const run = { statement, nonce: CHALLENGE, nowMs: NOW_MS }
  const request = await tdxRequest({ tee })
  expect(await verdictOf({ ...request, evidence: await simulateTdxEvidence(tee, run) })).toBe('accepted')
  expect(await verdictOf({ ...request, evidence: await simulateSnpEvidence(tee, run) })).toBe('accepted')
  expect(await verdictOf({ ...(await tdxRequest()), evidence: request.evidence })).toBe('chain-root')
})
