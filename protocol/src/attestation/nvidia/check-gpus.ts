import { type Bytes, sameBytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { chainEndMs, findChainFault } from '../der/certificate-chain.ts'
import { findRevokedBy } from '../hardware.ts'
import type { GpuProfile, Policy } from '../policy/policy.ts'
import type { Statement } from '../policy/statement.ts'
import { accept, type Checked, type ReasonCode, refuse, type StepInputs } from '../reasons.ts'
import { verifySignature } from '../signatures.ts'
import { type GpuEvidence, parseDevices } from './devices.ts'
import { firmwareIdOf } from './firmware-id.ts'
import type { SpdmReport } from './spdm-report.ts'

/** Leaf, the GPU's own authority, provisioner, family, root. */
const CHAIN_LENGTH = 5
/** How the names of each architecture's chips begin. */
const CHIPS = { HOPPER: 'GH', BLACKWELL: 'GB' } as const

/** By what the devices are judged. */
export type GpuRules = {
  readonly policy: Policy
  /** SHA-256 of NVIDIA's root certificate. */
  readonly root: string
  /** What every report must answer. */
  readonly nonce: Bytes
  readonly nowMs: number
}

/** What the devices proved, and until when their certificates hold. */
export type GpuVerdict = { readonly untilMs: number; readonly profiles: readonly string[] }

/**
 * Checks the GPUs: as many different ones as the statement says, each with a fresh signed report of its own, firmware
 * that its certificate was made for, and measurements that the policy lists.
 */
export async function checkGpus(
  devices: Bytes,
  statement: Statement,
  rules: GpuRules,
): Promise<Checked<GpuVerdict>> {
  const { gpu: wanted } = rules.policy
  const { count, mode } = statement.gpu
  const stated = { count, mode }
  // A GPU with developer tools on, or without its confidential mode, still signs reports.
  if (count > 0 && mode !== 'on') return refuse('gpu-devtools', stated)
  const gpus = parseDevices(devices)
  if (!gpus) return refuse('gpu-malformed', stated)
  let untilMs = Number.POSITIVE_INFINITY
  const profiles: string[] = []
  for (const [index, gpu] of gpus.entries()) {
    const checked = await checkGpu(gpu, rules)
    if (!checked.ok) return refuse(checked.reason, { ...checked.inputs, gpu: index })
    untilMs = Math.min(untilMs, chainEndMs(gpu.chain))
    profiles.push(checked.value.name)
  }
  const inputs = { ...stated, found: gpus.length, profiles: profiles.join(', ') }
  const isCounted = gpus.length === count && count >= wanted.minCount && count <= wanted.maxCount
  if (!isCounted) return refuse('gpu-count', inputs)
  const leaves = new Set(gpus.map((gpu) => toHex(gpu.chain[0]?.der ?? new Uint8Array())))
  if (leaves.size !== count) return refuse('gpu-repeated', inputs)
  return accept({ untilMs, profiles }, inputs)
}

/** Checks one GPU. Gives the profile that it fits. */
export async function checkGpu(gpu: GpuEvidence, rules: GpuRules): Promise<Checked<GpuProfile>> {
  const { report, chain } = gpu
  const [leaf, authority] = chain
  const inputs = {
    architecture: gpu.architecture,
    hardware: authority?.commonName ?? '',
    driver: report.driver ?? '',
    vbios: report.vbios ? toHex(report.vbios) : '',
    mode: report.mode ?? '',
  }
  if (!leaf || !authority) return refuse('gpu-malformed', inputs)
  if (!sameBytes(report.nonce, rules.nonce)) return refuse('gpu-nonce', inputs)
  if (!(await isSignedReport(gpu))) return refuse('gpu-signature', inputs)
  const fault = await findGpuChainFault(gpu, rules)
  if (fault) return refuse('gpu-chain', { ...inputs, fault })
  if (await findRevokedBy(chain, [], rules.policy)) return refuse('gpu-revoked', inputs)
  const firmwareId = firmwareIdOf(leaf)
  if (!firmwareId || !report.firmwareId || !sameBytes(firmwareId, report.firmwareId)) {
    return refuse('gpu-firmware-id', inputs)
  }
  return checkProfile(report, rules.policy.gpu.profiles, inputs)
}

/** Whether the leaf's key signed the report. */
export async function isSignedReport({ report, chain }: GpuEvidence): Promise<boolean> {
  const key = chain[0]?.key
  if (key?.kind !== 'P-384') return false
  return verifySignature(key, 'ecdsa-sha384', report.signature, report.signed)
}

/** Why a GPU's chain does not lead to NVIDIA's root, or is another architecture's. */
export async function findGpuChainFault(
  { architecture, chain }: GpuEvidence,
  { root, nowMs }: Pick<GpuRules, 'root' | 'nowMs'>,
): Promise<ReasonCode | undefined> {
  const fault = await findChainFault(chain, { rootDigest: root, length: CHAIN_LENGTH }, nowMs)
  if (fault) return fault
  const names = chain.slice(0, 2).map((certificate) => certificate.commonName ?? '')
  return names.every((name) => name.startsWith(CHIPS[architecture])) ? undefined : 'chain-name'
}

function checkProfile(
  report: SpdmReport,
  profiles: readonly GpuProfile[],
  inputs: StepInputs,
): Checked<GpuProfile> {
  const fitting = profiles.filter(
    (profile) =>
      profile.hardware === inputs.hardware &&
      profile.driver === inputs.driver &&
      profile.vbios === inputs.vbios,
  )
  if (fitting.length === 0) return refuse('gpu-profile', inputs)
  const shared = fitting.filter((profile) => profile.modes.some((mode) => mode === report.mode))
  if (shared.length === 0) return refuse('gpu-mode', inputs)
  const sized = shared.filter((profile) => profile.blocks === report.measurements.size)
  if (sized.length === 0)
    return refuse('gpu-measurement-count', { ...inputs, blocks: report.measurements.size })
  const measured = sized.find((profile) =>
    profile.measurements.every(({ index, digests }) => {
      const value = report.measurements.get(index)
      return value !== undefined && digests.includes(toHex(value))
    }),
  )
  return measured
    ? accept(measured, { ...inputs, profile: measured.name })
    : refuse('gpu-measurement', inputs)
}
