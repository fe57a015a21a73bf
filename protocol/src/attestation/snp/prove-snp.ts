import {
  checkCarriedList,
  findRevokedBy,
  type HardwareRules,
  type HardwareSubject,
  type ProvenHardware,
} from '../hardware.ts'
import { platformIdOf } from '../policy/binding.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import type { StepLog } from '../verification-document.ts'
import { type ChipChain, checkChipChain } from './check-chain.ts'
import { checkGuest, checkSnpMeasurement, checkSnpSignature, checkSnpTcb } from './check-report.ts'
import type { SnpCollateral } from './collateral.ts'
import { parseSnpReport } from './report.ts'

/** Runs steps 3 to 10 on a SEV-SNP report. Gives undefined as soon as one refuses. */
export async function proveSnp(
  log: StepLog,
  subject: HardwareSubject<SnpCollateral>,
  rules: HardwareRules,
): Promise<ProvenHardware | undefined> {
  const { policy, nowMs } = rules
  const { collateral, statement, eventLog } = subject
  const report = await log.run('quote', () => parseSnpReport(subject.quoteBytes))
  const chain =
    report && (await log.run('chain', () => checkChipChain(collateral.chain, rules.roots.amd, nowMs)))
  const list = chain && (await log.run('revocation', () => checkLists(collateral, chain, rules)))
  if (!report || !chain || !list) return undefined
  log.skip('collateral', 'SEV-SNP has no TCB document: the policy states the lowest versions')
  const isProven =
    (await log.run('signature', () => checkSnpSignature(report, chain))) &&
    (await log.run('tcb', () => checkSnpTcb(report, chain, policy))) &&
    (await log.run('attributes', () => checkGuest(report, policy))) &&
    (await log.run('measurements', () => checkSnpMeasurement(report, statement, eventLog, policy)))
  if (!isProven) return undefined
  return {
    reportData: report.reportData,
    platformId: await platformIdOf(report.chipId),
    untilMs: Math.min(chain.untilMs, list.untilMs),
  }
}

async function checkLists(
  collateral: SnpCollateral,
  chain: ChipChain,
  rules: HardwareRules,
): Promise<Checked<{ readonly untilMs: number }>> {
  const list = await checkCarriedList(collateral.crl, chain.root, rules.nowMs)
  if (!list.ok) return list
  const revoked = await findRevokedBy(chain.certificates, [list.value], rules.policy)
  if (revoked) return refuse('certificate-revoked', { ...list.inputs, serial: revoked.serial })
  return accept({ untilMs: list.value.nextUpdateMs }, list.inputs)
}
