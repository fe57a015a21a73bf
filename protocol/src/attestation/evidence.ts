import * as z from 'zod/mini'
import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url, utf8 } from '../bytes.ts'
import { base64UrlText } from './fields.ts'
import { MAX_DEVICES_BYTES } from './nvidia/devices.ts'
import { evidenceDigest } from './policy/binding.ts'
import { type EvidenceFormat, formatSchema, isSimulatedFormat } from './policy/policy.ts'
import { MAX_STATEMENT_BYTES, parseStatement, type Statement } from './policy/statement.ts'
import { readStrict } from './read-strict.ts'
import { accept, type Checked, refuse } from './reasons.ts'
import { type SnpCollateral, snpCollateralSchema } from './snp/collateral.ts'
import { type TdxCollateral, tdxCollateralSchema } from './tdx/collateral.ts'
import { type EventLog, eventLogSchema } from './tdx/event-log.ts'
import { MAX_QUOTE_BYTES } from './tdx/quote.ts'

/** Largest evidence that is read. */
export const MAX_EVIDENCE_BYTES = 1_048_576

/** What a runner shows to prove where it runs, as it is carried. Bytes are base64url. */
export const evidenceSchema = z.strictObject({
  version: z.literal(1),
  format: formatSchema,
  statement: base64UrlText(MAX_STATEMENT_BYTES),
  /** A TDX quote or a SEV-SNP report. */
  quote: base64UrlText(MAX_QUOTE_BYTES),
  /** `tdxCollateralSchema` or `snpCollateralSchema`. */
  collateral: z.union([tdxCollateralSchema, snpCollateralSchema]),
  eventLog: eventLogSchema,
  /** What the GPUs signed: `devicesSchema`. */
  devices: base64UrlText(MAX_DEVICES_BYTES),
})

/** Evidence taken apart. Nothing in it is verified yet. */
export type Evidence = {
  readonly statement: Statement
  readonly statementBytes: Bytes
  readonly devicesBytes: Bytes
  readonly quoteBytes: Bytes
  readonly eventLog: EventLog
  /** SHA-256("e2e/1 evidence" ‖ S ‖ D ‖ SHA-256(quote)), hex. */
  readonly digest: string
  readonly format: EvidenceFormat
} & (
  | { readonly tee: 'tdx'; readonly collateral: TdxCollateral }
  | { readonly tee: 'sev-snp'; readonly collateral: SnpCollateral }
)

/** The parts of evidence before they are written. */
export type EvidenceParts = {
  readonly format: EvidenceFormat
  readonly statement: Bytes
  readonly quote: Bytes
  readonly collateral: TdxCollateral | SnpCollateral
  readonly eventLog: EventLog
  readonly devices: Bytes
}

/** Writes evidence as it is carried. */
export function writeEvidence(parts: EvidenceParts): Bytes {
  const { format, collateral, eventLog } = parts
  const [statement, quote, devices] = [parts.statement, parts.quote, parts.devices].map(toCanonicalBase64Url)
  return utf8(JSON.stringify({ version: 1, format, statement, quote, collateral, eventLog, devices }))
}

/** Takes evidence apart: sizes, strict JSON, canonical base64url, and a statement that can be read. */
export async function parseEvidence(document: Bytes): Promise<Checked<Evidence>> {
  const size = { bytes: document.length }
  if (document.length > MAX_EVIDENCE_BYTES) return refuse('evidence-too-large', size)
  const carried = readStrict(evidenceSchema, document)
  if (!carried) return refuse('evidence-malformed', size)
  const { format, eventLog, collateral } = carried
  const inputs = { ...size, format }
  const statementBytes = fromCanonicalBase64Url(carried.statement)
  const quoteBytes = fromCanonicalBase64Url(carried.quote)
  const devicesBytes = fromCanonicalBase64Url(carried.devices)
  if (!statementBytes || !quoteBytes || !devicesBytes) return refuse('evidence-malformed', inputs)
  const statement = parseStatement(statementBytes)
  if (!statement) return refuse('statement-malformed', inputs)
  const digest = await evidenceDigest(statementBytes, devicesBytes, quoteBytes)
  const parts = { format, statement, statementBytes, devicesBytes, quoteBytes, eventLog, digest }
  const known = { ...inputs, evidenceDigest: digest }
  const isTdx = format === 'tdx' || format === 'sim-tdx'
  if (isTdx && 'tcbInfo' in collateral) return accept({ ...parts, tee: 'tdx', collateral }, known)
  if (!isTdx && 'crl' in collateral) return accept({ ...parts, tee: 'sev-snp', collateral }, known)
  return refuse('collateral-malformed', known)
}

/** Whether evidence comes from the simulated TEE. */
export function isSimulatedEvidence(evidence: Evidence): boolean {
  return isSimulatedFormat(evidence.format)
}
