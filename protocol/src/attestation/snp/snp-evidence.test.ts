import { expect, test } from 'vitest'
import { toCanonicalBase64Url } from '../../bytes.ts'
import { sha256Of } from '../signatures.ts'
import { makeSimulatedSnp, SIMULATED_ASK_SERIAL, simulateSnpCollateral } from '../simulated/simulated-snp.ts'
import { type Changes, flip, makePolicy, NOW_MS, sharedTee, snpVerdict } from '../verification-fixture.ts'

test('a report of a sound Genoa is accepted, in every version', async () => {
  expect(await snpVerdict()).toBe('accepted')
  expect(await snpVerdict({ report: { version: 2 } })).toBe('accepted')
  expect(await snpVerdict({ report: { version: 5 } })).toBe('accepted')
})

const reports: readonly (readonly [string, string, Changes])[] = [
  ['report-size', 'cut short', { changeQuote: (report) => report.slice(0, -1) }],
  ['report-size', 'with a byte more', { changeQuote: (report) => new Uint8Array([...report, 0]) }],
  ['report-version', 'of version 1', { report: { version: 1 } }],
  ['report-version', 'of version 6', { report: { version: 6 } }],
  ['report-signer', 'that a cloud’s key signed', { report: { signerInfo: 4 } }],
  ['report-signer', 'with a masked chip id', { report: { signerInfo: 2 } }],
  ['report-reserved', 'with a reserved byte', { changeQuote: (report) => flip(report, 0x4c) }],
  ['report-reserved', 'with a byte after its signature', { changeQuote: (report) => flip(report, 1183) }],
  ['report-signature', 'changed after it was signed', { changeQuote: (report) => flip(report, 0x90) }],
  ['snp-chip', 'of another chip', { report: { chipId: new Uint8Array(64).fill(1) } }],
  ['snp-product', 'of another processor', { report: { cpu: [0x19, 0x01] } }],
  ['snp-certificate-tcb', 'of other versions than its certificate', { report: { tcb: tcb(9, 1, 22, 72) } }],
  [
    'snp-certificate-tcb',
    'with a reserved part of a version',
    { report: { tcb: flip(tcb(9, 1, 23, 72), 3) } },
  ],
  ['guest-debug', 'of a guest that can be debugged', { report: { guestPolicy: 0xb0000n } }],
  ['guest-migration', 'of a guest that can be migrated', { report: { guestPolicy: 0x70000n } }],
  ['guest-policy', 'of a guest with CXL memory', { report: { guestPolicy: 0x230000n } }],
  ['guest-policy', 'of a guest with a reserved bit', { report: { guestPolicy: 0x4030000n } }],
  ['guest-policy', 'of a guest without the bit that is always one', { report: { guestPolicy: 0x10000n } }],
  ['guest-vmpl', 'of a lesser privilege', { report: { vmpl: 1 } }],
  ['guest-platform', 'of a platform whose memory was not checked', { report: { platformInfo: 1 } }],
  ['guest-platform', 'of a platform with an unknown bit', { report: { platformInfo: 0x121 } }],
  ['release', 'of a launch that no release has', { report: { measurement: new Uint8Array(48).fill(1) } }],
  ['event-log', 'with an event log', { eventLog: [{ name: 'image', digest: '51'.repeat(32) }] }],
]
test.each(reports)('%s: a report %s is refused', async (reason, _, changes) => {
  expect(await snpVerdict(changes)).toBe(reason)
})

function tcb(bootloader: number, tee: number, snp: number, microcode: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([bootloader, tee, 0, 0, 0, 0, snp, microcode])
}

test('snp-tcb: a version below the policy’s is refused', async () => {
  const { snp } = await makePolicy({})
  const minTcb = { ...snp.minTcb, genoa: { ...snp.minTcb.genoa, microcode: 73 } }
  expect(await snpVerdict({ policy: { snp: { ...snp, minTcb } } })).toBe('snp-tcb')
})

test('snp-product: Milan is refused by name', async () => {
  const tee = await sharedTee()
  const snp = await makeSimulatedSnp(NOW_MS, { product: 'Milan-B0' })
  expect(await snpVerdict({ tee: { ...tee, snp } })).toBe('snp-product')
})

test('chain-root: a chain of another root, or another order, is refused', async () => {
  const other = await makeSimulatedSnp(NOW_MS, {})
  const { chain } = await simulateSnpCollateral(other, { nowMs: NOW_MS })
  expect(await snpVerdict({ changeSnpCollateral: (made) => ({ ...made, chain }) })).toBe('chain-root')
  const { snp } = await sharedTee()
  const reversed = { ...snp, chain: [snp.chain[0], snp.chain[2], snp.chain[1]].flatMap((der) => der ?? []) }
  const swapped = await simulateSnpCollateral(reversed, { nowMs: NOW_MS })
  expect(await snpVerdict({ changeSnpCollateral: () => swapped })).toBe('chain-root')
})

test('certificate-revoked: a chip’s certificate that the policy revokes is refused', async () => {
  const { snp } = await sharedTee()
  const certificates = [await sha256Of(snp.chain[0] ?? new Uint8Array())]
  const policy = { revoked: { runners: [], platforms: [], certificates } }
  expect(await snpVerdict({ policy })).toBe('certificate-revoked')
})

test('certificate-revoked, crl-missing, crl-malformed: a signing key that AMD revoked is refused, and so is a missing list', async () => {
  const { snp } = await sharedTee()
  const revoked = await simulateSnpCollateral(snp, { nowMs: NOW_MS, revoked: [SIMULATED_ASK_SERIAL] })
  expect(await snpVerdict({ changeSnpCollateral: () => revoked })).toBe('certificate-revoked')
  expect(await snpVerdict({ changeSnpCollateral: (made) => ({ ...made, crl: '' }) })).toBe('crl-missing')
  const garbage = toCanonicalBase64Url(new Uint8Array(40))
  expect(await snpVerdict({ changeSnpCollateral: (made) => ({ ...made, crl: garbage }) })).toBe(
    'crl-malformed',
  )
})
