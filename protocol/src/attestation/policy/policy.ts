import * as z from 'zod/mini'
import { type Bytes, fromCanonicalBase64Url } from '../../bytes.ts'
import { base64UrlText, digest, hexText, label, measurement, momentMs } from '../fields.ts'
import { readStrict } from '../read-strict.ts'
import { TCB_STATUSES } from '../tdx/check-tcb.ts'

/** How evidence can look. `sim-*` comes from the simulated TEE and proves nothing. */
export const formatSchema = z.enum(['tdx', 'sev-snp', 'sim-tdx', 'sim-sev-snp'])
export type EvidenceFormat = z.infer<typeof formatSchema>

/** Largest policy that is read, signatures included. */
export const MAX_POLICY_BYTES = 393_216
/** Most signatures of one policy. */
const MAX_SIGNATURES = 16

const svn = z.int().check(z.minimum(0), z.maximum(255))
const snpTcbSchema = z.strictObject({
  /** Turin alone has one; 0 on Genoa. */
  fmc: svn,
  bootloader: svn,
  tee: svn,
  snp: svn,
  microcode: svn,
})
export type SnpTcb = z.infer<typeof snpTcbSchema>

const gpuProfileSchema = z.strictObject({
  name: label,
  /** Common name of the GPU's own authority, such as `GH100 A01 GSP BROM`. */
  hardware: label,
  driver: label,
  /** VBIOS version as the report writes it, 8 bytes in hex. */
  vbios: hexText(8),
  /** How the GPU may be shared; `unstated`: firmware that does not say. */
  modes: z.array(z.enum(['single', 'multiple', 'protected-pcie', 'unstated'])).check(z.minLength(1)),
  /** How many measurements a report has. */
  blocks: z.int().check(z.minimum(1), z.maximum(255)),
  /** What each index may hold. Indices that are not listed differ from one GPU to the next. */
  measurements: z
    .array(
      z.strictObject({
        index: z.int().check(z.minimum(1), z.maximum(255)),
        digests: z.array(measurement).check(z.minLength(1), z.maxLength(8)),
      }),
    )
    .check(z.minLength(1), z.maxLength(255)),
})
export type GpuProfile = z.infer<typeof gpuProfileSchema>

/** The roots of one simulated TEE. Only networks whose names begin with `sim-` may have them. */
const simulatedRootsSchema = z.strictObject({
  intel: digest,
  amd: z.optional(z.strictObject({ ark: digest, ask: digest })),
  nvidia: digest,
})
export type SimulatedRoots = z.infer<typeof simulatedRootsSchema>

/** The rules by which evidence is judged, for at most 7 days. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  network: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/)),
  seq: z.int().check(z.minimum(1)),
  /** SHA-256 of the policy before this one; 64 zeros for the first. */
  prev: digest,
  issuedAtMs: momentMs,
  expiresAtMs: momentMs,
  formats: z.array(formatSchema).check(z.minLength(1), z.maxLength(4)),
  simulatedRoots: z.optional(simulatedRootsSchema),
  minTcbEvaluationNumber: z.int().check(z.minimum(0)),
  /** Statuses other than `UpToDate` that pass until a day, with the advisories that were weighed. */
  allowedTcb: z
    .array(
      z.strictObject({
        status: z
          .enum(TCB_STATUSES)
          .check(z.refine((status) => status !== 'UpToDate' && status !== 'Revoked')),
        advisories: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(64)),
        untilMs: momentMs,
      }),
    )
    .check(z.maxLength(32)),
  /** Firmware and virtual hardware of TDX machines. */
  hardware: z
    .array(z.strictObject({ name: label, mrTd: measurement, rtmr0: measurement }))
    .check(z.maxLength(256)),
  /** Images that were published. `launch`: the whole launch of a SEV-SNP guest, one for each number of processors. */
  releases: z
    .array(
      z.strictObject({
        name: label,
        image: digest,
        rtmr1: measurement,
        rtmr2: measurement,
        launch: z.array(measurement).check(z.maxLength(64)),
      }),
    )
    .check(z.minLength(1), z.maxLength(64)),
  snp: z.strictObject({
    minTcb: z.strictObject({ genoa: snpTcbSchema, turin: snpTcbSchema }),
    /** Bits of PLATFORM_INFO that must be set, and that must not be. */
    platformSet: z.int().check(z.minimum(0), z.maximum(255)),
    platformClear: z.int().check(z.minimum(0), z.maximum(255)),
  }),
  gpu: z.strictObject({
    minCount: z.int().check(z.minimum(0), z.maximum(16)),
    maxCount: z.int().check(z.minimum(0), z.maximum(16)),
    profiles: z.array(gpuProfileSchema).check(z.maxLength(64)),
  }),
  revoked: z.strictObject({
    runners: z.array(digest).check(z.maxLength(4096)),
    platforms: z.array(digest).check(z.maxLength(4096)),
    /** SHA-256 of the DER of certificates, such as those of a GPU that NVIDIA put on hold. */
    certificates: z.array(digest).check(z.maxLength(4096)),
  }),
  /** Machines whose custody somebody checked, for tiers that demand it: `platformId`s. */
  platforms: z.array(digest).check(z.maxLength(4096)),
})
export type Policy = z.infer<typeof policySchema>

const signedPolicySchema = z.strictObject({
  /** The policy's text, base64url: what was signed, byte for byte. */
  policy: base64UrlText(MAX_POLICY_BYTES),
  signatures: z
    .array(z.strictObject({ signer: hexText(32), signature: base64UrlText(64) }))
    .check(z.minLength(1), z.maxLength(MAX_SIGNATURES)),
})

/** A policy as it is carried. Its signatures are not checked yet. */
export type SignedPolicy = {
  readonly policy: Policy
  readonly bytes: Bytes
  readonly signatures: readonly { readonly signer: string; readonly signature: Bytes }[]
}

/** Reads a signed policy; undefined where a member is unknown, missing or there twice. */
export function parseSignedPolicy(document: Bytes): SignedPolicy | undefined {
  if (document.length > MAX_POLICY_BYTES) return undefined
  const carried = readStrict(signedPolicySchema, document)
  const bytes = carried && fromCanonicalBase64Url(carried.policy)
  const policy = bytes && readStrict(policySchema, bytes)
  if (!policy) return undefined
  const signatures = carried.signatures.flatMap(({ signer, signature }) => {
    const signed = fromCanonicalBase64Url(signature)
    return signed ? [{ signer, signature: signed }] : []
  })
  return { policy, bytes, signatures }
}

/** Whether a network may know the simulated TEE. All others are production. */
export function isSimulatedNetwork(network: string): boolean {
  return network.startsWith('sim-')
}

/** Whether a format comes from the simulated TEE. */
export function isSimulatedFormat(format: EvidenceFormat): boolean {
  return format.startsWith('sim-')
}
