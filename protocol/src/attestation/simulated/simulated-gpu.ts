import { type Bytes, concatBytes, toBase64, utf8 } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { fromKnownHex, integer, octets, oid, sequence } from '../der/der-writer.ts'
import type { GpuProfile } from '../policy/policy.ts'
import { sha256Of } from '../signatures.ts'
import { makeSigningKey, type SigningKey, signRaw } from './signing-keys.ts'
import { simulatedValidity } from './simulated-pki.ts'
import { number } from './simulated-quote.ts'
import { writeCertificate, writePemBytes } from './write-certificate.ts'

/** A GPU of the simulation: its chain from the leaf to the simulated root. */
export type SimulatedGpu = { readonly key: SigningKey; readonly chain: readonly Bytes[] }

/** GPUs that end in one root. */
export type SimulatedGpus = { readonly gpus: readonly SimulatedGpu[]; readonly rootDigest: string }

/** What a GPU reports. Every part can be another one, to see that it is refused. */
export type GpuReportPlan = {
  readonly nonce: Bytes
  readonly firmwareId?: string
  readonly driver?: string
  readonly featureFlag?: number
  readonly firstDigest?: string
  readonly blocks?: number
  readonly signer?: SigningKey
}

const FIRMWARE_ID = '5f'.repeat(48)
const DRIVER = 'SIMULATED 1.0'
const VBIOS = '53494d0000000001'
const HARDWARE = 'GH100 SIMULATED BROM'
const BLOCKS = 8
const DIGEST = '5d'.repeat(48)
const LEAF = 'GH100 SIMULATED LEAF'
const ROOT = 'SIMULATED GPU Root CA'
/** From the root down to the GPU's own authority. */
const AUTHORITIES = ['SIMULATED GPU Identity', 'SIMULATED GPU Provisioner', HARDWARE] as const

/** The profile that a policy lists for the simulated GPU. */
export const SIMULATED_GPU_PROFILE: GpuProfile = {
  name: 'SIMULATED GPU',
  hardware: HARDWARE,
  driver: DRIVER,
  vbios: VBIOS,
  modes: ['single'],
  blocks: BLOCKS,
  measurements: Array.from({ length: BLOCKS }, (_, index) => ({ index: index + 1, digests: [DIGEST] })),
}

/** Makes so many GPUs. `leafUntilMs`: when their own certificates end. */
export async function makeSimulatedGpus(
  nowMs: number,
  plan: { readonly count: number; readonly leafUntilMs?: number },
): Promise<SimulatedGpus> {
  const dates = simulatedValidity(nowMs)
  const { issuerKey, chain } = await makeAuthorities(nowMs)
  const gpus: SimulatedGpu[] = []
  for (let index = 0; index < plan.count; index += 1) {
    const key = await makeSigningKey('ecdsa-sha384')
    const leaf = await writeCertificate({
      ...dates,
      notAfterMs: plan.leafUntilMs ?? dates.notAfterMs,
      subject: LEAF,
      issuer: HARDWARE,
      serial: 100 + index,
      key,
      issuerKey,
      isAuthority: false,
      extensions: [{ oid: '2.23.133.5.4.1', value: deviceId(key) }],
    })
    gpus.push({ key, chain: [leaf, ...chain] })
  }
  return { gpus, rootDigest: await sha256Of(chain.at(-1) ?? new Uint8Array()) }
}

/** The authorities from the GPU's own one to the root, and the key of the first. */
async function makeAuthorities(nowMs: number) {
  let issuerKey = await makeSigningKey('ecdsa-sha384')
  let issuer: string = ROOT
  const chain: Bytes[] = []
  for (const [level, subject] of [ROOT, ...AUTHORITIES].entries()) {
    // The root is the first, and issues itself.
    const key = level === 0 ? issuerKey : await makeSigningKey('ecdsa-sha384')
    const plan = { subject, issuer, serial: level + 1, key, issuerKey, isAuthority: true }
    chain.unshift(await writeCertificate({ ...simulatedValidity(nowMs), ...plan }))
    issuer = subject
    issuerKey = key
  }
  return { issuerKey, chain }
}

function deviceId(key: SigningKey): Bytes {
  return sequence(
    integer(1),
    key.spki,
    sequence(oid('2.16.840.1.101.3.4.2.2'), octets(fromKnownHex(FIRMWARE_ID))),
  )
}

/** One GPU's signed report: the request, the response and its signature. */
export async function simulateGpuReport(gpu: SimulatedGpu, plan: GpuReportPlan): Promise<Bytes> {
  const blocks = plan.blocks ?? BLOCKS
  const record = concatBytes(...Array.from({ length: blocks }, (_, index) => blockOf(index, plan)))
  const opaque = concatBytes(
    field(3, utf8(`${plan.driver ?? DRIVER}\0`)),
    field(6, fromKnownHex(VBIOS)),
    field(20, fromKnownHex(plan.firmwareId ?? FIRMWARE_ID)),
    field(36, number(plan.featureFlag ?? 1, 2)),
  )
  const signed = concatBytes(
    new Uint8Array([0x11, 0xe0, 0x01, 0xff]),
    plan.nonce,
    new Uint8Array(1),
    new Uint8Array([0x11, 0x60, 0, 0, blocks]),
    number(record.length, 3),
    record,
    new Uint8Array(32),
    number(opaque.length, 2),
    opaque,
  )
  return concatBytes(signed, await signRaw(plan.signer ?? gpu.key, signed))
}

function blockOf(index: number, plan: GpuReportPlan): Bytes {
  const digest = fromKnownHex(index === 0 ? (plan.firstDigest ?? DIGEST) : DIGEST)
  return concatBytes(
    new Uint8Array([index + 1, 1]),
    number(digest.length + 3, 2),
    new Uint8Array([1]),
    number(digest.length, 2),
    digest,
  )
}

function field(type: number, value: Bytes): Bytes {
  return concatBytes(number(type, 2), number(value.length, 2), value)
}

/** The devices' evidence as `nvattest` prints it, from one report for each GPU. */
export async function simulateDevices(gpus: readonly SimulatedGpu[], plan: GpuReportPlan): Promise<Bytes> {
  const devices = await Promise.all(
    gpus.map(async (gpu) => ({
      arch: 'HOPPER',
      certificate: toBase64(writePemBytes(gpu.chain)),
      evidence: toBase64(await simulateGpuReport(gpu, plan)),
      nonce: toHex(plan.nonce),
    })),
  )
  return utf8(JSON.stringify(devices))
}
