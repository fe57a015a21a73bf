import { accept, type Checked, refuse, type StepInputs } from '../reasons.ts'
import type { Collateral } from './check-collateral.ts'
import { fits, type QuotingEnclave } from './check-signatures.ts'
import type { TcbInfo } from './collateral.ts'
import type { PckPlatform } from './pck-extension.ts'
import type { TdReport } from './quote.ts'

/** Intel's words for a version, from the best; `Revoked` is never taken. */
export const TCB_STATUSES = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
  'Revoked',
] as const

/** A status that the policy lets pass for a while, with the advisories that were weighed. */
export type AllowedTcb = {
  readonly status: string
  readonly advisories: readonly string[]
  readonly untilMs: number
}

/** What Intel says of one part of the platform. */
type Level = { readonly part: string; readonly status: string; readonly advisories: readonly string[] }

/** What the platform's versions were checked to be, and until when an exception lets it pass. */
export type TcbVerdict = { readonly untilMs: number }

export type TcbSubject = {
  readonly platform: PckPlatform
  readonly td: TdReport
  readonly enclave: QuotingEnclave
}

/** Checks FMSPC, PCEID, the TCB level, the TDX module's identity and the statuses of all of them. */
export function checkTcb(
  subject: TcbSubject,
  collateral: Collateral,
  allowed: readonly AllowedTcb[],
  nowMs: number,
): Checked<TcbVerdict> {
  const { platform, td } = subject
  const { tcbInfo, qeIdentity } = collateral
  const inputs = { fmspc: platform.fmspc, pceid: platform.pceid }
  if (platform.fmspc !== tcbInfo.fmspc) return refuse('tcb-fmspc', { ...inputs, expected: tcbInfo.fmspc })
  if (platform.pceid !== tcbInfo.pceId) return refuse('tcb-pceid', { ...inputs, expected: tcbInfo.pceId })
  const enclave = qeIdentity.tcbLevels.find((level) => subject.enclave.svn >= level.tcb.isvsvn)
  if (!enclave) return refuse('tcb-qe-no-level', inputs)
  const levels: Level[] = [levelOf('quoting-enclave', enclave)]
  // With TDX 1.5 the module that runs may be newer than the one that launched the domain: both must be good.
  for (const svn of td.runningTcbSvn ? [td.teeTcbSvn, td.runningTcbSvn] : [td.teeTcbSvn]) {
    const found = tcbInfo.tcbLevels.find((level) => reaches(level.tcb, platform, svn))
    if (!found) return refuse('tcb-no-level', inputs)
    levels.push(levelOf('platform', found))
    const module = checkModule(td, svn, tcbInfo)
    if (!module.ok) return module
    if (module.value) levels.push(module.value)
  }
  return checkStatuses(levels, allowed, nowMs, inputs)
}

function levelOf(
  part: string,
  level: { readonly tcbStatus: string; readonly advisoryIDs: readonly string[] },
): Level {
  return { part, status: level.tcbStatus, advisories: level.advisoryIDs }
}

/**
 * Whether a platform reaches a level in every component. Where the module states its own major version (byte 1), its
 * bytes 0 and 1 are judged by the module's identity instead (Intel PCS API, TDX TCB evaluation).
 */
function reaches(
  level: TcbInfo['tcbLevels'][number]['tcb'],
  platform: PckPlatform,
  svn: Uint8Array,
): boolean {
  const first = svn[1] === 0 ? 0 : 2
  return (
    platform.pceSvn >= level.pcesvn &&
    level.sgxtcbcomponents.every((component, index) => (platform.components[index] ?? -1) >= component.svn) &&
    level.tdxtcbcomponents.every((component, index) => index < first || (svn[index] ?? -1) >= component.svn)
  )
}

function checkModule(td: TdReport, svn: Uint8Array, tcbInfo: TcbInfo): Checked<Level | undefined> {
  const [minor = 0, major = 0] = svn
  const id = `TDX_${major.toString(16).padStart(2, '0').toUpperCase()}`
  const identity = tcbInfo.tdxModuleIdentities.find((one) => one.id.toUpperCase() === id)
  if (major > 0 && !identity) return refuse('tdx-module-unknown', { module: id })
  const expected = major > 0 && identity ? identity : tcbInfo.tdxModule
  if (!fits(td.seamSigner, expected.mrsigner, 'ff'.repeat(48)))
    return refuse('tdx-module-signer', { module: id })
  if (!fits(td.seamAttributes, expected.attributes, expected.attributesMask)) {
    return refuse('tdx-module-attributes', { module: id })
  }
  if (major === 0 || !identity) return accept(undefined)
  const level = identity.tcbLevels.find((one) => minor >= one.tcb.isvsvn)
  return level ? accept(levelOf(id, level)) : refuse('tdx-module-no-level', { module: id, svn: minor })
}

function checkStatuses(
  levels: readonly Level[],
  allowed: readonly AllowedTcb[],
  nowMs: number,
  platform: StepInputs,
): Checked<TcbVerdict> {
  let untilMs = Number.POSITIVE_INFINITY
  const statuses = levels.map((level) => `${level.part}: ${level.status}`).join(', ')
  for (const level of levels) {
    const inputs = { ...platform, statuses, advisories: level.advisories.join(' ') }
    if (!TCB_STATUSES.some((status) => status === level.status)) return refuse('tcb-status-unknown', inputs)
    if (level.status === 'UpToDate') continue
    const exception = allowed.find(
      (one) =>
        one.status === level.status &&
        nowMs <= one.untilMs &&
        level.advisories.every((advisory) => one.advisories.includes(advisory)),
    )
    if (!exception || level.status === 'Revoked') return refuse('tcb-status', inputs)
    untilMs = Math.min(untilMs, exception.untilMs)
  }
  return accept({ untilMs }, { ...platform, statuses })
}
