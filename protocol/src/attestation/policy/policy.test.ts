import { expect, test } from 'vitest'
import { readUtf8, toCanonicalBase64Url, utf8 } from '../../bytes.ts'
import { canonicalJson, toHex } from '../../canonical-json.ts'
import { sha256Of } from '../signatures.ts'
import {
  type Changes,
  DAY_MS,
  makePolicy,
  NOW_MS,
  sharedSigners,
  sharedTee,
  tdxRequest,
  tdxVerdict,
  verdictOf,
} from '../verification-fixture.ts'
import { parseSignedPolicy, policySchema } from './policy.ts'
import { signPolicy } from './sign-policy.ts'

/** What is said under a policy that these of the three signers signed. */
async function verdictSignedBy(...indices: readonly number[]): Promise<string> {
  const signers = await sharedSigners()
  const chosen = indices.flatMap((index) => signers[index] ?? [])
  return verdictOf({ ...(await tdxRequest()), policy: await signPolicy(await makePolicy({}), chosen) })
}

test('policy-signatures: two of three signers make a policy, one does not, nor one who signs twice', async () => {
  expect(await verdictSignedBy(0, 2)).toBe('accepted')
  expect(await verdictSignedBy(0, 1, 2)).toBe('accepted')
  expect(await verdictSignedBy(1)).toBe('policy-signatures')
  expect(await verdictSignedBy(1, 1)).toBe('policy-signatures')
})

test('policy-signatures: a policy of other signers is refused', async () => {
  const request = await tdxRequest()
  const stranger = { ...request.pins, signers: ['11'.repeat(32), '22'.repeat(32)] }
  expect(await verdictOf({ ...request, pins: stranger })).toBe('policy-signatures')
})

test('policy-signatures: a policy that was changed after it was signed is refused', async () => {
  const request = await tdxRequest()
  const carried: { policy: string; signatures: unknown } = JSON.parse(readUtf8(request.policy) ?? '')
  const changed = utf8(canonicalJson(await makePolicy({ policy: { minTcbEvaluationNumber: 0 } })))
  const policy = utf8(JSON.stringify({ ...carried, policy: toCanonicalBase64Url(changed) }))
  expect(await verdictOf({ ...request, policy })).toBe('policy-signatures')
})

const thresholds: readonly number[] = [0, -1, 4, 1.5, Number.NaN]
test.each(thresholds)('pins-malformed: pins with a threshold of %d are refused', async (threshold) => {
  expect(await tdxVerdict({ pins: { threshold } })).toBe('pins-malformed')
})

test('pins-malformed: a pinned signer named twice counts once', async () => {
  const [signer] = await sharedSigners()
  const key = toHex(signer?.publicKey ?? new Uint8Array())
  expect(await tdxVerdict({ pins: { signers: [key, key], threshold: 2 } })).toBe('pins-malformed')
})

const clocks: readonly (readonly [string, string, number])[] = [
  ['clock-refused', 'NaN', Number.NaN],
  ['clock-refused', 'infinite', Number.POSITIVE_INFINITY],
  ['clock-refused', 'zero', 0],
  ['clock-refused', 'a fraction of a millisecond', NOW_MS + 0.5],
  ['clock-refused', 'in the next century', Date.UTC(2101, 0)],
  ['policy-expired', 'a month late', NOW_MS + 30 * DAY_MS],
  ['policy-not-yet-valid', 'a month early', NOW_MS - 30 * DAY_MS],
]
test.each(clocks)('%s: a clock that is %s is refused', async (reason, _, nowMs) => {
  expect(await tdxVerdict({ request: { nowMs } })).toBe(reason)
})

const policies: readonly (readonly [string, string, Changes])[] = [
  ['policy-network', 'of another network', { pins: { network: 'sim-other' } }],
  ['policy-window', 'for more than seven days', { policy: { expiresAtMs: NOW_MS + 7 * DAY_MS } }],
  ['policy-window', 'that ends before it begins', { policy: { expiresAtMs: NOW_MS - 2 * DAY_MS } }],
  ['policy-rolled-back', 'older than the program takes', { pins: { minSeq: 2 } }],
  ['policy-rolled-back', 'older than the one seen', { pins: { seen: { seq: 2, digest: '00'.repeat(32) } } }],
  [
    'policy-forked',
    'of the same number as the one seen',
    { pins: { seen: { seq: 1, digest: '11'.repeat(32) } } },
  ],
  [
    'policy-forked',
    'that follows another than the one seen',
    { policy: { seq: 8 }, pins: { seen: { seq: 7, digest: '11'.repeat(32) } } },
  ],
]
test.each(policies)('%s: a policy %s is refused', async (reason, _, changes) => {
  expect(await tdxVerdict(changes)).toBe(reason)
})

test('the policy after the one seen, the same one, and a much later one are accepted', async () => {
  const digest = await sha256Of(utf8(canonicalJson(await makePolicy({}))))
  expect(await tdxVerdict({ pins: { seen: { seq: 1, digest } } })).toBe('accepted')
  const next = { policy: { seq: 2, prev: digest }, pins: { seen: { seq: 1, digest } } }
  expect(await tdxVerdict(next)).toBe('accepted')
  expect(await tdxVerdict({ ...next, policy: { seq: 9 } })).toBe('accepted')
})

test('format-refused: simulated evidence is refused by a production policy', async () => {
  const { simulatedRoots: _, ...policy } = await makePolicy({ policy: { network: 'main', formats: ['tdx'] } })
  const signers = await sharedSigners()
  const request = await tdxRequest({ pins: { network: 'main' } })
  const production = await signPolicy(policy, signers)
  expect(await verdictOf({ ...request, policy: production })).toBe('format-refused')
})

test('simulation-refused: simulated evidence is refused by a build that allows no simulation', async () => {
  expect(await tdxVerdict({ request: { simulation: 'refused' } })).toBe('simulation-refused')
})

test('chain-root: simulated evidence that says it is real ends in no pinned root', async () => {
  const request = await tdxRequest({ policy: { formats: ['tdx', 'sim-tdx'] } })
  const text = readUtf8(request.evidence)?.replace('"sim-tdx"', '"tdx"') ?? ''
  expect(await verdictOf({ ...request, evidence: utf8(text) })).toBe('chain-root')
})

test('chain-root: simulated evidence is refused without its own roots', async () => {
  const policy = await makePolicy({})
  const { simulatedRoots: _, ...rootless } = policy
  const signers = await sharedSigners()
  const request = await tdxRequest()
  expect(await verdictOf({ ...request, policy: await signPolicy(rootless, signers) })).toBe('chain-root')
  const { pki } = await sharedTee()
  const roots = { intel: pki.rootDigest.replace(/^../, '00'), nvidia: '00'.repeat(32) }
  expect(await tdxVerdict({ policy: { simulatedRoots: roots } })).toBe('chain-root')
})

test('policy-simulated: a production network cannot take simulated formats or roots, whoever signs that', async () => {
  const pins = { network: 'main' }
  expect(await tdxVerdict({ policy: { network: 'main' }, pins })).toBe('simulation-refused')
  // With a real format the policy gets as far as its own check.
  const request = await tdxRequest({ policy: { network: 'main', formats: ['tdx', 'sim-tdx'] }, pins })
  const text = readUtf8(request.evidence)?.replace('"sim-tdx"', '"tdx"') ?? ''
  expect(await verdictOf({ ...request, evidence: utf8(text) })).toBe('policy-simulated')
})

test('a policy is read with its own members only, each of them once', async () => {
  const signers = await sharedSigners()
  const policy = await makePolicy({})
  const document = await signPolicy(policy, signers)
  expect(parseSignedPolicy(document)?.policy).toEqual(policy)
  const carry = (text: string) =>
    parseSignedPolicy(
      utf8(
        JSON.stringify({ ...JSON.parse(readUtf8(document) ?? ''), policy: toCanonicalBase64Url(utf8(text)) }),
      ),
    )
  const text = canonicalJson(policy)
  expect(carry(text)).toBeDefined()
  expect(carry(text.replace('{', '{"more":1,'))).toBeUndefined()
  expect(carry(text.replace('{', '{"seq":1,'))).toBeUndefined()
  expect(carry(text.replace('"seq":1', '"seq":1.0'))).toBeUndefined()
})

test('a policy allows no status for ever, and neither UpToDate nor Revoked as an exception', async () => {
  const policy = await makePolicy({})
  const allow = (status: string) =>
    policySchema.safeParse({ ...policy, allowedTcb: [{ status, advisories: [], untilMs: NOW_MS }] }).success
  expect(allow('OutOfDate')).toBe(true)
  expect(allow('UpToDate')).toBe(false)
  expect(allow('Revoked')).toBe(false)
  expect(allow('Splendid')).toBe(false)
})
