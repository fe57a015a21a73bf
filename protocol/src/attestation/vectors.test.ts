import { describe, expect, test } from 'vitest'
import { fromHex, toBase64, utf8 } from '../bytes.ts'
import { findChainFault, parseChain } from './der/certificate-chain.ts'
import { findGpuChainFault, isSignedReport } from './nvidia/check-gpus.ts'
import { type GpuEvidence, parseDevices } from './nvidia/devices.ts'
import { firmwareIdOf } from './nvidia/firmware-id.ts'
import { parseSpdmReport } from './nvidia/spdm-report.ts'
import { readStrict } from './read-strict.ts'
import { judge, judgeFiles, readCollateral, readQuote } from './real-quotes-fixture.ts'
import { PINNED_ROOTS } from './roots.ts'
import { seededRandom } from './seeded-random-fixture.ts'
import { sha256Of, verifySignature } from './signatures.ts'
import { checkChipChain } from './snp/check-chain.ts'
import { parseSnpReport } from './snp/report.ts'
import { tdxCollateralSchema } from './tdx/collateral.ts'
import { proveTdx } from './tdx/prove-tdx.ts'
import { HOW_TO_GET_VECTORS, readVector, readVectorText, VECTORS } from './vectors-fixture.ts'
import { startStepLog } from './verification-document.ts'
import { flip, makePolicy, makeStatement, sharedTee } from './verification-fixture.ts'

/** Changed bytes of each real file in a run of all tests. */
const FLIPS = 60
const PHALA = 'phala-v4-b0c06f'
const TD15 = 'phala-v5td15-90c06f-outdated'
const SOUND = 'quoting-enclave: UpToDate, platform: UpToDate, TDX_01: UpToDate'

describe.skipIf(!VECTORS)(`real quotes of Intel TDX${HOW_TO_GET_VECTORS}`, () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    [`${PHALA}.quote.bin`, PHALA, '2025-07-01', SOUND],
    [`${PHALA}-oldtcb.quote.hex`, PHALA, '2025-07-01', 'tcb-no-level'],
    [`${TD15}.quote.bin`, TD15, '2026-03-01', 'tcb-no-level'],
    ['negative-sgx-v3.quote.bin', 'negative-sgx-v3', '2025-07-01', 'quote-not-tdx'],
    [`${PHALA}.quote.bin`, PHALA, '2026-01-01', 'crl-expired'],
  ]
  test.each(rows)('%s with %s on %s: %s', async (quote, collateral, at, reason) => {
    expect(await judgeFiles(quote, collateral, at)).toBe(reason)
  })

  test('a sound quote with the collateral of another platform is refused', async () => {
    expect(await judgeFiles(`${PHALA}.quote.bin`, TD15, '2026-03-01')).toBe('tcb-fmspc')
  })

  test('any changed byte of a real quote is refused, the zeros after its end included', async () => {
    const quote = readQuote(`${PHALA}.quote.bin`)
    const collateral = readCollateral(PHALA)
    const random = seededRandom(1)
    for (let index = 0; index < FLIPS; index += 1) {
      const changed = flip(quote, Math.floor(random() * quote.length), 1 + Math.floor(random() * 255))
      expect(await judge(changed, collateral, '2025-07-01')).not.toBe(SOUND)
    }
  })

  test('any changed letter of real collateral is refused', async () => {
    const quote = readQuote(`${PHALA}.quote.bin`)
    const text = JSON.stringify(readCollateral(PHALA))
    const random = seededRandom(2)
    for (let index = 0; index < FLIPS; index += 1) {
      const at = Math.floor(random() * text.length)
      const changed = readStrict(tdxCollateralSchema, flip(utf8(text), at, 1 + Math.floor(random() * 127)))
      if (changed) expect(await judge(quote, changed, '2025-07-01')).not.toBe(SOUND)
    }
  })

  test('a sound quote gets past a policy that knows its registers, as far as its event log', async () => {
    const statement = await makeStatement({ models: [] })
    const quoteBytes = readVector(`tdx/${PHALA}.quote.bin`)
    const log = startStepLog()
    const subject = { quoteBytes, collateral: readCollateral(PHALA), statement, eventLog: [] }
    const nowMs = Date.parse('2025-07-01')
    const policy = await makePolicy({ policy: measured(quoteBytes, statement.image) })
    await proveTdx(log, subject, { roots: PINNED_ROOTS, policy, nowMs })
    // Its registers are known; its RTMR3 is untouched, and our images log themselves there.
    expect(log.reason()).toBe('event-log')
  })
})

function measured(quote: Uint8Array, image: string) {
  const hex = (at: number) =>
    Array.from(quote.slice(48 + at, 48 + at + 48), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    hardware: [{ name: 'Phala', mrTd: hex(136), rtmr0: hex(328) }],
    releases: [{ name: 'Phala', image, rtmr1: hex(376), rtmr2: hex(424), launch: [] }],
  }
}

describe.skipIf(!VECTORS)(`a real report of AMD Milan${HOW_TO_GET_VECTORS}`, () => {
  const nowMs = Date.UTC(2026, 10, 22)
  const readPem = () => {
    const lines = toBase64(readVector('sev-snp/milan-vcek.der')).match(/.{1,64}/g) ?? []
    const leaf = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
    return `${leaf}${readVectorText('sev-snp/milan-ask-ark.pem').trim()}\n`
  }

  test('is refused by name, before anything of it is verified', async () => {
    const checked = await checkChipChain(readPem(), PINNED_ROOTS.amd, nowMs)
    expect(checked).toMatchObject({ ok: false, reason: 'snp-product', inputs: { product: 'Milan-B0' } })
  })

  test('has a signature that this verifier can check: AMD’s byte order, P-384 and RSA-PSS are as AMD writes them', async () => {
    const report = parseSnpReport(readVector('sev-snp/milan-report.bin'))
    const [leaf, ask, ark] = parseChain(readPem()) ?? []
    if (!report.ok || !leaf || !ask || !ark) throw new Error('the vectors cannot be read')
    const { signature, signed } = report.value
    expect(await verifySignature(leaf.key, 'ecdsa-sha384', signature, signed)).toBe(true)
    const milan = { rootDigest: await sha256Of(ark.der), length: 3 }
    expect(await findChainFault([leaf, ask, ark], milan, nowMs)).toBeUndefined()
    expect(await findChainFault([leaf, ark, ark], milan, nowMs)).toBe('chain-name')
    expect(await findChainFault([leaf, ask, ark], milan, Date.UTC(2030, 0))).toBe('chain-time')
  })
})

describe.skipIf(!VECTORS)(`real reports of NVIDIA GPUs${HOW_TO_GET_VECTORS}`, () => {
  const at = { root: PINNED_ROOTS.nvidia.root, nowMs: Date.UTC(2026, 10, 22) }

  const readSample = (
    report: string,
    chain: string,
    architecture: GpuEvidence['architecture'],
  ): GpuEvidence => {
    const bytes = fromHex(readVectorText(`nvidia/sample-${report}.txt`).trim()) ?? new Uint8Array()
    const parsed = parseSpdmReport(bytes)
    const certificates = parseChain(readVectorText(`nvidia/sample-${chain}.txt`))
    if (!parsed || !certificates) throw new Error('the vectors cannot be read')
    return { architecture, report: parsed, chain: certificates }
  }
  const firmwareOf = ({ report, chain: [leaf] }: GpuEvidence) => {
    const named = leaf && firmwareIdOf(leaf)
    return report.firmwareId ? String(named) === String(report.firmwareId) : 'unstated'
  }

  // Signature, firmware id equal to the certificate's, driver.
  const samples: readonly (readonly [
    string,
    string,
    'HOPPER' | 'BLACKWELL',
    boolean,
    boolean | 'unstated',
    string,
  ])[] = [
    ['hopperAttestationReport', 'hopperCertChain', 'HOPPER', true, 'unstated', '535.86.09'],
    ['hopperAttestationReportExpired', 'hopperCertChainExpired', 'HOPPER', true, true, '570.124.03'],
    ['hopperAttestationReportInvalidSignature', 'hopperCertChain', 'HOPPER', false, false, '560.00'],
    ['blackwellAttestationReport', 'blackwellCertChain', 'BLACKWELL', true, true, '575.32'],
  ]
  test.each(samples)(
    '%s under %s (%s): signed %s, firmware id %s',
    async (report, chain, arch, signed, firmware, driver) => {
      const gpu = readSample(report, chain, arch)
      expect(await isSignedReport(gpu)).toBe(signed)
      expect(await findGpuChainFault(gpu, at)).toBeUndefined()
      expect(firmwareOf(gpu)).toBe(firmware)
      expect(gpu.report.driver).toBe(driver)
      expect(gpu.report.measurements.size).toBe(64)
    },
  )

  test.each(['hopper_evidence', 'hopper_evidence_cert_hold'])(
    '%s.json, as nvattest prints it',
    async (name) => {
      const gpus = parseDevices(utf8(readVectorText(`nvidia/${name}.json`)))
      expect(gpus).toHaveLength(1)
      for (const gpu of gpus ?? []) {
        expect(await isSignedReport(gpu)).toBe(true)
        expect(await findGpuChainFault(gpu, at)).toBeUndefined()
        expect(firmwareOf(gpu)).toBe(true)
      }
    },
  )

  test('the pinned root is the one that NVIDIA publishes, and a Hopper is no Blackwell', async () => {
    const [root] = parseChain(readVectorText('nvidia/device-identity-root.pem')) ?? []
    expect(await sha256Of(root?.der ?? new Uint8Array())).toBe(at.root)
    const gpu = readSample('hopperAttestationReport', 'hopperCertChain', 'BLACKWELL')
    expect(await findGpuChainFault(gpu, at)).toBe('chain-name')
    const { gpus } = await sharedTee()
    expect(
      await findGpuChainFault({ ...gpu, architecture: 'HOPPER' }, { ...at, root: gpus.rootDigest }),
    ).toBe('chain-root')
  })
})
