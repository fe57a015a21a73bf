import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeSigningKey } from '../../../../protocol/src/attestation/simulated/signing-keys.ts'
import { simulateCollateral } from '../../../../protocol/src/attestation/simulated/simulated-collateral.ts'
import {
  makeSimulatedPki,
  pckExtension,
  SIMULATED_FMSPC,
  simulatedValidity,
} from '../../../../protocol/src/attestation/simulated/simulated-pki.ts'
import { simulateQuote } from '../../../../protocol/src/attestation/simulated/simulated-quote.ts'
import {
  makeSimulatedSnp,
  SIMULATED_SNP_TCB,
  simulateSnpCollateral,
  simulateSnpReport,
} from '../../../../protocol/src/attestation/simulated/simulated-snp.ts'
import {
  writeCertificate,
  writePem,
} from '../../../../protocol/src/attestation/simulated/write-certificate.ts'
import { type Bytes, fromCanonicalBase64Url } from '../../../../protocol/src/bytes.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { makeTempFolder } from '../../../test/temp-folder.ts'
import { amdChipOf, fetchAmdCollateral } from './amd-collateral.ts'
import { createCollateralCache } from './collateral-cache.ts'
import { fetchBounded } from './fetch-bounded.ts'
import { fetchIntelCollateral, intelPlatformOf } from './intel-collateral.ts'
import { type DatedCollateral, type Made, made, notMade } from './tee.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const DAY_MS = 86_400_000
const REPORT_DATA = new Uint8Array(64).fill(7)

type Answer = {
  readonly body?: string | Bytes
  readonly headers?: Record<string, string>
  readonly status?: number
}

type Answers = Readonly<Record<string, Answer | undefined>>

/** A maker's service: answers by the address' path, and remembers what it was asked. */
function serve(answers: Answers) {
  const asked: string[] = []
  const clock = createFakeClock(NOW_MS)
  const fetchUrl: typeof fetch = async (input) => {
    const url = new URL(String(input))
    asked.push(url.href)
    const answer = answers[url.pathname]
    if (!answer) throw new TypeError('fetch failed')
    const { body = '', headers = {}, status = 200 } = answer
    return new Response(body, { status, headers })
  }
  /** Lets the waits between two tries pass. */
  const whole = async <T>(work: Promise<T>): Promise<T> => {
    for (let turn = 0; turn < 8; turn++) await clock.advance(1000)
    return await work
  }
  return { asked, clock, deps: { clock, fetchUrl }, whole }
}

const bytesOf = (text: string) => fromCanonicalBase64Url(text) ?? new Uint8Array()

async function setupIntel(changes: Answers = {}) {
  const collateral = await simulateCollateral(await makeSimulatedPki(NOW_MS), { nowMs: NOW_MS })
  const answers = {
    '/tdx/certification/v4/tcb': {
      body: `{"tcbInfo":${collateral.tcbInfo},"signature":"${collateral.tcbInfoSignature.toUpperCase()}"}`,
      headers: { 'TCB-Info-Issuer-Chain': encodeURIComponent(collateral.tcbInfoChain) },
    },
    '/tdx/certification/v4/qe/identity': {
      body: `{"enclaveIdentity":${collateral.qeIdentity},"signature":"${collateral.qeIdentitySignature}"}\n`,
      headers: { 'SGX-Enclave-Identity-Issuer-Chain': encodeURIComponent(collateral.qeIdentityChain) },
    },
    '/sgx/certification/v4/pckcrl': { body: bytesOf(collateral.pckCrl) },
    '/IntelSGXRootCA.der': { body: bytesOf(collateral.rootCrl) },
  }
  return { collateral, ...serve({ ...answers, ...changes }) }
}

const PLATFORM = { fmspc: SIMULATED_FMSPC, authority: 'platform' }

describe('Intel’s service', () => {
  test('gives the signed texts as they were signed, and until when all of it holds', async () => {
    const { collateral, deps, asked } = await setupIntel()
    const fetched = await fetchIntelCollateral(deps, PLATFORM)
    expect(fetched).toEqual({ ok: true, value: { collateral, untilMs: NOW_MS + 29 * DAY_MS } })
    expect(asked.toSorted()).toEqual([
      'https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=platform&encoding=der',
      `https://api.trustedservices.intel.com/tdx/certification/v4/qe/identity`,
      `https://api.trustedservices.intel.com/tdx/certification/v4/tcb?fmspc=${SIMULATED_FMSPC}`,
      'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der',
    ])
  })

  test.each<[string, Answers, string]>([
    ['an unknown platform', { '/tdx/certification/v4/tcb': { status: 404 } }, 'tcb-info-refused'],
    ['a service that is away', { '/IntelSGXRootCA.der': undefined }, 'root-crl-unreachable'],
    [
      'a chain that is missing',
      { '/tdx/certification/v4/qe/identity': { body: '{}' } },
      'qe-identity-malformed',
    ],
    ['a list that is none', { '/sgx/certification/v4/pckcrl': { body: 'no' } }, 'collateral-malformed'],
    [
      'a list without end',
      { '/sgx/certification/v4/pckcrl': { body: 'x'.repeat(300_000) } },
      'pck-crl-too-large',
    ],
  ])('with %s ends with a reason', async (_, changes, reason) => {
    const { deps, whole } = await setupIntel(changes)
    expect(await whole(fetchIntelCollateral(deps, PLATFORM))).toEqual({ ok: false, reason })
  })

  test('is asked for the platform and the authority that the quote names', async () => {
    const pki = await makeSimulatedPki(NOW_MS)
    const key = await makeSigningKey('ecdsa-sha256')
    const dates = simulatedValidity(NOW_MS)
    const certificate = (subject: string, isAuthority: boolean) =>
      writeCertificate({
        ...dates,
        subject,
        issuer: 'Intel SGX Root CA',
        serial: 9,
        key,
        issuerKey: key,
        isAuthority,
        ...(isAuthority ? {} : { extensions: [{ oid: '1.2.840.113741.1.13.1', value: pckExtension() }] }),
      })
    const quoteOf = async (authority: string) => {
      const chain = [
        await certificate('Intel SGX PCK Certificate', false),
        await certificate(authority, true),
      ]
      return simulateQuote(pki, { reportData: REPORT_DATA, rtmr3: new Uint8Array(48), chain })
    }
    const asked = async (authority: string) => intelPlatformOf(await quoteOf(authority))
    expect(await asked('Intel SGX PCK Platform CA')).toEqual({ ok: true, value: PLATFORM })
    expect(await asked('Intel SGX PCK Processor CA')).toMatchObject({ value: { authority: 'processor' } })
    expect(await asked('Somebody else')).toEqual({ ok: false, reason: 'quote-malformed' })
    expect(intelPlatformOf(new Uint8Array(700))).toEqual({ ok: false, reason: 'quote-malformed' })
  })
})

describe('AMD’s service', () => {
  test('gives the chip’s chain and the list, for the chip and the versions that the report names', async () => {
    const snp = await makeSimulatedSnp(NOW_MS, {})
    const collateral = await simulateSnpCollateral(snp, { nowMs: NOW_MS })
    const chip = amdChipOf(await simulateSnpReport(snp, { reportData: REPORT_DATA }))
    if (!chip.ok) throw new Error(chip.reason)
    expect(chip.value).toEqual({ product: 'genoa', chipId: '5c'.repeat(64), tcb: SIMULATED_SNP_TCB })
    const base = '/vcek/v1/Genoa'
    const { deps, asked } = serve({
      [`${base}/${'5c'.repeat(64)}`]: { body: snp.chain[0] ?? '' },
      [`${base}/cert_chain`]: { body: writePem(snp.chain.slice(1)).replaceAll('\n', '\r\n') },
      [`${base}/crl`]: { body: bytesOf(collateral.crl) },
    })
    const fetched = await fetchAmdCollateral(deps, chip.value)
    expect(fetched).toEqual({ ok: true, value: { collateral, untilMs: NOW_MS + 29 * DAY_MS } })
    expect(asked[0]).toContain('?blSPL=9&teeSPL=1&snpSPL=23&ucodeSPL=72')
  })

  test('Turin has shorter ids and one version more; Milan is not asked for', async () => {
    const snp = await makeSimulatedSnp(NOW_MS, {})
    const tcb = new Uint8Array([1, 2, 3, 4, 0, 0, 0, 5])
    const chipId = new Uint8Array(64)
    chipId.fill(0xab, 0, 8)
    const turin = amdChipOf(
      await simulateSnpReport(snp, { reportData: REPORT_DATA, cpu: [0x1a, 0x02], tcb, chipId }),
    )
    if (!turin.ok) throw new Error(turin.reason)
    const { deps, asked, whole } = serve({})
    expect(await whole(fetchAmdCollateral(deps, turin.value))).toMatchObject({ reason: 'vcek-unreachable' })
    expect(asked[0]).toBe(
      `https://kdsintf.amd.com/vcek/v1/Turin/${'ab'.repeat(8)}?fmcSPL=1&blSPL=2&teeSPL=3&snpSPL=4&ucodeSPL=5`,
    )
    const milan = await simulateSnpReport(snp, { reportData: REPORT_DATA, cpu: [0x19, 0x01] })
    expect(amdChipOf(milan)).toEqual({ ok: false, reason: 'processor-not-judged' })
  })
})

describe('collateral on disk', () => {
  async function setupCache() {
    const clock = createFakeClock(NOW_MS)
    const folder = await makeTempFolder()
    const collateral = await simulateCollateral(await makeSimulatedPki(NOW_MS), { nowMs: NOW_MS })
    let fetches = 0
    let answer: Made<DatedCollateral> = made({ collateral, untilMs: NOW_MS + 30 * DAY_MS })
    const fetchAnew = async () => {
      fetches += 1
      return answer
    }
    const read = () => createCollateralCache({ clock, folder }).read('intel 1', fetchAnew)
    const fail = () => {
      answer = notMade('unreachable')
    }
    return { clock, folder, collateral, read, fail, fetches: () => fetches }
  }

  test('serves until half of its life is over, over restarts too; then it is fetched anew', async () => {
    const { clock, collateral, read, fetches } = await setupCache()
    for (let time = 0; time < 3; time++)
      expect(await read()).toMatchObject({ ok: true, value: { collateral } })
    await clock.advance(15 * DAY_MS - 1)
    await read()
    expect(fetches()).toBe(1)
    await clock.advance(1)
    await read()
    expect(fetches()).toBe(2)
  })

  test('serves to its end where nothing new can be had, and not beyond', async () => {
    const { clock, read, fail, fetches } = await setupCache()
    await read()
    fail()
    await clock.advance(29 * DAY_MS)
    expect(await read()).toMatchObject({ ok: true })
    await clock.advance(DAY_MS)
    expect(await read()).toEqual({ ok: false, reason: 'unreachable' })
    expect(fetches()).toBe(3)
  })

  test('that is damaged is fetched anew', async () => {
    const { folder, read, fetches } = await setupCache()
    await read()
    const [file = ''] = await readdir(folder)
    await writeFile(path.join(folder, file), '{"version":1}')
    expect(await read()).toMatchObject({ ok: true })
    expect(fetches()).toBe(2)
  })
})

test('a server that is busy is asked three times; one that refuses, once', async () => {
  const busy = serve({ '/x': { status: 503 } })
  expect(await busy.whole(fetchBounded(busy.deps, 'https://maker.example/x', 10))).toMatchObject({
    reason: 'unreachable',
  })
  expect(busy.asked).toHaveLength(3)
  const refusing = serve({ '/x': { status: 403 } })
  expect(await fetchBounded(refusing.deps, 'https://maker.example/x', 10)).toMatchObject({
    reason: 'refused',
  })
  expect(refusing.asked).toHaveLength(1)
})
