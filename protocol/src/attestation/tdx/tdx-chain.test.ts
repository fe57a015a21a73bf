import { expect, test } from 'vitest'
import { findChainFault, parseChain } from '../der/certificate-chain.ts'
import { sha256Of } from '../signatures.ts'
import { makeSigningKey, type SigningKey } from '../simulated/signing-keys.ts'
import type { Identity, SimulatedPki } from '../simulated/simulated-pki.ts'
import { pckExtension, simulatedValidity } from '../simulated/simulated-pki.ts'
import { type CertificatePlan, writeCertificate, writePem } from '../simulated/write-certificate.ts'
import { DAY_MS, NOW_MS, sharedTee, tdxVerdict } from '../verification-fixture.ts'

const SGX = '1.2.840.113741.1.13.1'

/** A platform certificate like the simulation's, but for what a plan changes. */
async function makeLeaf(
  plan: Partial<CertificatePlan> = {},
): Promise<Identity & { readonly pki: SimulatedPki }> {
  const { pki } = await sharedTee()
  const key: SigningKey = plan.key ?? (await makeSigningKey('ecdsa-sha256'))
  const full: CertificatePlan = {
    subject: pki.pck.name,
    issuer: pki.authority.name,
    issuerKey: pki.authority.key,
    serial: 33,
    key,
    isAuthority: false,
    ...simulatedValidity(NOW_MS),
    extensions: [{ oid: SGX, value: pckExtension() }],
    ...plan,
  }
  return { name: full.subject, serial: full.serial, key, certificate: await writeCertificate(full), pki }
}

/** What is said of a quote whose platform certificate is another one. */
async function verdictOfLeaf(plan: Partial<CertificatePlan>): Promise<string> {
  const { certificate, key, pki } = await makeLeaf(plan)
  const chain = [certificate, pki.authority.certificate, pki.root.certificate]
  return tdxVerdict({ quote: { chain, platformKey: key } })
}

test('chain-length, chain-name: a leaf issued by a leaf is refused', async () => {
  const { pki } = await sharedTee()
  const issued = await makeLeaf({ issuer: pki.pck.name, issuerKey: pki.pck.key })
  const all = [issued.certificate, pki.pck.certificate, pki.authority.certificate, pki.root.certificate]
  expect(await tdxVerdict({ quote: { chain: all, platformKey: issued.key } })).toBe('chain-length')
  const short = [issued.certificate, pki.pck.certificate, pki.root.certificate]
  expect(await tdxVerdict({ quote: { chain: short, platformKey: issued.key } })).toBe('chain-name')
})

test('chain-name, chain-authority: a leaf that bears an authority’s name, and is none, issues nothing', async () => {
  const { pki } = await sharedTee()
  const impostor = await makeLeaf({ subject: pki.authority.name })
  const issued = await makeLeaf({ issuerKey: impostor.key })
  const chain = [issued.certificate, impostor.certificate, pki.root.certificate]
  expect(await tdxVerdict({ quote: { chain, platformKey: issued.key } })).toBe('chain-name')
  const byRoot = await makeLeaf({
    subject: pki.authority.name,
    issuer: pki.root.name,
    issuerKey: pki.root.key,
  })
  const next = await makeLeaf({ issuerKey: byRoot.key })
  const withIt = [next.certificate, byRoot.certificate, pki.root.certificate]
  expect(await tdxVerdict({ quote: { chain: withIt, platformKey: next.key } })).toBe('chain-authority')
})

test('chain-length: an extra certificate is refused', async () => {
  const { pki } = await sharedTee()
  const chain = [pki.pck, pki.authority, pki.root, pki.root].map((identity) => identity.certificate)
  expect(await tdxVerdict({ quote: { chain } })).toBe('chain-length')
  expect(await tdxVerdict({ quote: { chain: chain.slice(0, 2) } })).toBe('chain-length')
})

test('chain-root: a wrong or renamed root is refused, whatever its name', async () => {
  const { pki } = await sharedTee()
  const key = await makeSigningKey('ecdsa-sha256')
  const makeRoot = (subject: string) =>
    writeCertificate({
      ...simulatedValidity(NOW_MS),
      subject,
      issuer: subject,
      serial: 1,
      key,
      issuerKey: key,
      isAuthority: true,
    })
  for (const name of [pki.root.name, 'SIMULATED Other Root CA']) {
    const chain = [pki.pck.certificate, pki.authority.certificate, await makeRoot(name)]
    expect(await tdxVerdict({ quote: { chain } })).toBe('chain-root')
  }
})

test('chain-name: a chain in another order is refused', async () => {
  const { pki } = await sharedTee()
  const chain = [pki.authority, pki.pck, pki.root].map((identity) => identity.certificate)
  expect(await tdxVerdict({ quote: { chain } })).toBe('chain-name')
})

const leaves: readonly (readonly [string, string, Partial<CertificatePlan>])[] = [
  ['chain-time', 'that is over', { notAfterMs: NOW_MS - 1000 }],
  ['chain-time', 'of tomorrow', { notBeforeMs: NOW_MS + DAY_MS }],
  ['chain-name', 'of another name', { subject: 'SIMULATED Other Certificate' }],
  ['chain-authority', 'that says it is an authority', { isAuthority: true }],
  ['chain-key-usage', 'that may sign certificates', { keyUsage: 0x84 }],
  ['pck-extension', 'without its SGX extension', { extensions: [] }],
  ['chain-malformed', 'with an unknown critical extension', { extensions: [criticalExtension()] }],
]

function criticalExtension() {
  return { oid: '1.2.3.4', value: new Uint8Array([5, 0]), critical: 'critical' } as const
}

test.each(leaves)('%s: a platform certificate %s is refused', async (reason, _, plan) => {
  expect(await verdictOfLeaf(plan)).toBe(reason)
})

test('chain-signature: a platform certificate signed by another key is refused', async () => {
  expect(await verdictOfLeaf({ issuerKey: await makeSigningKey('ecdsa-sha256') })).toBe('chain-signature')
})

test('chain-path-length: a root that allows no authority below it has none', async () => {
  const key = await makeSigningKey('ecdsa-sha256')
  const dates = simulatedValidity(NOW_MS)
  const byRoot = { ...dates, issuer: 'SIMULATED Short Root', issuerKey: key, isAuthority: true } as const
  const makeChain = async (pathLength: number) => {
    const root = { ...byRoot, subject: 'SIMULATED Short Root', serial: 1, key, pathLength }
    const authority = { ...byRoot, subject: 'SIMULATED CA', serial: 2, key }
    const leaf = {
      ...authority,
      subject: 'SIMULATED Leaf',
      issuer: 'SIMULATED CA',
      serial: 3,
      isAuthority: false,
    }
    const chain = await Promise.all([leaf, authority, root].map((plan) => writeCertificate(plan)))
    const rootDigest = await sha256Of(chain[2] ?? new Uint8Array())
    return findChainFault(parseChain(writePem(chain)) ?? [], { rootDigest, length: 3 }, NOW_MS)
  }
  expect(await makeChain(1)).toBeUndefined()
  expect(await makeChain(0)).toBe('chain-path-length')
})
