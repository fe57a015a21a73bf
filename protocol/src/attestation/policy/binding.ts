import { type Bytes, concatBytes, utf8 } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { sha256, sha512 } from '../signatures.ts'

/** Bytes of a client's challenge. */
export const CHALLENGE_BYTES = 32

/** How a client bounds the age of evidence from below: its own fresh challenge, or beacons whose age it knows. */
export type Freshness =
  | { readonly kind: 'challenge'; readonly challenge: Bytes }
  | { readonly kind: 'beacon'; readonly beacons: readonly Beacon[] }

/** A public value and when it was published, from a source that the client trusts, such as TON's masterchain. */
export type Beacon = { readonly value: string; readonly publishedAtMs: number }

/** The hashes that tie a statement, the devices' evidence and a quote together. */
export type Binding = {
  /** S. */
  readonly statementDigest: Bytes
  /** D. */
  readonly devicesDigest: Bytes
  readonly gpuNonce: Bytes
  readonly reportData: Bytes
}

/** N of a beacon: SHA-256("beacon" ‖ value). */
export function beaconNonce(value: Bytes): Promise<Bytes> {
  return sha256(utf8('beacon'), value)
}

/** What a GPU must sign for a statement: SHA-256("e2e/1 gpu" ‖ N ‖ S). */
export function gpuNonceOf(nonce: Bytes, statementDigest: Bytes): Promise<Bytes> {
  return sha256(utf8('e2e/1 gpu'), nonce, statementDigest)
}

/** Ties the parts together: report_data = SHA-512("e2e/1 report-data" ‖ N ‖ S ‖ D), 64 bytes for TDX and SEV-SNP. */
export async function bindEvidence(nonce: Bytes, statement: Bytes, devices: Bytes): Promise<Binding> {
  const statementDigest = await sha256(statement)
  const devicesDigest = await sha256(devices)
  const label = utf8('e2e/1 report-data')
  return {
    statementDigest,
    devicesDigest,
    gpuNonce: await gpuNonceOf(nonce, statementDigest),
    reportData: await sha512(label, nonce, statementDigest, devicesDigest),
  }
}

/** Names one piece of evidence: SHA-256("e2e/1 evidence" ‖ S ‖ D ‖ SHA-256(quote)), hex. */
export async function evidenceDigest(statement: Bytes, devices: Bytes, quote: Bytes): Promise<string> {
  const parts = [await sha256(statement), await sha256(devices), await sha256(quote)]
  return toHex(await sha256(utf8('e2e/1 evidence'), concatBytes(...parts)))
}

/** Names one machine without showing its serial: SHA-256("e2e/1 platform" ‖ PPID or CHIP_ID), hex. */
export async function platformIdOf(hardwareId: Bytes): Promise<string> {
  return toHex(await sha256(utf8('e2e/1 platform'), hardwareId))
}
