import * as z from 'zod/mini'
import { digest, momentMs } from '../attestation/fields.ts'
import { readStrict } from '../attestation/read-strict.ts'
import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url, utf8 } from '../bytes.ts'
import { canonicalJson, toHex } from '../canonical-json.ts'
import { type SigningKey, signText, verifyEd25519 } from '../ed25519.ts'
import { runnerIdOf } from '../ids.ts'
import { sha256 } from './hashes.ts'
import { areSealKeys, sealKeysSchema } from './seal-keys.ts'

const DOCUMENT_BYTES_MAX = 16_384
/** Longest life of an announcement: an epoch and its overlaps. */
export const PAIRED_KEYS_MS_MAX = 2 * 60 * 60_000

/** What a paired runner says of the keys that its owner's requests are sealed to. Only these members. */
export const pairedKeysSchema = z.strictObject({
  version: z.literal(1),
  /** `run_…`, which follows from `signingKey`. */
  runnerId: z.string().check(z.maxLength(80)),
  /** The runner's Ed25519 identity, base64url: signs this and its receipts. */
  signingKey: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  kem: sealKeysSchema,
  notBeforeMs: momentMs,
  expiresAtMs: momentMs,
  models: z
    .array(z.strictObject({ id: z.string().check(z.maxLength(96)), manifestDigest: digest }))
    .check(z.minLength(1), z.maxLength(32)),
})
export type PairedKeys = z.infer<typeof pairedKeysSchema>

const carriedSchema = z.strictObject({
  /** What was signed, byte for byte, base64url. */
  keys: z.string().check(z.maxLength(DOCUMENT_BYTES_MAX)),
  signature: z.string().check(z.maxLength(128)),
})

/** Why an announcement is not taken. */
export type PairedKeysFault =
  | 'keys-malformed'
  | 'keys-signature'
  | 'keys-runner'
  | 'keys-not-yet-valid'
  | 'keys-expired'
  | 'keys-window'

export type CheckedPairedKeys =
  | { readonly ok: true; readonly keys: PairedKeys; readonly digest: string; readonly signingKey: Bytes }
  | { readonly ok: false; readonly reason: PairedKeysFault }

/** Signs an announcement; the result is what a client reads. */
export async function signPairedKeys(privateKey: SigningKey, keys: PairedKeys): Promise<Bytes> {
  const text = canonicalJson(keys)
  const signature = await signText(privateKey, LABEL + text)
  return utf8(JSON.stringify({ keys: toCanonicalBase64Url(utf8(text)), signature }))
}

/**
 * Checks an announcement. It is believed because it is signed by the runner whose id was confirmed on this device; whoever
 * carries it cannot change it. `digest` stands where a TEE's evidence digest does.
 */
export async function checkPairedKeys(document: Bytes, nowMs: number): Promise<CheckedPairedKeys> {
  if (document.length > DOCUMENT_BYTES_MAX) return refuse('keys-malformed')
  const carried = readStrict(carriedSchema, document)
  const bytes = carried && fromCanonicalBase64Url(carried.keys)
  const keys = bytes && readStrict(pairedKeysSchema, bytes)
  const signingKey = keys && fromCanonicalBase64Url(keys.signingKey)
  const signature = carried && fromCanonicalBase64Url(carried.signature)
  if (!bytes || !signingKey || !signature || !areSealKeys(keys.kem)) return refuse('keys-malformed')
  const text = LABEL + new TextDecoder().decode(bytes)
  if (!(await verifyEd25519(signingKey, signature, text))) return refuse('keys-signature')
  if ((await runnerIdOf(signingKey)) !== keys.runnerId) return refuse('keys-runner')
  // NaN is no clock: only what is known to be in time passes.
  if (!(nowMs >= keys.notBeforeMs)) return refuse('keys-not-yet-valid')
  if (!(nowMs <= keys.expiresAtMs)) return refuse('keys-expired')
  if (keys.expiresAtMs - keys.notBeforeMs > PAIRED_KEYS_MS_MAX) return refuse('keys-window')
  return { ok: true, keys, digest: await pairedDigest(bytes), signingKey }
}

const LABEL = 'e2e/1 paired'

async function pairedDigest(bytes: Bytes): Promise<string> {
  return toHex(await sha256(utf8(LABEL), await sha256(bytes)))
}

function refuse(reason: PairedKeysFault): CheckedPairedKeys {
  return { ok: false, reason }
}
