import * as z from 'zod/mini'
import { type Bytes, utf8 } from '../../bytes.ts'
import { canonicalJson } from '../../canonical-json.ts'
import { areSealKeys, sealKeysSchema } from '../../sealed/seal-keys.ts'
import { digest, hexText, momentMs } from '../fields.ts'
import { readStrict } from '../read-strict.ts'

/** Largest statement that is read. */
export const MAX_STATEMENT_BYTES = 16_384

/**
 * What a runner says of itself, and its quote proves: hashed as carried. Only these members, none of them twice.
 * Times are Unix ms, keys raw.
 */
export const statementSchema = z.strictObject({
  version: z.literal(1),
  network: z.string().check(z.maxLength(32)),
  /** SHA-256 of `signingKey`. */
  runnerId: digest,
  /** Ed25519: signs receipts. Made at boot, kept in memory alone. */
  signingKey: hexText(32),
  /** Who is paid. */
  owner: z.string().check(z.maxLength(64)),
  /** What prompts are sealed to for an hour. */
  kem: sealKeysSchema,
  notBeforeMs: momentMs,
  expiresAtMs: momentMs,
  /** A public value that nobody knew before it was published: how old this can be at most. Hex. */
  beacon: hexText(32),
  /** SHA-256 that the image was published under. */
  image: digest,
  models: z
    .array(z.strictObject({ id: z.string().check(z.maxLength(96)), manifestDigest: digest }))
    .check(z.minLength(1), z.maxLength(32)),
  /** How many GPUs, and whether their confidential mode is on, as the driver inside the TEE says. */
  gpu: z.strictObject({
    count: z.int().check(z.minimum(0), z.maximum(16)),
    mode: z.enum(['on', 'devtools', 'off']),
  }),
  /** Sizes in bytes that pieces of an answer are padded to, from the smallest. */
  paddingBuckets: z
    .array(z.int().check(z.minimum(1), z.maximum(65_536)))
    .check(z.minLength(1), z.maxLength(8)),
})
export type Statement = z.infer<typeof statementSchema>

/** Writes a statement. Any other spelling that can be read is as good: what counts are the bytes that were hashed. */
export function writeStatement(statement: Statement): Bytes {
  return utf8(canonicalJson(statement))
}

/** Reads a statement; undefined where a member is unknown, missing or there twice, or the sealing key has a wrong size. */
export function parseStatement(bytes: Bytes): Statement | undefined {
  if (bytes.length > MAX_STATEMENT_BYTES) return undefined
  const statement = readStrict(statementSchema, bytes)
  if (!statement) return undefined
  return areSealKeys(statement.kem) ? statement : undefined
}
