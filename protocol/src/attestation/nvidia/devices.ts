import * as z from 'zod/mini'
import { type Bytes, fromBase64, readUtf8 } from '../../bytes.ts'
import type { Certificate } from '../der/certificate.ts'
import { parseChain } from '../der/certificate-chain.ts'
import { readStrict } from '../read-strict.ts'
import { parseSpdmReport, type SpdmReport } from './spdm-report.ts'

/** Largest evidence of all devices together: 16 GPUs of some 12 KB. */
export const MAX_DEVICES_BYTES = 262_144

/** The list `evidences` that `nvattest collect-evidence` prints, hashed as carried. */
export const devicesSchema = z
  .array(
    z.strictObject({
      arch: z.enum(['HOPPER', 'BLACKWELL']),
      nonce: z.string().check(z.regex(/^[0-9a-fA-F]{64}$/)),
      /** The report, base64. */
      evidence: z.string().check(z.maxLength(22_000)),
      /** The chain as PEM text, base64. */
      certificate: z.string().check(z.maxLength(22_000)),
    }),
  )
  .check(z.maxLength(16))

/** One GPU's evidence taken apart. Nothing in it is verified yet. */
export type GpuEvidence = {
  readonly architecture: 'HOPPER' | 'BLACKWELL'
  readonly report: SpdmReport
  readonly chain: readonly Certificate[]
}

/** Reads the devices' evidence; undefined where one part of one device cannot be read. */
export function parseDevices(bytes: Bytes): readonly GpuEvidence[] | undefined {
  if (bytes.length > MAX_DEVICES_BYTES) return undefined
  const gpus = readStrict(devicesSchema, bytes)?.map((device) => {
    const evidence = fromBase64(device.evidence)
    const certificate = fromBase64(device.certificate)
    const pem = certificate && readUtf8(certificate)
    const report = evidence && parseSpdmReport(evidence)
    const chain = pem === undefined ? undefined : parseChain(pem)
    return report && chain && { architecture: device.arch, report, chain }
  })
  return gpus?.every((gpu) => gpu !== undefined) ? gpus : undefined
}
