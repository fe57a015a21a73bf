import { expect, test } from 'vitest'
import type { Bytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { sha256Of } from '../signatures.ts'
import { makeSigningKey, signText } from '../simulated/signing-keys.ts'
import {
  simulateCollateral,
  simulatedQeIdentity,
  simulatedTcbInfo,
} from '../simulated/simulated-collateral.ts'
import { writePem } from '../simulated/write-certificate.ts'
import { type Changes, DAY_MS, flip, NOW_MS, sharedTee, tdxVerdict } from '../verification-fixture.ts'

test('evidence of a sound platform is accepted, from quotes of version 4 and 5', async () => {
  expect(await tdxVerdict()).toBe('accepted')
  expect(await tdxVerdict({ quote: { version: 5, bodyType: 2 } })).toBe('accepted')
  expect(await tdxVerdict({ quote: { version: 5, bodyType: 3 } })).toBe('accepted')
})

const quotes: readonly (readonly [string, string, Changes])[] = [
  ['quote-not-tdx', 'an SGX quote', { quote: { teeType: 0 } }],
  ['quote-version', 'a quote of version 3', { changeQuote: (quote) => flip(quote, 0, 7) }],
  ['quote-version', 'a quote of version 6', { changeQuote: (quote) => flip(quote, 0, 2) }],
  ['quote-key-type', 'a quote by another kind of key', { changeQuote: (quote) => flip(quote, 2) }],
  ['quote-vendor', 'a quote of another maker', { changeQuote: (quote) => flip(quote, 12) }],
  [
    'quote-body-type',
    'a body of another type',
    { quote: { version: 5 }, changeQuote: (quote) => flip(quote, 48) },
  ],
  [
    'quote-body-type',
    'a body of another size',
    { quote: { version: 5 }, changeQuote: (quote) => flip(quote, 50) },
  ],
  ['quote-trailing-bytes', 'bytes after the end', { changeQuote: (quote) => withByte(quote, 1) }],
  ['quote-size', 'a quote cut short', { changeQuote: (quote) => quote.subarray(0, -1) }],
  ['quote-size', 'a quote cut to its header', { changeQuote: (quote) => quote.subarray(0, 48) }],
  [
    'quote-certification',
    'certificates of another type',
    { changeQuote: (quote) => flip(quote, 48 + 584 + 4 + 128) },
  ],
]

test.each(quotes)('%s: %s is refused', async (reason, _, changes) => {
  expect(await tdxVerdict(changes)).toBe(reason)
})

function withByte(quote: Uint8Array, byte: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...quote, byte])
}

test('zeros after the end are let pass, as real quotes carry them', async () => {
  expect(await tdxVerdict({ changeQuote: (quote) => withByte(quote, 0) })).not.toBe('quote-trailing-bytes')
})

const domains: readonly (readonly [string, string, Changes])[] = [
  ['td-debug', 'a domain that can be debugged', { quote: { attributes: '0100001000000000' } }],
  ['td-sept-ve', 'a domain whose pages can vanish', { quote: { attributes: '0000000000000000' } }],
  ['td-reserved', 'a domain with a reserved attribute', { quote: { attributes: '0000001000000001' } }],
  ['td-reserved', 'a domain with a profiling attribute', { quote: { attributes: '1000001000000000' } }],
  ['td-reserved', 'a domain that can be migrated', { quote: { attributes: '0000003000000000' } }],
  ['td-xfam', 'a domain without SSE', { quote: { xfam: 'e502060000000000' } }],
  ['td-xfam', 'a domain with an unknown feature', { quote: { xfam: 'e702060000000080' } }],
  [
    'td-service',
    'a domain that serves another',
    { quote: { version: 5, bodyType: 3, serviceTd: `01${'00'.repeat(47)}` } },
  ],
  ['qe-debug', 'a quoting enclave that can be debugged', { quote: { qeAttributes: `13${'00'.repeat(15)}` } }],
  [
    'qe-identity',
    'a quoting enclave with other attributes',
    { quote: { qeAttributes: `31${'00'.repeat(15)}` } },
  ],
  ['tdx-module-signer', 'a module of another signer', { quote: { seamSigner: `01${'00'.repeat(47)}` } }],
  ['tdx-module-attributes', 'a module with attributes', { quote: { seamAttributes: `01${'00'.repeat(7)}` } }],
  [
    'tdx-module-unknown',
    'a module that Intel does not name',
    { quote: { teeTcbSvn: `0302${'01'.repeat(14)}` } },
  ],
  [
    'tdx-module-no-level',
    'a module older than every level',
    { quote: { teeTcbSvn: `0201${'01'.repeat(14)}` } },
  ],
  ['tcb-no-level', 'a platform older than every level', { quote: { teeTcbSvn: `0301${'00'.repeat(14)}` } }],
  [
    'tdx-module-no-level',
    'a module that runs now and is older than every level',
    { quote: { version: 5, bodyType: 3, runningTcbSvn: `0201${'01'.repeat(14)}` } },
  ],
  ['hardware-profile', 'firmware that no profile has', { quote: { mrTd: '61'.repeat(48) } }],
  ['hardware-profile', 'virtual hardware that no profile has', { quote: { rtmr0: '61'.repeat(48) } }],
  ['release', 'a kernel that no release has', { quote: { rtmr1: '61'.repeat(48) } }],
]

test.each(domains)('%s: %s is refused', async (reason, _, changes) => {
  expect(await tdxVerdict(changes)).toBe(reason)
})

test('tcb-no-level: a module without a major version is judged by all sixteen components and the plain signer', async () => {
  expect(await tdxVerdict({ quote: { teeTcbSvn: `0100${'01'.repeat(14)}` } })).toBe('tcb-no-level')
})

const collaterals: readonly (readonly [string, string, Changes])[] = [
  ['tcb-fmspc', 'another FMSPC', { collateral: { fmspc: '53494d000001' } }],
  ['tcb-pceid', 'another PCEID', { collateral: { pceId: '0001' } }],
  ['tcb-no-level', 'a level above the platform', { collateral: { component: 6 } }],
  ['tcb-status', 'an outdated level', { collateral: { status: 'OutOfDate', advisories: ['SIM-1'] } }],
  ['tcb-status', 'a revoked level', { collateral: { status: 'Revoked' } }],
  ['tcb-status-unknown', 'a status that nobody knows', { collateral: { status: 'Splendid' } }],
  ['tcb-info-rolled-back', 'an evaluation number below the policy', { collateral: { evaluationNumber: 16 } }],
  [
    'tdx-module-signer',
    'a module identity of another signer',
    { collateral: { moduleSigner: '01'.repeat(48) } },
  ],
]

test.each(collaterals)('%s: collateral with %s is refused', async (reason, _, changes) => {
  expect(await tdxVerdict(changes)).toBe(reason)
})

test('tcb-status: a policy lets a weighed status pass until its day, and no other advisory with it', async () => {
  const collateral = { status: 'SWHardeningNeeded', advisories: ['SIM-1'] }
  const allow = (untilMs: number, advisories: readonly string[], status = 'SWHardeningNeeded' as const) => ({
    collateral,
    policy: { allowedTcb: [{ status, advisories: [...advisories], untilMs }] },
  })
  expect(await tdxVerdict({ collateral })).toBe('tcb-status')
  expect(await tdxVerdict(allow(NOW_MS + DAY_MS, ['SIM-1', 'SIM-2']))).toBe('accepted')
  expect(await tdxVerdict(allow(NOW_MS - 1, ['SIM-1']))).toBe('tcb-status')
  expect(await tdxVerdict(allow(NOW_MS + DAY_MS, ['SIM-2']))).toBe('tcb-status')
})

test('qe-report-signature: a quoting enclave whose report another key signed is refused', async () => {
  const platformKey = await makeSigningKey('ecdsa-sha256')
  expect(await tdxVerdict({ quote: { platformKey } })).toBe('qe-report-signature')
})

test('qe-key-binding, quote-signature: an attestation key that the quoting enclave does not name is refused', async () => {
  const start = 48 + 584 + 4
  expect(await tdxVerdict({ changeQuote: (quote) => flip(quote, start + 64) })).toBe('qe-key-binding')
  expect(await tdxVerdict({ changeQuote: (quote) => flip(quote, start) })).toBe('quote-signature')
})

test('certificate-revoked, tcb-info-chain: revoked certificates are refused: the platform’s, its authority’s and the signer’s of the TCB info', async () => {
  const { pki } = await sharedTee()
  expect(await tdxVerdict({ collateral: { revokedByAuthority: [pki.pck.serial] } })).toBe(
    'certificate-revoked',
  )
  expect(await tdxVerdict({ collateral: { revokedByRoot: [pki.authority.serial] } })).toBe(
    'certificate-revoked',
  )
  expect(await tdxVerdict({ collateral: { revokedByRoot: [pki.tcbSigner.serial] } })).toBe('tcb-info-chain')
})

test('certificate-revoked, tcb-info-chain: certificates that the policy revokes are refused', async () => {
  const { pki } = await sharedTee()
  const revoke = async ({ certificate }: { readonly certificate: Bytes }) =>
    tdxVerdict({
      policy: { revoked: { runners: [], platforms: [], certificates: [await sha256Of(certificate)] } },
    })
  expect(await revoke(pki.pck)).toBe('certificate-revoked')
  expect(await revoke(pki.authority)).toBe('certificate-revoked')
  expect(await revoke(pki.tcbSigner)).toBe('tcb-info-chain')
})

test('tcb-info-signature, qe-identity-signature: documents that another key signed are refused', async () => {
  const other = '5a'.repeat(64)
  expect(await tdxVerdict({ changeCollateral: (made) => ({ ...made, tcbInfoSignature: other }) })).toBe(
    'tcb-info-signature',
  )
  expect(await tdxVerdict({ changeCollateral: (made) => ({ ...made, qeIdentitySignature: other }) })).toBe(
    'qe-identity-signature',
  )
})

/** What is said of a document that Intel's signer signed in the place of the quoting enclave's identity. */
async function verdictOfIdentity(qeIdentity: string): Promise<string> {
  const { pki } = await sharedTee()
  const qeIdentitySignature = toHex(await signText(pki.tcbSigner.key, qeIdentity))
  return tdxVerdict({ changeCollateral: (made) => ({ ...made, qeIdentity, qeIdentitySignature }) })
}

test('tcb-info-malformed, qe-identity-malformed: a signed document in the place of another is refused', async () => {
  const verdict = await tdxVerdict({
    changeCollateral: (made) => ({
      ...made,
      tcbInfo: made.qeIdentity,
      tcbInfoSignature: made.qeIdentitySignature,
    }),
  })
  expect(verdict).toBe('tcb-info-malformed')
  expect(await verdictOfIdentity(simulatedTcbInfo({ nowMs: NOW_MS }))).toBe('qe-identity-malformed')
})

test('tcb-qe-no-level: a quoting enclave older than every level is refused', async () => {
  const identity = simulatedQeIdentity({ nowMs: NOW_MS })
  expect(await verdictOfIdentity(identity)).toBe('accepted')
  expect(await verdictOfIdentity(identity.replace('"isvsvn":4', '"isvsvn":5'))).toBe('tcb-qe-no-level')
})

test('tcb-info-chain, qe-identity-chain: a platform’s own certificate signs no documents', async () => {
  const { pki } = await sharedTee()
  const chain = writePem([pki.pck.certificate, pki.root.certificate])
  expect(await tdxVerdict({ changeCollateral: (made) => ({ ...made, tcbInfoChain: chain }) })).toBe(
    'tcb-info-chain',
  )
  expect(await tdxVerdict({ changeCollateral: (made) => ({ ...made, qeIdentityChain: chain }) })).toBe(
    'qe-identity-chain',
  )
})

test('documents that are over, or of tomorrow, are refused, each with a reason of its own', async () => {
  const { pki } = await sharedTee()
  const dated = async (nowMs: number) => {
    const { tcbInfo, tcbInfoSignature } = await simulateCollateral(pki, { nowMs })
    const ofInfo = await tdxVerdict({ changeCollateral: (made) => ({ ...made, tcbInfo, tcbInfoSignature }) })
    return [ofInfo, await verdictOfIdentity(simulatedQeIdentity({ nowMs }))]
  }
  expect(await dated(NOW_MS - 30 * DAY_MS)).toEqual(['tcb-info-expired', 'qe-identity-expired'])
  expect(await dated(NOW_MS + 2 * DAY_MS)).toEqual(['tcb-info-not-yet-valid', 'qe-identity-not-yet-valid'])
})

test('qe-identity-rolled-back: a quoting enclave’s identity with an old evaluation number is refused', async () => {
  const old = simulatedQeIdentity({ nowMs: NOW_MS, evaluationNumber: 16 })
  expect(await verdictOfIdentity(old)).toBe('qe-identity-rolled-back')
})
