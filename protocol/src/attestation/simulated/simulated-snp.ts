import { type Bytes, concatBytes, toCanonicalBase64Url, utf8 } from '../../bytes.ts'
import { TAG } from '../der/der.ts'
import { integer, writeDer } from '../der/der-writer.ts'
import type { SnpTcb } from '../policy/policy.ts'
import { SIMULATED_CHIP_NAME } from '../roots.ts'
import { sha256Of } from '../signatures.ts'
import type { SnpCollateral } from '../snp/collateral.ts'
import { SNP_REPORT_BYTES } from '../snp/report.ts'
import { makeSigningKey, type SigningKey, signRaw } from './signing-keys.ts'
import { listDates } from './simulated-collateral.ts'
import { simulatedValidity } from './simulated-pki.ts'
import { number } from './simulated-quote.ts'
import { writeCertificate, writePem, writeRevocationList } from './write-certificate.ts'

/** A processor of the simulation, with its chain. */
export type SimulatedSnp = {
  readonly ark: SigningKey
  readonly chipKey: SigningKey
  /** The chip's key, ASK, ARK. */
  readonly chain: readonly Bytes[]
  readonly roots: { readonly ark: string; readonly ask: string }
}

/** What a report says. Every part can be another one, to see that it is refused. */
export type SnpReportPlan = {
  readonly reportData: Bytes
  readonly version?: number
  readonly guestPolicy?: bigint
  readonly vmpl?: number
  readonly platformInfo?: number
  readonly signerInfo?: number
  readonly measurement?: Bytes
  readonly tcb?: Bytes
  readonly chipId?: Bytes
  readonly cpu?: readonly [number, number]
}

/** Versions of the simulated processor, a Genoa. */
export const SIMULATED_SNP_TCB: SnpTcb = { fmc: 0, bootloader: 9, tee: 1, snp: 23, microcode: 72 }
/** What the simulated guest measures. */
export const SIMULATED_LAUNCH = '55'.repeat(48)

const NAMES = { ark: 'SIMULATED ARK', ask: 'SIMULATED ASK', chip: SIMULATED_CHIP_NAME } as const
const SERIALS = { ark: 10, ask: 11, chip: 0 } as const
const AMD = '1.3.6.1.4.1.3704.1'
const CHIP_ID = new Uint8Array(64).fill(0x5c)
/** SMT allowed, and the bit that is always one. */
const GUEST_POLICY = 0x30000n

/** Makes keys and certificates. `product`: what the chip's certificate names. */
export async function makeSimulatedSnp(
  nowMs: number,
  plan: { readonly product?: string },
): Promise<SimulatedSnp> {
  const dates = simulatedValidity(nowMs)
  const [ark, ask, chipKey] = await Promise.all([
    makeSigningKey('rsa-pss-sha384'),
    makeSigningKey('rsa-pss-sha384'),
    makeSigningKey('ecdsa-sha384'),
  ])
  const asAuthority = { ...dates, issuer: NAMES.ark, issuerKey: ark, isAuthority: true } as const
  const root = await writeCertificate({ ...asAuthority, subject: NAMES.ark, serial: SERIALS.ark, key: ark })
  const signer = await writeCertificate({
    ...asAuthority,
    subject: NAMES.ask,
    serial: SERIALS.ask,
    key: ask,
    pathLength: 0,
  })
  const chip = await writeCertificate({
    ...dates,
    subject: NAMES.chip,
    issuer: NAMES.ask,
    issuerKey: ask,
    serial: SERIALS.chip,
    key: chipKey,
    isAuthority: false,
    keyUsage: 'none',
    extensions: chipExtensions(plan.product ?? 'Genoa-B1'),
  })
  const roots = { ark: await sha256Of(root), ask: await sha256Of(signer) }
  return { ark, chipKey, chain: [chip, signer, root], roots }
}

function chipExtensions(product: string) {
  const tcb = SIMULATED_SNP_TCB
  return [
    { oid: `${AMD}.2`, value: writeDer(TAG.ia5String, utf8(product)) },
    { oid: `${AMD}.3.1`, value: integer(tcb.bootloader) },
    { oid: `${AMD}.3.2`, value: integer(tcb.tee) },
    { oid: `${AMD}.3.3`, value: integer(tcb.snp) },
    { oid: `${AMD}.3.8`, value: integer(tcb.microcode) },
    { oid: `${AMD}.4`, value: CHIP_ID },
  ]
}

/** Writes the chain and the list that come with a report. */
export async function simulateSnpCollateral(
  snp: SimulatedSnp,
  plan: { readonly nowMs: number; readonly revoked?: readonly number[] },
): Promise<SnpCollateral> {
  const crl = await writeRevocationList({
    issuer: NAMES.ark,
    issuerKey: snp.ark,
    ...listDates(plan.nowMs),
    revoked: plan.revoked ?? [],
  })
  return { chain: writePem(snp.chain), crl: toCanonicalBase64Url(crl) }
}

/** Serial number of the simulated ASK. */
export const SIMULATED_ASK_SERIAL = SERIALS.ask

/** Writes and signs a report, version 3 by default. */
export async function simulateSnpReport(snp: SimulatedSnp, plan: SnpReportPlan): Promise<Bytes> {
  const report = new Uint8Array(SNP_REPORT_BYTES)
  const { bootloader, tee, snp: svn, microcode } = SIMULATED_SNP_TCB
  const tcb = plan.tcb ?? new Uint8Array([bootloader, tee, 0, 0, 0, 0, svn, microcode])
  const version = plan.version ?? 3
  report.set(number(version, 4), 0)
  report.set(number(Number(plan.guestPolicy ?? GUEST_POLICY), 6), 8)
  report.set(number(plan.vmpl ?? 0, 4), 0x30)
  report.set(number(1, 4), 0x34)
  report.set(number(plan.platformInfo ?? 0x21, 6), 0x40)
  report.set(number(plan.signerInfo ?? 0, 4), 0x48)
  report.set(plan.reportData, 0x50)
  report.set(plan.measurement ?? new Uint8Array(48).fill(0x55), 0x90)
  for (const at of [0x38, 0x180, 0x1e0, 0x1f0]) report.set(tcb, at)
  if (version > 2) report.set(plan.cpu ?? [0x19, 0x11], 0x188)
  report.set(plan.chipId ?? CHIP_ID, 0x1a0)
  const raw = await signRaw(snp.chipKey, report.slice(0, 0x2a0))
  report.set(concatBytes(raw.slice(0, 48).reverse(), new Uint8Array(24), raw.slice(48).reverse()), 0x2a0)
  return report
}
