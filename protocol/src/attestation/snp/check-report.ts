import { toHex } from '../../canonical-json.ts'
import type { Policy, SnpTcb } from '../policy/policy.ts'
import type { Statement } from '../policy/statement.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import { verifySignature } from '../signatures.ts'
import type { EventLog } from '../tdx/event-log.ts'
import type { ChipChain } from './check-chain.ts'
import { isAtLeast, isCpuOf, isSameChip, readTcb } from './chip-certificate.ts'
import type { SnpReport } from './report.ts'

/** Bits of the guest's policy (AMD 56860, table "GUEST_POLICY"). */
const GUEST = {
  reservedOne: 1n << 17n,
  migration: 1n << 18n,
  debug: 1n << 19n,
  cxl: 1n << 21n,
  /** Bits from here on are reserved. */
  reservedFrom: 26n,
} as const

/** Checks that the chip's key signed the report. */
export async function checkSnpSignature(report: SnpReport, chain: ChipChain): Promise<Checked<true>> {
  const isSigned = await verifySignature(chain.leaf.key, 'ecdsa-sha384', report.signature, report.signed)
  return isSigned ? accept(true) : refuse('report-signature')
}

/** Checks that the report is that chip's, and its firmware's versions are the certificate's and recent enough. */
export function checkSnpTcb(report: SnpReport, chain: ChipChain, policy: Policy): Checked<true> {
  const { product, tcb } = chain.chip
  const inputs = { product, tcb: Object.values(tcb).join('.') }
  if (!isCpuOf(product, report.cpu)) return refuse('snp-product', inputs)
  if (!isSameChip(report, chain.chip)) return refuse('snp-chip', inputs)
  const reported = readTcb(report.reportedTcb, product)
  if (!reported || !isSame(reported, tcb)) return refuse('snp-certificate-tcb', inputs)
  const versions = [report.reportedTcb, report.committedTcb, report.currentTcb, report.launchTcb]
  const isRecent = versions.every((bytes) => {
    const version = readTcb(bytes, product)
    return version !== undefined && isAtLeast(version, policy.snp.minTcb[product])
  })
  return isRecent ? accept(true, inputs) : refuse('snp-tcb', inputs)
}

/** Checks what the guest may do, and what may be done to it. */
export function checkGuest(report: SnpReport, policy: Policy): Checked<true> {
  const { guestPolicy } = report
  const { platformSet, platformClear } = policy.snp
  const inputs = {
    guestPolicy: guestPolicy.toString(16),
    vmpl: report.vmpl,
    platformInfo: report.platformInfo,
  }
  if ((guestPolicy & GUEST.debug) !== 0n) return refuse('guest-debug', inputs)
  if ((guestPolicy & GUEST.migration) !== 0n) return refuse('guest-migration', inputs)
  const isReservedSet = guestPolicy >> GUEST.reservedFrom !== 0n || (guestPolicy & GUEST.reservedOne) === 0n
  if (isReservedSet || (guestPolicy & GUEST.cxl) !== 0n) return refuse('guest-policy', inputs)
  if (report.vmpl !== 0) return refuse('guest-vmpl', inputs)
  // Bits above the low byte are reserved.
  const isKnown = report.platformInfo < 256
  if (
    !isKnown ||
    (report.platformInfo & platformSet) !== platformSet ||
    (report.platformInfo & platformClear) !== 0
  ) {
    return refuse('guest-platform', inputs)
  }
  return accept(true, inputs)
}

/** Checks what booted against the policy's releases. SEV-SNP has no registers that run on: an event log must be empty. */
export function checkSnpMeasurement(
  report: SnpReport,
  statement: Statement,
  log: EventLog,
  policy: Policy,
): Checked<true> {
  const launch = toHex(report.measurement)
  const booted = policy.releases.filter((release) => release.launch.includes(launch))
  if (booted.length === 0) return refuse('release', { launch })
  const release = booted.find((one) => one.image === statement.image)
  const inputs = { launch, release: release?.name ?? '' }
  if (log.length > 0) return refuse('event-log', inputs)
  return release ? accept(true, inputs) : refuse('image', inputs)
}

function isSame(one: SnpTcb, other: SnpTcb): boolean {
  return isAtLeast(one, other) && isAtLeast(other, one)
}
