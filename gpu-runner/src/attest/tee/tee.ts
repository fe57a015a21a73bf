import type { EvidenceParts } from '../../../../protocol/src/attestation/evidence.ts'
import type { Statement } from '../../../../protocol/src/attestation/policy/statement.ts'
import type { EventLog } from '../../../../protocol/src/attestation/tdx/event-log.ts'
import type { Bytes } from '../../../../protocol/src/bytes.ts'

/** What was made, or a reason word. Reasons name no files, addresses or keys. */
export type Made<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

/** Certificates and lists that come with a quote, and the moment at which the first of them ends. */
export type DatedCollateral = {
  readonly collateral: EvidenceParts['collateral']
  readonly untilMs: number
}

/** The TEE that this process runs in: what it can show of itself. */
export type Tee = {
  readonly format: EvidenceParts['format']
  /** GPUs as the driver inside the TEE sees them. */
  readonly readGpu: () => Promise<Made<Statement['gpu']>>
  /** What the image wrote into its register after it booted. */
  readonly readEventLog: () => Promise<Made<EventLog>>
  /** What so many GPUs sign for a nonce: `devicesSchema`, as bytes. */
  readonly collectDevices: (nonce: Bytes, count: number) => Promise<Made<Bytes>>
  /** What the processor signs for 64 bytes. */
  readonly quote: (reportData: Bytes) => Promise<Made<Bytes>>
  readonly readCollateral: (quote: Bytes) => Promise<Made<DatedCollateral>>
}

export function made<T>(value: T): Made<T> {
  return { ok: true, value }
}

export function notMade(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason }
}
