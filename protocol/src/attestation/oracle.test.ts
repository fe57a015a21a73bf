import { describe, expect, test } from 'vitest'
import { toCanonicalBase64Url } from '../bytes.ts'
import { askOracle, loadBrowserOracle, loadOracle, partsOf } from './oracle-fixture.ts'
import { judge, judgeFiles, readCollateral, readQuote } from './real-quotes-fixture.ts'
import type { ReasonCode } from './reasons.ts'
import { seededRandom } from './seeded-random-fixture.ts'
import { makeSigningKey } from './simulated/signing-keys.ts'
import { issuerOf, listDates } from './simulated/simulated-collateral.ts'
import { pckExtension, simulatedValidity } from './simulated/simulated-pki.ts'
import { type CertificatePlan, writeCertificate, writeRevocationList } from './simulated/write-certificate.ts'
import type { TdxCollateral } from './tdx/collateral.ts'
import { HOW_TO_GET_VECTORS, VECTORS } from './vectors-fixture.ts'
import {
  type Changes,
  DAY_MS,
  flip,
  NOW_MS,
  sharedTee,
  tdxRequest,
  verdictOf,
} from './verification-fixture.ts'

// A second verifier of TDX quotes, of another project (dcap-qvl 0.3.9). Where it accepts, ours agrees or says why not.

const ORACLE = loadOracle()

/** What both say of one and the same evidence. */
async function askBoth(changes: Changes, oracle = ORACLE, nowMs = NOW_MS) {
  const { pki } = await sharedTee()
  const request = await tdxRequest({ ...changes, request: { nowMs } })
  const theirs = askOracle(oracle, { ...partsOf(request), nowMs, root: pki.root.certificate })
  return { ours: await verdictOf(request), theirs }
}

const UP_TO_DATE = { accepts: 'UpToDate' }

test('sound evidence of the simulated TEE is accepted by both', async () => {
  expect(await askBoth({})).toEqual({ ours: 'accepted', theirs: UP_TO_DATE })
  expect(await askBoth({ quote: { version: 5, bodyType: 3 } })).toEqual({
    ours: 'accepted',
    theirs: UP_TO_DATE,
  })
  expect(await askBoth({}, loadBrowserOracle())).toEqual({ ours: 'accepted', theirs: UP_TO_DATE })
})

const bothRefuse: readonly (readonly [ReasonCode, Changes])[] = [
  ['td-debug', { quote: { attributes: '0100001000000000' } }],
  ['td-sept-ve', { quote: { attributes: '0000000000000000' } }],
  ['qe-debug', { quote: { qeAttributes: '13000000000000000000000000000000' } }],
  ['tcb-fmspc', { collateral: { fmspc: '53494d000001' } }],
  ['tcb-no-level', { collateral: { component: 6 } }],
  ['tcb-status', { collateral: { status: 'Revoked' } }],
  ['certificate-revoked', { collateral: { revokedByAuthority: [3] } }],
  ['certificate-revoked', { collateral: { revokedByRoot: [2] } }],
]
test.each(bothRefuse)('%s is refused by both', async (reason, changes) => {
  const { ours, theirs } = await askBoth(changes)
  expect(ours).toBe(reason)
  expect(theirs).toHaveProperty('refuses')
})

/** Changed bytes of the quote in a run of all tests. */
const FLIPS = 60
test('no changed byte of a quote is accepted by ours, whatever the other verifier says', async () => {
  const { pki } = await sharedTee()
  const random = seededRandom(11)
  const sound = partsOf(await tdxRequest())
  let refusedByBoth = 0
  for (let run = 0; run < FLIPS; run += 1) {
    const [at, by] = [Math.floor(random() * sound.quote.length), 1 + Math.floor(random() * 255)]
    const request = await tdxRequest({ changeQuote: (quote) => flip(quote, at, by) })
    const parts = partsOf(request)
    const theirs = askOracle(ORACLE, { ...parts, root: pki.root.certificate })
    expect(await verdictOf(request)).not.toBe('accepted')
    if ('refuses' in theirs) refusedByBoth += 1
  }
  expect(refusedByBoth).toBeGreaterThan(FLIPS / 2)
})

async function withLists(change: (made: TdxCollateral) => Partial<TdxCollateral>): Promise<Changes> {
  return { changeCollateral: (made) => ({ ...made, ...change(made) }) }
}

async function badlySigned(): Promise<Changes> {
  const { pki } = await sharedTee()
  const issuerKey = await makeSigningKey('ecdsa-sha256')
  const list = async (issuer: typeof pki.root) =>
    toCanonicalBase64Url(
      await writeRevocationList({ ...listDates(NOW_MS), ...issuerOf(issuer), issuerKey, revoked: [] }),
    )
  const lists = { rootCrl: await list(pki.root), pckCrl: await list(pki.authority) }
  return withLists(() => lists)
}

/** A platform certificate like the simulation's, but for what a plan changes, and what signs with it. */
async function makeLeaf(plan: Partial<CertificatePlan>) {
  const { pki } = await sharedTee()
  const key = await makeSigningKey('ecdsa-sha256')
  const certificate = await writeCertificate({
    subject: pki.pck.name,
    issuer: pki.authority.name,
    issuerKey: pki.authority.key,
    serial: 33,
    key,
    isAuthority: false,
    ...simulatedValidity(NOW_MS),
    extensions: [{ oid: '1.2.840.113741.1.13.1', value: pckExtension() }],
    ...plan,
  })
  return { certificate, platformKey: key }
}

async function issuedByALeaf(): Promise<Changes> {
  const { pki } = await sharedTee()
  const { certificate, platformKey } = await makeLeaf({ issuer: pki.pck.name, issuerKey: pki.pck.key })
  const chain = [certificate, pki.pck.certificate, pki.authority.certificate, pki.root.certificate]
  return { quote: { chain, platformKey } }
}

/** Three certificates, as there must be, but the one in the middle is no authority. */
async function issuedByTheTcbSigner(): Promise<Changes> {
  const { pki } = await sharedTee()
  const { certificate, platformKey } = await makeLeaf({
    issuer: pki.tcbSigner.name,
    issuerKey: pki.tcbSigner.key,
  })
  return { quote: { chain: [certificate, pki.tcbSigner.certificate, pki.root.certificate], platformKey } }
}

async function expiredLeaf(): Promise<Changes> {
  const { pki } = await sharedTee()
  const { certificate, platformKey } = await makeLeaf({ notAfterMs: NOW_MS - DAY_MS })
  return {
    quote: { chain: [certificate, pki.authority.certificate, pki.root.certificate], platformKey },
  }
}

const empty = async () => withLists(() => ({ rootCrl: '', pckCrl: '' }))
const garbage = async () => {
  const list = toCanonicalBase64Url(new Uint8Array(300).fill(0x30))
  return withLists(() => ({ rootCrl: list, pckCrl: list }))
}
const swapped = async () => withLists(({ rootCrl, pckCrl }) => ({ rootCrl: pckCrl, pckCrl: rootCrl }))

const holes: readonly (readonly [ReasonCode, string, () => Promise<Changes>])[] = [
  ['crl-missing', 'empty revocation lists', empty],
  ['crl-malformed', 'revocation lists of garbage', garbage],
  ['crl-signature', 'revocation lists that another key signed', badlySigned],
  ['crl-issuer', 'swapped revocation lists', swapped],
  ['chain-length', 'a platform certificate that a platform certificate issued', issuedByALeaf],
  ['chain-name', 'a platform certificate that a leaf of the root issued', issuedByTheTcbSigner],
  [
    'tdx-module-signer',
    'a TDX module of another signer',
    async () => ({ quote: { seamSigner: `01${'00'.repeat(47)}` } }),
  ],
  [
    'tdx-module-attributes',
    'a TDX module that is being debugged',
    async () => ({ quote: { seamAttributes: `01${'00'.repeat(7)}` } }),
  ],
  [
    'tdx-module-unknown',
    'a TDX module that nobody names',
    async () => ({ quote: { teeTcbSvn: moduleSvn(2) } }),
  ],
  ['tcb-status', 'a platform that is out of date', async () => ({ collateral: { status: 'OutOfDate' } })],
  [
    'tcb-info-rolled-back',
    'a rolled-back evaluation number',
    async () => ({ collateral: { evaluationNumber: 1 } }),
  ],
]

/** The versions of a module with another major number. */
function moduleSvn(major: number): string {
  return `03${String(major).padStart(2, '0')}${'01'.repeat(14)}`
}

test.each(holes)('%s: %s: dcap-qvl accepts, ours refuses', async (reason, _, make) => {
  const { ours, theirs } = await askBoth(await make())
  expect(theirs).toHaveProperty('accepts')
  expect(ours).toBe(reason)
})

test('clock-refused: no number as a clock: dcap-qvl accepts, ours refuses', async () => {
  // In Node it takes any clock that is no number: every comparison with one is false.
  expect(await askBoth({}, ORACLE, Number.NaN)).toEqual({ ours: 'clock-refused', theirs: UP_TO_DATE })
})

test('chain-time: an expired platform certificate in a browser: dcap-qvl accepts, ours refuses', async () => {
  const changes = await expiredLeaf()
  const inNode = await askBoth(changes)
  expect(inNode.theirs).toHaveProperty('refuses')
  expect(await askBoth(changes, loadBrowserOracle())).toEqual({ ours: 'chain-time', theirs: UP_TO_DATE })
})

describe.skipIf(!VECTORS)(`real quotes before both verifiers${HOW_TO_GET_VECTORS}`, () => {
  const PHALA = 'phala-v4-b0c06f'
  const ask = (quote: string, collateral: string, at: string) =>
    askOracle(ORACLE, {
      quote: readQuote(quote),
      collateral: readCollateral(collateral),
      nowMs: Date.parse(at),
    })

  test('a sound quote is accepted by both', async () => {
    const args = [`${PHALA}.quote.bin`, PHALA, '2025-07-01'] as const
    expect(ask(...args)).toEqual(UP_TO_DATE)
    expect(await judgeFiles(...args)).toContain('platform: UpToDate')
  })

  test('tcb-no-level: a platform below every level is refused by both', async () => {
    const args = [`${PHALA}-oldtcb.quote.hex`, PHALA, '2025-07-01'] as const
    expect(ask(...args)).toHaveProperty('refuses')
    expect(await judgeFiles(...args)).toBe('tcb-no-level')
  })

  test('quote-not-tdx: an SGX quote: dcap-qvl accepts, ours refuses', async () => {
    const args = ['negative-sgx-v3.quote.bin', 'negative-sgx-v3', '2025-07-01'] as const
    expect(ask(...args)).toHaveProperty('accepts')
    expect(await judgeFiles(...args)).toBe('quote-not-tdx')
  })

  test('crl-missing: a real quote with empty revocation lists: dcap-qvl accepts, ours refuses', async () => {
    const collateral = readCollateral(PHALA)
    const quote = readQuote(`${PHALA}.quote.bin`)
    const nowMs = Date.parse('2025-07-01')
    const bare = { ...collateral, rootCrl: '', pckCrl: '' }
    expect(askOracle(ORACLE, { quote, collateral: bare, nowMs })).toEqual(UP_TO_DATE)
    expect(await judge(quote, bare, '2025-07-01')).toBe('crl-missing')
  })
})
